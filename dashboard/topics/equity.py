"""Topic: travel of groups side by side, the gaps between them, and how unequal it is."""

import pandas as pd
import streamlit as st

from dashboard import (
    fairness,
    fairness_text,
    figures_equity,
    services,
    takeout,
    text,
    widgets,
)
from dashboard.services import equity
from dashboard.state import LABELS, Selection
from dashboard.widgets import Columns


def draw(view: Selection) -> None:
    """Compare groups: the finding, distributions, gaps, states, indexes, references."""
    view = widgets.dimension_control(fairness.DIMENSIONS)
    with st.spinner("Counting the people of every group"):
        spreads = equity.spread(view)
    if spreads.empty:
        st.info("Nobody lives in the place in focus; choose another on the left.")
        return
    st.markdown(f"### {fairness_text.lead(equity.gaps(view), view)}")
    distribution(view)
    medians(view)
    gaps(view)
    if view.state:
        against_nation(view)
    else:
        states(view)
    inequality(view)
    references()


def distribution(view: Selection) -> None:
    """Draw the share of each group of the chosen dimension within each travel."""
    st.markdown(f"### How far people travel, by {LABELS['by'][view.by].lower()}")
    st.markdown(fairness_text.within(equity.within(view), view))
    takeout.chart(
        figures_equity.curves(equity.cumulative(view), at=view.within, unit=view.metric),
        key="equity_curves",
        finding=fairness_text.within(equity.within(view), view),
        view=view,
        alt="Share of each group within each travel to the nearest centre",
    )
    st.dataframe(
        equity.shares_table(view),
        hide_index=True,
        placeholder="",
        alt=f"Share of each group within a number of {view.metric}, in per cent",
    )
    takeout.download(
        "Curves as CSV",
        "equity-curves",
        services.engine.table_of(equity.cumulative, view),
        view=view,
    )


def medians(view: Selection) -> None:
    """Draw the median of every group of all dimensions with its band."""
    st.markdown("### All groups side by side")
    st.markdown(fairness_text.medians(equity.spread(view), view))
    unit = services.engine.travel_unit(view)
    takeout.chart(
        figures_equity.medians(equity.spread(view), chosen=view.by, unit=unit),
        key="equity_medians",
        finding=fairness_text.medians(equity.spread(view), view),
        view=view,
        alt="Median travel of every group with its band",
    )
    st.caption(
        "Dot: half of the group live within. Thick: its 90% band. Thin: from one in ten to nine "
        "in ten of the group; it ends at the edge where those have no road to any centre."
    )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "dimension_label": "By",
        "label": "Group",
        "population": number("People", format="localized"),
        "median": number(f"Median {unit}", format="%.0f"),
        "band": "90% band",
        "p10": number(f"1 in 10 within, {unit}", format="%.0f"),
        "p90": number(f"9 in 10 within, {unit}", format="%.0f"),
        "unreachable": number("No road", format="localized"),
        "no_data": number("No data", format="localized"),
    }
    with st.expander("Table of all groups", icon=":material/table:"):
        _table(equity.spread_table(view), columns, "Median travel of every group with its band")
    takeout.download(
        "Groups as CSV", "equity-groups", services.engine.table_of(equity.spread, view), view=view
    )


def gaps(view: Selection) -> None:
    """Compare the worst-off group of every dimension with its reference group."""
    st.markdown("### Gaps between groups")
    st.markdown(fairness_text.widest_dimension(equity.gaps(view), view))
    unit = services.engine.travel_unit(view)
    number = st.column_config.NumberColumn
    columns: Columns = {
        "dimension_label": "By",
        "group": "Worst off",
        "percent": number("Share beyond", format="%.1f%%"),
        "reference": "Against",
        "percent_reference": number("Its share beyond", format="%.1f%%"),
        "points": number("Gap, points", format="%.1f"),
        "band": "90% band",
        "ratio": number("Ratio", format="%.2f"),
        "median_difference": number(f"Between medians, {unit}", format="%.0f"),
    }
    _table(equity.gap_table(view), columns, "Worst-off group against the reference group")
    st.caption(
        "A negative gap: no group is worse off than the one compared with. Groups with fewer than "
        f"{fairness.FEWEST:,.0f} people are left out."
    )
    takeout.download(
        "Gaps as CSV", "equity-gaps", services.engine.table_of(equity.gaps, view), view=view
    )


def states(view: Selection) -> None:
    """Rank the states by the gap of the chosen dimension."""
    st.markdown(f"### States with the widest gap by {LABELS['by'][view.by].lower()}")
    frame = equity.states(view)
    st.markdown(fairness_text.states(frame, view))
    if frame.empty:
        return
    if not equity.widest_states(view).empty:
        state_bars(view)
    _states_table(view)


def state_bars(view: Selection) -> None:
    """Draw the widest gaps of states."""
    takeout.chart(
        figures_equity.state_gaps(equity.widest_states(view)),
        key="equity_states",
        finding=fairness_text.states(equity.states(view), view),
        view=view,
        alt="Gap between the worst-off group and the reference group by state, with 90% bands",
    )


def against_nation(view: Selection) -> None:
    """Compare the gap of the state in focus with that of the whole country."""
    st.markdown(f"### {text.place(view.state)} and the whole country")
    frame = equity.states(view)
    st.markdown(fairness_text.against_nation(frame, view))
    if not frame.empty:
        _states_table(view)


def _states_table(view: Selection) -> None:
    number = st.column_config.NumberColumn
    columns: Columns = {
        "label": "State",
        "group": "Worst off",
        "people": number("Its people", format="localized"),
        "percent": number("Share beyond", format="%.1f%%"),
        "reference": "Against",
        "people_reference": number("Its people ", format="localized"),
        "percent_reference": number("Its share beyond", format="%.1f%%"),
        "points": number("Gap, points", format="%.1f"),
        "band": "90% band",
        "ratio": number("Ratio", format="%.2f"),
    }
    _table(equity.states_table(view), columns, "Gap between groups by state")
    st.caption(
        f"Groups with fewer than {fairness.FEWEST:,.0f} people in a place are left out there, and "
        "so are states without two such groups."
    )
    takeout.download(
        "States as CSV", "equity-states", services.engine.table_of(equity.states, view), view=view
    )


def inequality(view: Selection) -> None:
    """Draw concentration and Lorenz curves with their indexes."""
    st.markdown("### How unequally travel is shared")
    with st.spinner("Ranking people by income and by travel"):
        found = equity.inequality(view)
    by_income, by_travel = st.columns(2)
    with by_income:
        st.markdown(fairness_text.concentration(found, view))
        takeout.chart(
            figures_equity.concentration(found.curves, unit=fairness.measure(view)),
            key="equity_concentration",
            finding=fairness_text.concentration(found, view),
            view=view,
            alt="Share of travel and of people beyond that the poorest people have",
        )
    with by_travel:
        st.markdown(fairness_text.gini(found, view))
        takeout.chart(
            figures_equity.lorenz(found.curves, unit=fairness.measure(view)),
            key="equity_lorenz",
            finding=fairness_text.gini(found, view),
            view=view,
            alt="Share of travel that the nearest people have",
        )
    number = st.column_config.NumberColumn
    columns: Columns = {
        "index": "Index",
        "what": "Of",
        "value": number("Value", format="%.3f"),
        "band": "90% band",
        "people": number("People", format="localized"),
        "unreachable": number("No road", format="localized"),
        "no_income": number("No income", format="localized"),
        "no_data": number("No data", format="localized"),
    }
    _table(equity.index_table(view), columns, "Indexes of inequality with their bands")
    st.caption(fairness_text.left_out(found, view))
    with st.expander("Table of the curves", icon=":material/table:"):
        st.dataframe(
            equity.tenths_table(view),
            hide_index=True,
            placeholder="",
            alt="Shares of travel and of people beyond by tenths of the people, in per cent",
        )
    with st.container(horizontal=True):
        takeout.download(
            "Indexes as CSV",
            "equity-indexes",
            services.engine.table_of(equity.indexes, view),
            view=view,
        )
        takeout.download(
            "Concentration curves as CSV",
            "equity-concentration",
            services.engine.table_of(equity.curves, view),
            view=view,
        )


def references() -> None:
    """List whose methods these are."""
    st.caption("  \n".join(fairness_text.reference_lines()))


def _table(frame: pd.DataFrame, columns: Columns, alt: str) -> None:
    st.dataframe(
        frame,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        alt=alt,
    )
