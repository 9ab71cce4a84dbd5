"""Topic: where road travel and a straight line disagree."""

import streamlit as st

from dashboard import figures_places, map_spec, models, palette, services, takeout, widgets
from dashboard.map_key import MapKey
from dashboard.services import models as answers
from dashboard.state import Selection
from dashboard.widgets import Columns

MAP_HEIGHT = 460


def draw(view: Selection) -> None:
    """State whom the straight line hides, then where."""
    with st.spinner("Measuring road and straight line for every ZIP area"):
        found = answers.headline(view)
    if not found.population:
        st.info("Nobody lives in the place in focus; choose another on the left.")
        return
    st.markdown(f"### {models.sentence(found, view)}")
    st.markdown(models.detail(found, view))
    with st.container(horizontal=True):
        for label, value in answers.parts(view):
            st.metric(label, value)
    difference_map(view)
    places(view)
    by_model(view)


@st.fragment
def difference_map(view: Selection) -> None:
    """Shade the counties by the difference of the medians."""
    takeout.draw_map(
        answers.difference_map(view),
        MapKey(
            title=models.map_title(view),
            edges=models.DIFFERENCE_EDGES,
            colours=palette.DIVERGING,
            labels=models.DIFFERENCE_LABELS,
            sites=map_spec.site_styles(view, blood=False),
            unreachable="No road to any centre",
        ),
        key="models_map",
        height=MAP_HEIGHT,
        finding=models.sentence(answers.headline(view), view),
        view=view,
    )


def places(view: Selection) -> None:
    """Rank the places by the people misjudged."""
    st.markdown("### Where they disagree")
    view = widgets.places_control()
    frame = answers.places(view)
    st.markdown(models.places_sentence(frame, view))
    takeout.chart(
        figures_places.misjudged(frame.head(models.CHART_PLACES)),
        key="models_places",
        finding=models.places_sentence(frame, view),
        view=view,
        alt="People whom the straight line misjudges by place, hidden and added",
    )
    number, unit = st.column_config.NumberColumn, services.engine.travel_unit(view)
    columns: Columns = {
        "label": "Place",
        "population": number("People", format="localized"),
        "hidden": number("Hidden by the line", format="localized"),
        "added": number("Added by the line", format="localized"),
        "percent": number("Share misjudged", format="%.1f%%"),
        "road": number(f"Median {unit} by road", format="%.0f"),
        "straight": number(f"Median {unit}, straight line", format="%.0f"),
        "difference": number("Difference", format="%+.0f"),
        "circuity": number("Road miles per straight mile", format="%.2f"),
        "within": number("Within by both", format="localized"),
        "beyond": number("Beyond by both", format="localized"),
        "no_data": number("No data", format="localized"),
    }
    st.dataframe(
        answers.places_table(view),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Road against straight line by place",
    )
    st.caption("Medians are empty where at least half of the people have no road to any centre.")
    takeout.download(
        "Places as CSV", "models-places", services.engine.table_of(answers.places, view), view=view
    )


def by_model(view: Selection) -> None:
    """Set the three travel models side by side."""
    st.markdown("### The three travel models")
    frame = answers.by_model(view)
    st.markdown(models.model_sentence(frame, view))
    takeout.chart(
        figures_places.models(frame),
        key="models_chart",
        finding=models.model_sentence(frame, view),
        view=view,
        alt="Share of people beyond the threshold by travel model, with bands",
    )
    number, unit = st.column_config.NumberColumn, services.engine.travel_unit(view)
    columns: Columns = {
        "label": "Travel by",
        "beyond": number("People beyond", format="localized"),
        "percent": number("Share beyond", format="%.1f%%"),
        "band": "90% band",
        "median": number(f"Median {unit}", format="%.0f"),
        "unreachable": number("No road", format="localized"),
    }
    st.dataframe(
        answers.model_table(view),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="People beyond the threshold by travel model",
    )
    st.caption("Travel by, on the left, chooses the model of every other page and topic.")
    takeout.download(
        "Travel models as CSV",
        "models",
        services.engine.table_of(answers.by_model, view),
        view=view,
    )
