"""Topic: people beyond the threshold by group, and how far people travel."""

import streamlit as st

from dashboard import fairness_text, figures, services, takeout, text, widgets
from dashboard.state import Selection
from dashboard.widgets import Columns


def draw(view: Selection) -> None:
    """Compare the groups of a breakdown, then show the distribution of travel."""
    view = widgets.breakdown_control()
    gaps(view)
    takeout.download(
        "This table as CSV",
        "gaps",
        services.engine.table_of(services.coverage.breakdown, view),
        view=view,
    )
    st.markdown("### How far people travel")
    percentiles(view)
    distribution(view)
    takeout.download(
        "Distribution as CSV",
        "distribution",
        services.engine.table_of(services.coverage.distribution_frame, view),
        view=view,
    )


def gaps(view: Selection) -> None:
    """Compare the groups of a breakdown: a sentence, bars, a table."""
    frame = services.coverage.breakdown(view)
    if frame.empty:
        st.info("Nobody lives in the place in focus; choose another on the left.")
        return
    shown = services.coverage.for_chart(frame, view)
    lead = text.gap_sentence(
        view.by,
        [fairness_text.named(label, view) for label in frame["label"]],
        frame["share_beyond"].tolist(),
        view,
    )
    st.markdown(lead)
    takeout.chart(
        figures.gaps(shown, average=services.coverage.headline(view).share_beyond),
        key="gaps_chart",
        finding=lead,
        view=view,
        alt="Share of people beyond the threshold by group, with 90% bands",
    )
    if len(shown) < len(frame):
        st.caption(
            f"The {len(shown)} with most people beyond the threshold; the table has all "
            f"{len(frame):,}."
        )
    _group_table(view)


def _group_table(view: Selection) -> None:
    number = st.column_config.NumberColumn
    unit = services.engine.travel_unit(view)
    columns: Columns = {
        "label": "Group",
        "population": number("People", format="localized"),
        "beyond": number("Beyond", format="localized"),
        "percent_beyond": number("Share beyond", format="%.1f%%"),
        "band": "90% band",
        f"median_{unit}": number(f"Median {unit}", format="%.0f"),
        f"p90_{unit}": number(f"9 in 10 within, {unit}", format="%.0f"),
        "unreachable": number("No road", format="localized"),
        "no_data": number("No data", format="localized"),
    }
    st.dataframe(
        services.coverage.group_table(view),
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt="People, coverage with its band, and travel by group",
    )


def percentiles(view: Selection) -> None:
    """State how far one in ten, half, and nine in ten live, with bands."""
    st.markdown(percentile_line(view))


def percentile_line(view: Selection) -> str:
    """Say how far one in ten, half, and nine in ten live."""
    found = services.coverage.percentiles(view)
    return text.percentile_sentence([(band.value, band.low, band.high) for band in found], view)


def distribution(view: Selection) -> None:
    """Draw how many people travel how far."""
    result = services.coverage.distribution(view)
    takeout.chart(
        figures.distribution(
            result, services.coverage.DISTRIBUTION_EDGES, at=view.within, unit=view.metric
        ),
        key="distribution_chart",
        finding=percentile_line(view),
        view=view,
        alt="People by travel to the nearest centre",
    )
