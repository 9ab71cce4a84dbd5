"""The only cached seam: what pages ask, answered once per question; a module for each topic."""

from dashboard.services import coverage, engine, maps, prints, trust, warm

__all__ = ["coverage", "engine", "maps", "prints", "trust", "warm"]
