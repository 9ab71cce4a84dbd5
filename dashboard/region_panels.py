"""Blocks of the Region page: a view in, elements drawn. Words come from `region_text`."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard import (
    map_spec,
    region_tables,
    region_text,
    regions,
    scenario_shell,
    search_panels,
    services,
    takeout,
    text,
    widgets,
)
from dashboard.regions import KIND_PLURALS, Region
from dashboard.services import regions as regions_answers
from dashboard.services.regions import Report
from dashboard.state import Places, Selection
from dashboard.widgets import Columns

MAP_HEIGHT: Final = 420
ROWS_SHOWN: Final = 10
SITES_SHOWN: Final = 15
NEIGHBOURS: Final = 5
_CHOSEN: Final = "_region_choice"
_UNPRINTED: Final = "unprinted"

PRINT_STYLE: Final = """
<style>
@media print {
  @page { margin: 14mm 12mm; }
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"],
  [data-testid="stMainBlockContainer"] {
    position: static !important; overflow: visible !important; height: auto !important;
    width: auto !important; min-width: 0 !important; max-width: none !important;
    padding: 0 !important; display: block !important; background: #fff !important;
  }
  [data-testid="stVerticalBlock"] { display: block !important; }
  [data-testid="stVerticalBlock"] > * { margin-bottom: 6pt; }
  table { font-size: 8.5pt; width: 100%; }
  tr, [data-testid="stMetric"], [data-testid="stIFrame"], [data-testid="stCustomComponentV1"],
  iframe { break-inside: avoid; }
  h2, h3, h4, h5 { break-after: avoid; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
  [data-testid="stStatusWidget"], [data-testid="stDownloadButton"], [data-testid="stButton"],
  [data-testid="stExpandSidebarButton"], .stTooltipIcon,
  [data-testid="stVerticalBlock"][class*="st-key-unprinted"], [class*="st-key-unprinted"] {
    display: none !important;
  }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
</style>
"""
"""Paper gets the report without the app around it."""


def choose() -> Selection:
    """Draw search and picker, and return the view with the region that is open."""
    st.html(PRINT_STYLE)
    with st.container(key=_UNPRINTED):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            widgets.search_box(_open_what_is_searched)
            view = widgets.region_kind(_close)
            _picker(view)
        search_panels.region_answer(view)
    return _with_searched(view)


def _close() -> None:
    """Close the region, as another kind was chosen; a callback."""
    widgets.open_region("")
    st.session_state["near"] = ""


def _open_what_is_searched() -> None:
    """Open the region that was searched for, or the one that holds the place; a callback."""
    words = str(st.session_state.get("near") or "")
    held = regions_answers.containing_text(words)
    kind: Places = st.session_state.get("places") or "state"
    if held:
        widgets.open_region(held.get(kind, next(iter(held.values()))).key)


def _with_searched(view: Selection) -> Selection:
    """Open what a link searches for, when it names no region."""
    if view.region or not view.near:
        return view
    held = regions_answers.containing_text(view.near)
    if not held:
        return view
    found = held.get(view.places, next(iter(held.values())))
    return widgets.remember(replace(view, region=found.key))


def _picker(view: Selection) -> None:
    """Choose a region of the kind by name."""
    kind = view.places
    names = regions_answers.labels(kind)
    codes = regions_answers.codes(view, kind)
    parts = regions.split(view.region)
    chosen = parts[1] if parts is not None and parts[0] == kind and parts[1] in names else None
    if chosen is not None and chosen not in codes:
        codes = [chosen, *codes]
    st.session_state[_CHOSEN] = chosen

    def picked() -> None:
        code = st.session_state[_CHOSEN]
        widgets.open_region(f"{kind}:{code}" if code else "")

    st.selectbox(
        f"{regions.KIND_NAMES[kind].capitalize()}",
        codes,
        format_func=lambda code: names[code],
        key=_CHOSEN,
        on_change=picked,
        placeholder=f"Choose among {len(codes):,} by name",
        width=320,
    )


def unknown(view: Selection) -> None:
    """Say that there is no such region, and offer the nearest codes."""
    parts = regions.split(view.region)
    kind = parts[0] if parts is not None else view.places
    code = parts[1] if parts is not None else ""
    st.warning(
        f"There is no {regions.KIND_NAMES[kind]} {text.literal(code)} in the tables. Search for a "
        "name above, or choose one from the list below.",
        icon=":material/search_off:",
    )
    near = regions_answers.nearest_codes(kind, code, NEIGHBOURS)
    if near:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Nearest codes:", width="content")
            for region in near:
                _open_button(region)


def _open_button(region: Region) -> None:
    st.button(
        region.title,
        key=f"nearest_{region.key}",
        type="tertiary",
        on_click=widgets.open_region,
        args=(region.key,),
    )


def overview(view: Selection) -> None:
    """Explain the page, and rank all regions of the kind; a click on a row opens one."""
    plural = KIND_PLURALS[view.places]
    where = f" with people in {text.place(view.state)}" if view.state else ""
    count = len(regions_answers.codes(view, view.places))
    states = view.places == "state" and not view.state
    equals = ", DC and Puerto Rico among them" if states else ""
    st.markdown(f"## All {count:,} {plural}{where}{equals}, ranked")
    st.markdown(
        "One region has a page of its own: its people and sites, who lives beyond the threshold, "
        "and its rank, to print or to share by its address. Search or choose above, or select a "
        "row below."
    )
    with st.spinner(f"Counting the people of all {plural}"):
        frame = regions_answers.ranking(view)
    if frame.empty:
        st.info(f"No {plural} have people in {text.place(view.state)}; choose another kind above.")
        return
    worst = text.worst_places(frame["label"].tolist(), frame["share_beyond"].tolist(), view)
    st.markdown(worst)
    _ranked_table(frame, view)
    takeout.download(
        "This table as CSV",
        f"regions-{view.places}",
        services.engine.table_of(_ranking, view),
        view=view,
    )


def _ranking(view: Selection) -> pd.DataFrame:
    return regions_answers.ranking(view)


def _ranked_table(frame: pd.DataFrame, view: Selection) -> None:
    number = st.column_config.NumberColumn
    unit = services.engine.travel_unit(view)
    columns: Columns = {
        "rank": number("Rank", format="%d"),
        "label": "Region",
        "population": number("People", format="localized"),
        "beyond": number("Beyond", format="localized"),
        "percent_beyond": number("Share beyond", format="%.1f%%"),
        "band": "90% band",
        "median": number(f"Median {unit}", format="%.0f"),
    }
    shown = region_tables.ranking(frame, unit)

    def selected() -> None:
        rows = st.session_state["region_rows"]["selection"]["rows"]
        if rows:
            widgets.open_region(f"{view.places}:{shown['group'].iloc[rows[0]]}")

    st.dataframe(
        shown,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        placeholder="",
        on_select=selected,
        selection_mode="single-row",
        key="region_rows",
        alt="Regions by share of people beyond the threshold",
    )


def headline(found: Report, view: Selection) -> None:
    """State the finding, its uncertainty and the rank."""
    st.markdown(f"## {region_text.headline(found.region, found.headline, view)}")
    st.markdown(region_text.detail(found.headline, view))
    st.markdown(region_text.rank(found.region, found.rank))
    if view.state:
        st.caption(
            f"The focus on {text.place(view.state)} does not cut this region: it is counted whole."
        )


def key_figures(found: Report, view: Selection) -> None:
    """Five numbers."""
    people = found.headline
    figures = [
        ("People", text.people(people.population)),
        (f"Within {text.threshold(view)}", text.people(people.covered)),
        ("Beyond it", text.people(people.beyond)),
        ("Of them without a road", text.people(people.unreachable)),
        ("Half live within", text.impedance(float(found.compared["median"].iloc[0]), view)),
    ]
    if people.no_data:
        figures.append(("No data", text.people(people.no_data)))
    scenario_shell.found(region_text.headline(found.region, found.headline, view), figures)
    with st.container(horizontal=True):
        for label, value in figures:
            st.metric(label, value)


@st.fragment
def region_map(found: Report, view: Selection) -> None:
    """Draw the map around the region, with its outline and every site."""
    shown = replace(view, level="county", layers=Selection().layers, state="")
    takeout.draw_map(
        regions_answers.region_map(view),
        map_spec.legend(shown, blood=True),
        key="region_map",
        height=MAP_HEIGHT,
        finding=region_text.headline(found.region, found.headline, view),
        view=view,
    )
    count = len(regions_answers.counties(found.region))
    st.caption(region_text.counties_note(found.region, count))


def compared(found: Report, view: Selection) -> None:
    """Set the region against its state and the nation."""
    frame = found.compared
    takeout.bars(
        [
            (label, share, text.percent(share))
            for label, share in zip(frame["label"], frame["share_beyond"], strict=True)
        ],
        key="region_compared",
        title="Share of people beyond the threshold",
        finding=region_text.headline(found.region, found.headline, view),
        view=view,
    )
    _table(region_tables.compared(frame, view), "Region, state and nation")


def sites(found: Report, view: Selection) -> None:
    """List the centres in the region, and where its people have to go."""
    inside = regions_answers.treatment(view)
    st.markdown(region_text.centres(len(inside), found.used, view))
    if len(inside):
        _table(_few(region_tables.treatment(inside), "treatment centres"), "Treatment centres here")
    if len(found.used):
        st.markdown("##### Where its people go")
        used = region_tables.centres_used(found.used, frozenset(inside["id"]))
        _table(used.head(ROWS_SHOWN), "Centres that are the nearest for people here")
    st.markdown("##### Blood centres here")
    blood = regions_answers.blood(view)
    if blood.empty:
        st.markdown("No blood centre on the list lies in this region.")
    else:
        _table(_few(region_tables.blood(blood), "blood centres"), "Blood centres here")


def _few(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    if len(frame) > SITES_SHOWN:
        st.caption(f"{SITES_SHOWN} of {len(frame):,} {what}; the file has all.")
    return frame.head(SITES_SHOWN)


def groups(found: Report, view: Selection) -> None:
    """Show who lives beyond, beside the same groups in the nation."""
    frame = found.groups
    named = frame[frame["label"] != "Not reported"]
    shares, nation = named["share_beyond"].tolist(), named["nation_share_beyond"].tolist()
    st.markdown(region_text.groups(named["label"].tolist(), shares, nation, found.region, view))
    _table(region_tables.groups(frame), "People beyond by group, beside the nation")


def areas(found: Report, view: Selection) -> None:
    """List the ZIP areas with most people beyond."""
    frame = found.areas
    named = [f"{zcta} {city}" for zcta, city in zip(frame["zcta"], frame["city"], strict=True)]
    st.markdown(region_text.areas(len(frame), named, frame["beyond"].tolist(), view))
    if len(frame):
        _table(region_tables.areas(frame.head(ROWS_SHOWN), view), "ZIP areas with people beyond")


def _table(frame: pd.DataFrame, alt: str) -> None:
    key = "table_" + "_".join(alt.lower().replace(",", "").split())
    right = ", ".join(
        f".st-key-{key} :is(th, td):nth-child({at})"
        for at, name in enumerate(frame.columns, start=1)
        if name in region_tables.NUMBERS
    )
    with st.container(key=key):
        if right:
            st.html(f"<style>{right} {{ text-align: right !important; }}</style>")
        st.table(frame, hide_index=True, border="horizontal", alt=alt)


def downloads(found: Report, view: Selection) -> None:
    """Offer every table of the page."""
    stem = f"region-{found.region.kind}-{found.region.code}"
    makers = {
        "Figures as CSV": ("figures", regions_answers.compared_frame),
        "Groups as CSV": ("groups", regions_answers.groups_frame),
        "ZIP areas as CSV": ("zip-areas", regions_answers.areas_frame),
        "Nearest centres as CSV": ("nearest", regions_answers.used_frame),
        "Treatment centres as CSV": ("treatment", regions_answers.treatment),
        "Blood centres as CSV": ("blood", regions_answers.blood),
    }
    with st.container(horizontal=True, key=f"{_UNPRINTED}_files"):
        for label, (name, make) in makers.items():
            takeout.download(label, f"{stem}-{name}", services.engine.table_of(make, view))


def link(view: Selection) -> None:
    """Give the address that reopens this page, and say where the numbers are from."""
    bare = replace(view, near="", places=Selection().places)
    base = (st.context.url or "").split("?")[0]
    st.markdown("##### Link to this page")
    st.code(f"{base}?{urlencode(bare.query(), doseq=True)}", language=None, wrap_lines=True)
    stamp = services.engine.provenance(view)
    st.caption(f"{stamp.source}; {stamp.vintage}. Tables {stamp.dataset}.")
