"""Journeys: the whole course of care, from where people live, by where each stage takes place."""

from dashboard import journey_topics, journey_widgets, widgets

journey_topics.draw(widgets.selection(), journey_widgets.shell())
