"""Settings of the Journeys page, bound to the URL."""

from collections.abc import Mapping
from typing import Any, Final, cast

import pandas as pd
import streamlit as st

from dashboard import journey_edits, journey_state, journey_text, journey_view, url_settings
from dashboard.journey_state import JourneySettings
from dashboard.journey_view import JourneyView
from dashboard.settings_widgets import AddressWidgets
from dashboard.widgets import Columns

VIEW: Final = AddressWidgets("journeys", url_settings.JOURNEY_VIEW, journey_view.LABELS)
CARE: Final = AddressWidgets("care", url_settings.JOURNEYS, journey_state.LABELS)


def shell() -> JourneyView:
    """Draw the choice of topic, and return what is shown."""
    if VIEW.arrive("topic"):
        CARE.reopen()
    shown = cast(JourneyView, VIEW.current())
    VIEW.choice("Topic", "topic", shown)
    VIEW.keep(shown)
    CARE.keep(settings())
    return shown


def settings() -> JourneySettings:
    """Read what journeys depend on."""
    return cast(JourneySettings, CARE.current())


def collects(shown: JourneyView) -> None:
    """Draw the choice of the blood centres that collect."""
    VIEW.choice(
        "Collection sites",
        "collects",
        shown,
        hint="Which blood centres collect the cells. Apheresis there is mostly of platelets.",
        width=225,
    )


def care_controls(shown: JourneyView) -> JourneySettings:
    """Draw course, model, collection sites, measure and range, and return the settings."""
    found = settings()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        CARE.choice("Course of care", "course", found, width=225)
        CARE.choice("Set beside the treatment centre", "model", found, width=290)
        collects(shown)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        CARE.choice("Measure", "measure", found)
        CARE.choice(
            "Assumptions",
            "bound",
            found,
            hint="Prices, visits and patients all at their low, central or high value at once.",
        )
        if found.edits:
            st.button(
                "Drop own assumptions",
                key="care_reset",
                icon=":material/restart_alt:",
                on_click=CARE.reset,
                args=("edits",),
            )
    if found.edits:
        st.caption(
            f"{len(found.edits)} assumption{'s are' if len(found.edits) > 1 else ' is'} your own; "
            "the link carries them."
        )
    st.caption(journey_text.course_line(found))
    return found


def editor(frame: pd.DataFrame, found: JourneySettings) -> None:
    """Draw the table of parameters, every number of which can be changed.

    Parameters
    ----------
    frame : DataFrame
        Parameters, with the reader's own in their place.
    found : JourneySettings
        The settings that `frame` was made with.
    """
    number = st.column_config.NumberColumn
    # another key for other edits: they live in the address, never in the widget
    key = f"care_editor_{hash(found.edits)}"
    columns: Columns = {
        "part": "Part",
        "title": st.column_config.TextColumn("What", width=260),
        "value": number("Central", min_value=0, format="%.6g"),
        "low": number("Low", min_value=0, format="%.6g"),
        "high": number("High", min_value=0, format="%.6g"),
        "unit": "Unit",
        "edited": st.column_config.CheckboxColumn("Yours"),
        "evidence": "Evidence",
        "source": st.column_config.TextColumn("Source", width=300),
        "source_url": st.column_config.LinkColumn("Page", width=180),
        "note": st.column_config.TextColumn("Remarks", width=420),
    }
    st.data_editor(
        frame,
        key=key,
        column_config=columns,
        column_order=list(columns),
        disabled=[name for name in frame.columns if name not in journey_edits.ENDS],
        hide_index=True,
        height=560,
        on_change=_edited,
        args=(key, frame),
    )


def _edited(key: str, frame: pd.DataFrame) -> None:
    """Write the edits of the table into the address; a callback."""
    edits: Mapping[int, Mapping[str, Any]] = st.session_state[key]["edited_rows"]
    found = settings()
    for row, changes in edits.items():
        found = journey_edits.apply(found, frame.iloc[int(row)], changes)
    CARE.write(found)
