"""Topic: blood centres near people who live far from treatment."""

import streamlit as st

from dashboard import figures_places, map_spec, opportunity, services, takeout, widgets
from dashboard.map_key import MapKey
from dashboard.services import opportunity as answers
from dashboard.state import Selection
from dashboard.widgets import Columns

MAP_HEIGHT = 460
COLOURS = answers.SHARE_COLOURS


def draw(view: Selection) -> None:
    """State how many could be served nearer, then where, and by which blood centres."""
    view = widgets.opportunity_controls()
    if services.maps.blood_centres(view).empty:
        st.info(
            "No blood centre has this role in this network. Choose another role or network, or "
            "include low-confidence rows, on the left.",
            icon=":material/search_off:",
        )
        return
    with st.spinner("Driving from every ZIP area to its nearest blood centre"):
        found = answers.headline(view)
    st.markdown(f"### {opportunity.sentence(found, view)}")
    st.markdown(opportunity.detail(found, view))
    if not round(found.beyond):
        return
    figure_row(view)
    share_map(view)
    roles(view)
    places(view)
    candidates(view)
    st.caption(
        "Roles of blood centres are believed unless the table names a document; apheresis is "
        "mostly platelet donation. Coordinates are good for a county, not for a street. Near is "
        "not ready: staff, accreditation and contracts are not counted. The Methods page has "
        "the formulas."
    )


def figure_row(view: Selection) -> None:
    """Show the parts that add up to the people beyond."""
    with st.container(horizontal=True):
        for label, value in answers.parts(view):
            st.metric(label, value)


@st.fragment
def share_map(view: Selection) -> None:
    """Shade the counties, with treatment centres and blood centres."""
    takeout.draw_map(
        answers.share_map(view),
        MapKey(
            title=opportunity.map_title(view),
            edges=opportunity.SHARE_EDGES,
            colours=COLOURS,
            sites=map_spec.site_styles(view, blood=True),
            unreachable="",
            no_data="Nobody beyond",
        ),
        key="opportunity_map",
        height=MAP_HEIGHT,
        finding=opportunity.sentence(answers.headline(view), view),
        view=view,
    )


def roles(view: Selection) -> None:
    """Set any blood centre, apheresis and cell collection side by side."""
    st.markdown("### Which blood centres")
    with st.spinner("Driving to the blood centres of each role"):
        frame = answers.roles(view)
    st.markdown(opportunity.roles_sentence(frame, view))
    takeout.chart(
        figures_places.roles(frame),
        key="opportunity_roles",
        finding=opportunity.roles_sentence(frame, view),
        view=view,
        alt="People beyond treatment who are near a blood centre, by its role",
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": "Role",
        "near": number("People near one", format="localized"),
        "near_low": number("Low", format="localized"),
        "near_high": number("High", format="localized"),
        "percent": number("Share of those beyond", format="%.1f%%"),
    }
    st.dataframe(
        answers.roles_table(view),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="People beyond treatment who are near a blood centre, by its role",
    )
    takeout.download(
        "Roles as CSV",
        "opportunity-roles",
        services.engine.table_of(answers.roles, view),
        view=view,
    )


def places(view: Selection) -> None:
    """Rank states, counties, metro areas or referral regions."""
    st.markdown("### Where they live")
    view = widgets.places_control()
    frame = answers.places(view)
    st.markdown(opportunity.places_sentence(frame, view))
    takeout.chart(
        figures_places.near_and_far(frame.head(opportunity.CHART_PLACES)),
        key="opportunity_places",
        finding=opportunity.places_sentence(frame, view),
        view=view,
        alt="People beyond treatment by place, those near a blood centre apart",
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": "Place",
        "beyond": number("Beyond treatment", format="localized"),
        "near": number("Near a blood centre", format="localized"),
        "percent": number("Share near", format="%.1f%%"),
        "patients_near": number("Patients a year, near", format="%.0f"),
        "treatment_minutes": number("Minutes to treatment", format="%.0f"),
        "blood_minutes": number("Minutes to blood centre", format="%.0f"),
        "far": number("Not near", format="localized"),
        "no_data": number("No data", format="localized"),
    }
    st.dataframe(
        answers.places_table(view),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="People beyond treatment and near a blood centre by place",
    )
    st.caption("Minutes are medians of the people beyond; empty where at least half have no road.")
    takeout.download(
        "Places as CSV",
        "opportunity-places",
        services.engine.table_of(answers.places, view),
        view=view,
    )


def candidates(view: Selection) -> None:
    """Rank the blood centres themselves."""
    st.markdown("### Blood centres that could bring care nearer")
    frame = answers.candidates(view)
    st.markdown(opportunity.candidates_sentence(frame, view))
    number = st.column_config.NumberColumn
    columns: Columns = {
        "org": "Organisation",
        "facility": "Facility",
        "city": "City",
        "state": "State",
        "people": number("People beyond, nearest here", format="localized"),
        "patients": number("Patients a year", format="%.0f"),
        "roles": "Roles",
        "cell_evidence": "Cell collection",
        "apheresis_evidence": "Apheresis",
        "network": "Network",
        "confidence": "Confidence",
        "coordinates": "Coordinates",
    }
    st.dataframe(
        frame,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Blood centres by the people beyond treatment whose nearest they are",
    )
    takeout.download(
        "Blood centres as CSV",
        "opportunity-centres",
        services.engine.table_of(answers.candidates, view),
        view=view,
    )
