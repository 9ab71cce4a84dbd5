"""Scenarios: views that were saved, to open, fork, compare and share."""

from dashboard import scenario_panels

scenario_panels.overview()
