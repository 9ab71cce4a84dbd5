"""Topic: the ways of collected cells to treatment centres and airports."""

from typing import Final

import streamlit as st

from dashboard import journey_view, journey_widgets, logistics, map_spec, takeout
from dashboard.journey_view import JourneyView
from dashboard.map_key import MapKey
from dashboard.services import engine
from dashboard.services import logistics as answers
from dashboard.services.logistics import Asked
from dashboard.state import Selection
from dashboard.widgets import Columns

MAP_HEIGHT: Final = 460


def draw(view: Selection, shown: JourneyView) -> None:
    """State what can be driven, then where, and from which sites."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        journey_widgets.collects(shown)
        journey_widgets.VIEW.slider(
            "A leg may take, minutes", "leg", shown, journey_view.LEG_SPAN, width=310
        )
        journey_widgets.VIEW.choice("Airports", "hubs", shown)
    asked = Asked(shown.collects, shown.leg, shown.hubs)
    with st.spinner("Driving from every collection site to every centre and airport"):
        found = answers.report(view, asked)
    st.markdown(f"### {logistics.sentence(found, asked.role, view, asked.limit)}")
    st.markdown(logistics.detail(found, view, asked.limit))
    parts(found, view)
    legs_map(view, asked)
    sites(found, view, asked)
    legs(found, view)
    with st.container(horizontal=True):
        for label, stem, make in (
            ("Every site and centre as CSV", "journeys-pairs", answers.pairs_file),
            ("Every site and airport as CSV", "journeys-airports", answers.airports_file),
        ):
            takeout.download(
                label,
                stem,
                engine.table_of(lambda chosen, make=make: make(chosen, asked), view),  # type: ignore[misc]
                view=view,
            )
    st.caption(logistics.note(asked.role))


def parts(found: logistics.Report, view: Selection) -> None:
    """Show the ways of counting side by side."""
    number = st.column_config.NumberColumn
    columns: Columns = {
        "counted": "Counted",
        "total": number("All", format="localized"),
        "within": number("Within the limit", format="localized"),
        "beyond": number("Beyond", format="localized"),
        "unreachable": number("No road", format="localized"),
        "no_data": number("No data", format="localized"),
        "percent": number("Share within", format="%.1f%%"),
        "median_minutes": number("Half within, minutes", format="%.0f"),
    }
    st.dataframe(
        logistics.parts_shown(found),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="What can be driven within the limit: patients, legs, pairs and airports",
    )
    takeout.download(
        "Shares as CSV",
        "journeys-legs-shares",
        engine.table_of(lambda _: logistics.parts_table(found), view),
        view=view,
    )


@st.fragment
def legs_map(view: Selection, asked: Asked) -> None:
    """Shade the counties by their patients' legs, with all three kinds of sites."""
    takeout.draw_map(
        answers.legs_map(view, asked),
        MapKey(
            title=answers.HEADING,
            edges=answers.EDGES,
            sites=[*map_spec.site_styles(view, blood=True), answers.AIRPORT_STYLE],
            unreachable="No road, or no site",
        ),
        key="journeys_legs",
        height=MAP_HEIGHT,
        finding=logistics.sentence(answers.report(view, asked), asked.role, view, asked.limit),
        view=view,
    )


def sites(found: logistics.Report, view: Selection, asked: Asked) -> None:
    """List the collection sites with their nearest centre and airport."""
    st.markdown("### Collection sites")
    unit = "miles" if view.units == "mi" else "km"
    number = st.column_config.NumberColumn
    columns: Columns = {
        "site": st.column_config.TextColumn("Collection site", width="medium"),
        "patients": number("Patients a year, nearest here", format="%.0f"),
        "percent": number("Of their legs within the limit", format="%.0f%%"),
        "centre": st.column_config.TextColumn("Nearest treatment centre", width="medium"),
        "centre_minutes": number("Minutes", format="%.0f"),
        f"centre_{unit}": number(unit.capitalize(), format="%.0f"),
        "centres_within": number("Centres within the limit", format="%d"),
        "airport": "Nearest large airport",
        "airport_minutes": number("Minutes to it", format="%.0f"),
        f"airport_{unit}": number(f"{unit.capitalize()} to it", format="%.0f"),
        "cell_collection": "Cell collection",
        "apheresis": "Apheresis",
    }
    st.markdown(logistics.sites_sentence(found.sites, asked.limit))
    st.dataframe(
        logistics.sites_shown(found),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Collection sites with their nearest treatment centre and large airport",
    )
    takeout.download(
        "Collection sites as CSV",
        "journeys-sites",
        engine.table_of(lambda _: logistics.finite(found.sites), view),
        view=view,
    )


def legs(found: logistics.Report, view: Selection) -> None:
    """List the legs in use, those of most patients first."""
    st.markdown("### Legs in use")
    unit = "miles" if view.units == "mi" else "km"
    number = st.column_config.NumberColumn
    columns: Columns = {
        "site": st.column_config.TextColumn("From", width="medium"),
        "centre": st.column_config.TextColumn("To", width="medium"),
        "minutes": number("Minutes", format="%.0f"),
        unit: number(unit.capitalize(), format="%.0f"),
        "drivable": "Within the limit",
        "patients": number("Patients a year", format="%.0f"),
        "patients_low": number("Low", format="%.0f"),
        "patients_high": number("High", format="%.0f"),
    }
    st.markdown(logistics.legs_sentence(found.legs))
    st.dataframe(
        logistics.finite(found.legs),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Ways that patients' cells take, those of most patients first",
    )
    takeout.download(
        "Legs in use as CSV",
        "journeys-legs",
        engine.table_of(lambda _: logistics.finite(found.legs), view),
        view=view,
    )
