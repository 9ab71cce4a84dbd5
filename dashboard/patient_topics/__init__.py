"""Topics of the page Patients and capacity: a module each, named as `PatientSettings.part`.

A topic's module is imported when it is first shown, so that the page loads only what it draws.
"""

from importlib import import_module

from dashboard.patient_state import PatientSettings
from dashboard.state import Selection


def draw(view: Selection, settings: PatientSettings) -> None:
    """Draw the topic that the settings name, by the `draw` of its module."""
    import_module(f"{__name__}.{settings.part}").draw(view, settings)
