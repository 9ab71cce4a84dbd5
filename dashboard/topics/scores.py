"""Topic: accessibility scores, supply within reach shared among those who compete for it."""

import streamlit as st

from dashboard import figures_places, scores, takeout, widgets
from dashboard.services import engine
from dashboard.services import scores as answers
from dashboard.state import Selection
from dashboard.widgets import Columns

MAP_HEIGHT = 460


def draw(view: Selection) -> None:
    """State what people have within reach, then map, places, and how it is made."""
    view = widgets.score_controls()
    with st.spinner("Driving from every ZIP area to every centre, and sharing out its beds"):
        found = answers.summary(view)
    supply = answers.supply(view)
    st.markdown(f"### {scores.finding(found, supply.unit, view)}")
    if not found.population:
        return
    st.markdown(scores.detail(found, supply.unit, view))
    with st.spinner("Shading the counties"):
        score_map(view)
    st.caption(scores.note(supply, view))
    places(view)
    takeout.download(
        "Every ZIP area as CSV",
        "scores-areas",
        engine.table_of(answers.areas_file, view),
        view=view,
    )
    with st.expander("What the scores are", icon=":material/function:"):
        st.markdown(scores.explanation())


@st.fragment
def score_map(view: Selection) -> None:
    """Shade the counties, with treatment centres."""
    unit = answers.supply(view).unit
    takeout.draw_map(
        answers.map_of(view),
        scores.legend(answers.usual(view), unit, view),
        key="scores_map",
        height=MAP_HEIGHT,
        finding=scores.finding(answers.summary(view), unit, view),
        view=view,
    )


def places(view: Selection) -> None:
    """Rank the places, the worst first."""
    st.markdown("### Where it is worst")
    view = widgets.places_control()
    frame, supply = answers.places(view), answers.supply(view)
    unit = scores.unit_of(supply.unit, view)
    st.markdown(scores.places_sentence(frame, supply.unit, view))
    takeout.chart(
        figures_places.scores(
            frame.head(scores.CHART_PLACES), average=answers.usual(view), unit=unit
        ),
        key="scores_places",
        finding=scores.places_sentence(frame, supply.unit, view),
        view=view,
        alt=f"Mean {unit} of the places where it is worst",
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": "Place",
        "population": number("People", format="localized"),
        "mean": number(f"Mean {unit}", format="%.1f"),
        "median": number("Median", format="%.1f"),
        "none": number(scores.none_label(view), format="localized"),
        "percent_none": number("Share of people", format="%.1f%%"),
        "no_data": number("No data", format="localized"),
    }
    st.dataframe(
        scores.shown(frame),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="Accessibility scores by place, the worst first",
    )
    st.caption(scores.places_note(view))
    takeout.download(
        "Places as CSV", "scores-places", engine.table_of(answers.places_file, view), view=view
    )
