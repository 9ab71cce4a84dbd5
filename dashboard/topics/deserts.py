"""Topic: treatment deserts, ranked and mapped, each with a link of its own."""

from dataclasses import replace

import streamlit as st

from dashboard import deserts, opportunity, services, takeout, text, widgets
from dashboard.map_layers import MapEvent
from dashboard.services import deserts as answers
from dashboard.state import Selection
from dashboard.widgets import Columns

HEIGHT = 520


def draw(view: Selection) -> None:
    """State how many deserts there are, then map, one in detail, and the table."""
    view = widgets.desert_controls()
    with st.spinner("Measuring the way from every 5 km of the country to its nearest centre"):
        frame = answers.table(view)
    st.markdown(f"### {deserts.finding(frame, view)}")
    explore(view)
    if not frame.empty:
        ranking(view)


@st.fragment
def explore(view: Selection) -> None:
    """Map the deserts; a click on one, or its link, shows its people."""
    view = widgets.with_clicked(view)

    def clicked(event: MapEvent) -> None:
        if event.kind != "site":  # a county is land within the threshold, like the sea
            widgets.select_on_map(event.kind if event.kind == "desert" else "", event.id)

    takeout.draw_map(
        answers.map_of(view),
        deserts.legend(view),
        key="deserts_map",
        height=HEIGHT,
        finding=deserts.finding(answers.table(view), view),
        view=view,
        on_event=clicked,
    )
    if view.desert:
        one(view)
    else:
        st.caption("Click a desert to see who lives there and what is near.")


def one(view: Selection) -> None:
    """Describe the selected desert, or say why there is none."""
    card = answers.card(view)
    if card is None:
        st.info(answers.why_not(view), icon=":material/location_off:")
        return
    row = card.row
    with st.container(border=True):
        st.subheader(str(row["name"]))
        st.markdown(deserts.card_sentence(card, view))
        with st.container(horizontal=True):
            st.metric(f"Beyond {text.threshold(view)}", text.people(row["people"]))
            st.metric("No road to any centre", text.people(row["unreachable"]))
            st.metric(
                "Patients a year",
                deserts.patients(row),
                help="Expected among the people beyond, for the therapies approved today; range "
                "from low to high assumptions.",
            )
            st.metric(
                f"Blood centre within {opportunity.blood_threshold(view)}",
                text.people(row["near_blood"]),
            )
        number = st.column_config.NumberColumn
        columns: Columns = {
            "fact": "Share of people",
            "here": number("Here", format="%.0f%%"),
            "everybody": number("Everybody counted", format="%.0f%%"),
        }
        st.dataframe(
            card.facts,
            column_config=columns,
            hide_index=True,
            placeholder="",
            alt="Shares of groups among the people beyond here, and among everybody counted",
        )
        st.dataframe(
            services.maps.nearest_table(replace(view, near=str(row["desert"]))),
            hide_index=True,
            placeholder="",
            alt="Sites nearest to the ZIP area with most people beyond",
        )
        st.caption(
            f"Sites nearest to ZIP {row['desert']}, where most of these people live. The address "
            "of this page reopens this desert."
        )


def ranking(view: Selection) -> None:
    """List the deserts, those with most people first."""
    number, unit = st.column_config.NumberColumn, services.engine.travel_unit(view)
    area, area_label = deserts.area_column(view)
    columns: Columns = {
        "name": st.column_config.TextColumn("Desert", width=320),
        "link": st.column_config.LinkColumn("Link", display_text="Open"),
        "states": "States",
        "people": number("People beyond", format="localized"),
        "unreachable": number("No road", format="localized"),
        "patients": number("Patients a year", format="localized"),
        f"median_{unit}": number(f"Median {unit}", format="%.0f"),
        f"worst_{unit}": number(f"Worst {unit}", format="%.0f"),
        "centre": "Nearest centre of most",
        "centre_travel": number(f"To it, {unit}", format="%.0f"),
        "blood_centre": "Nearest blood centre of most",
        "blood_minutes": number("Median minutes to one", format="%.0f"),
        "percent_near_blood": number(
            f"Within {opportunity.blood_threshold(view)}", format="%.0f%%"
        ),
        area: number(area_label, format="localized"),
    }
    st.dataframe(
        answers.shown(view),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Treatment deserts with their people, travel, and nearest sites",
    )
    st.caption(deserts.note(view))
    takeout.download(
        "All deserts as CSV", "deserts", services.engine.table_of(answers.file, view), view=view
    )
