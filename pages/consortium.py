"""Consortium: members, facilities, calendar, articles, precedents, path and standards."""

from dashboard import errors, register_panels, widgets

with errors.reported("Mend the file in data/content and reload the page."):
    register_panels.draw(widgets.selection())
