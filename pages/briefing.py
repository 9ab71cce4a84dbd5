"""Briefing: findings as a PDF, slides and a bundle of files."""

from dashboard import briefing_panels, widgets

briefing_panels.draw(widgets.selection())
