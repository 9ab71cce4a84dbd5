"""Topic: whom each treatment centre serves, and who would be left without it."""

import pandas as pd
import streamlit as st

from dashboard import catchment, figures, services, takeout, text, widgets
from dashboard.map_layers import MapEvent
from dashboard.services import catchments
from dashboard.state import Selection
from dashboard.widgets import Columns

HEIGHT = 480


def draw(view: Selection) -> None:
    """State the most critical centre, then map, chart and table of all."""
    with st.spinner("Finding the nearest and the second nearest centre of every ZIP area"):
        frame = catchments.table(view)
    if frame.empty:
        st.info(catchment.nothing(services.coverage.counted_centres(view), view))
        return
    st.markdown(f"### {catchment.finding(frame, view)}")
    explore(view)
    top(frame, view)
    everything(view)


@st.fragment
def explore(view: Selection) -> None:
    """Map the centres by criticality; a click on one shows its people."""
    view = widgets.with_clicked(view)

    def clicked(event: MapEvent) -> None:
        widgets.select_on_map("site", catchments.site_at(view, event.kind, event.id))

    takeout.draw_map(
        catchments.map_of(view),
        catchment.legend(),
        key="catchments_map",
        height=HEIGHT,
        finding=catchment.finding(catchments.table(view), view),
        view=view,
        on_event=clicked,
    )
    st.caption(
        f"Size and colour: people who would be beyond {text.threshold(view)} without the centre."
    )
    if view.site:
        one(view)
    else:
        st.caption("Click a centre, or a county to see where most of its people go.")


def one(view: Selection) -> None:
    """Show the row of the selected centre."""
    found = catchment.row_of(catchments.table(view), view.site)
    with st.container(border=True):
        if found is None:
            st.markdown("This site does not count as a treatment centre with the present settings.")
            return
        st.subheader(", ".join(part for part in (found["name"], found["place"]) if part))
        st.markdown(catchment.row_sentence(found, view))
        reach = text.threshold(view)
        with st.container(horizontal=True):
            st.metric("Nearest centre for", text.people(found["nearest"]), help="At any distance.")
            st.metric(f"Of these within {reach}", text.people(found["within"]))
            st.metric(
                f"Beyond {reach} without it",
                text.people(found["lost"]),
                help="Within the threshold only thanks to it.",
            )
            st.metric("Half go on within", catchment.farther(found["extra_minutes"]))


def top(frame: pd.DataFrame, view: Selection) -> None:
    """Draw the centres whose loss would be felt most."""
    critical = catchment.most_critical(frame)
    if critical.empty:
        return
    takeout.chart(
        figures.criticality(critical),
        key="catchments_chart",
        finding=catchment.finding(frame, view),
        view=view,
        alt=f"People who would be beyond {text.threshold(view)} if a centre closed, the "
        f"{len(critical)} most critical centres",
    )


def everything(view: Selection) -> None:
    """List all centres."""
    number = st.column_config.NumberColumn
    reach = text.threshold(view)
    columns: Columns = {
        "name": st.column_config.TextColumn("Centre", width="large"),
        "place": "Place",
        "nearest": number("People nearest", format="localized"),
        "within": number(f"Within {reach}", format="localized"),
        "lost": number("Lose cover", format="localized", help="Beyond it without this centre."),
        **{
            column: number(label, format="localized")
            for column, label in catchment.edge_columns(view).items()
        },
        "extra_minutes": number(
            "Extra minutes",
            format="%.0f",
            help="To the next centre, for half of its people; empty where most have no other.",
        ),
        "next_centre": st.column_config.TextColumn("Next centre of most", width="large"),
        "treats": "Treats",
    }
    st.dataframe(
        catchments.file(view),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="People of every treatment centre, and who would lose cover without it",
    )
    st.caption(
        f"People nearest add up to all who can reach a centre, and those within {reach} to all who "
        "are covered. Distance only: capacity, referrals and insurance are not counted."
    )
    takeout.download(
        "All centres as CSV",
        "catchments",
        services.engine.table_of(catchments.file, view),
        view=view,
    )
