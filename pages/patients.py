"""Patients and capacity: patients a year, their growth, and what the centres can take."""

from dashboard import patient_topics, patient_widgets, widgets

patient_topics.draw(widgets.selection(), patient_widgets.shell())
