"""Widgets that more than one page needs, bound to the URL.

Widget values are checked again by `state.parse`: what a browser sends is user input too.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import address, bands, errors, exports, services, url_settings
from dashboard.state import (
    BLOOD_MAX,
    DEFAULT,
    LABELS,
    LAYERS,
    NAMES,
    NEAR_CHARS,
    WITH_DECAY,
    WITHIN_MAX,
    WITHIN_MIN,
    Selection,
    labelled_query,
    parse,
)

SIDEBAR_KEYS: Final = (
    "within",
    "metric",
    "ages",
    "therapy",
    "evidence",
    "low",
    "state",
    "model",
    "units",
)
WHOLE_COUNTRY: Final = frozenset({"state", "region", "division"})
"""Breakdowns that leave a single group when one state is in focus."""
DERIVED_KEYS: Final = ("site", "county", "desert")
"""Set by a click on the map, not by a widget."""
REGION_KEY: Final = "region"
"""Set by the Region page; a click on a map leaves it."""
_SEEN: Final = "_url_seen"
_PROBLEMS: Final = "_url_problems"
_SELECTION: Final = "_selection"
_FACILITIES: Final = "_facilities"
_FIRST_PLACES: Final = "_first_places"
_GOOD_BANDS: Final = "_good_bands"

Columns = dict[str, ColumnConfig | str | None]
"""Columns of a table in order, with their configuration."""
URL: Final = "query-params"
_MIME: Final = {"csv": "text/csv", "geojson": "application/geo+json"}


def adopt_url() -> None:
    """Check the URL once, when a visit starts, and put its identifiers as the widgets write them.

    Bound widgets read labels and drop what they do not know without a word; this keeps the list
    of what was dropped for `url_problems`.
    """
    if _SEEN in st.session_state:
        return
    raw = address.read()
    parsed = url_settings.parse(raw, known=services.engine.known())
    st.session_state[_SEEN] = True
    st.session_state[_PROBLEMS] = (parsed.problems, None)
    clean = parsed.query()
    if {key: [value] if isinstance(value, str) else value for key, value in clean.items()} != raw:
        address.replace(clean)
        st.rerun()


def url_problems(selection: Selection) -> None:
    """Show what the URL asked for in vain, until the reader changes something."""
    problems, shown_with = st.session_state.get(_PROBLEMS, ((), None))
    if not problems:
        return
    if shown_with not in (None, selection):
        del st.session_state[_PROBLEMS]
        return
    st.session_state[_PROBLEMS] = (problems, selection)
    st.warning(
        f"{errors.listing(problems)}\n\nThe rest of the link was used.",
        title="Parts of this link could not be used",
        icon=":material/link_off:",
    )


def sidebar() -> Selection:
    """Draw the settings all pages share, and return the view.

    Returns
    -------
    Selection
        Also kept for `selection`, which pages call.
    """
    with st.sidebar:
        is_minutes = st.session_state.get("metric", "minutes") == "minutes"
        st.slider(
            "Within (minutes)" if is_minutes else "Within (miles)",
            WITHIN_MIN,
            WITHIN_MAX,
            DEFAULT.within,
            1.0,
            format="%g",
            key="within",
            bind=URL,
            help="People farther than this from the nearest centre count as too far. A person "
            "exactly at the threshold is within it.",
        )
        _choice("Threshold in", "metric")
        _select(
            "Travel by",
            "model",
            hint="How far is far: by road, in a straight line, or a straight line times a factor "
            "for detours. Coverage gaps compares road and straight line.",
        )
        _choice(
            "Who",
            "ages",
            hint="All people: adults to centres that treat adults, children to "
            "centres that treat children.",
        )
        _select("Therapy", "therapy")
        _select(
            "Evidence",
            "evidence",
            hint="The weakest evidence on which a hospital still counts as giving the therapy.",
        )
        st.toggle(
            "Include low-confidence rows",
            DEFAULT.low_confidence,
            key="low",
            bind=URL,
            help="Rows whose identity or address is itself in doubt.",
        )
        _select("Focus on", "state")
        _choice("Distances in", "units")
    query = {key: _text(st.session_state.get(key)) for key in SIDEBAR_KEYS}
    set_by_hand = (*DERIVED_KEYS, REGION_KEY)
    query |= address.single(set_by_hand)
    given = {key: value for key, value in query.items() if value is not None}
    chosen = parse(given, known=services.engine.known()).selection
    return remember(with_facilities(chosen))


def remember(chosen: Selection) -> Selection:
    """Keep the view for the rest of this run."""
    st.session_state[_SELECTION] = chosen
    return chosen


def selection() -> Selection:
    """Return the view that the shell has drawn."""
    found: Selection = st.session_state[_SELECTION]
    return found


def map_controls() -> Selection:
    """Draw search and switches of the Map page, and return the view with them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search_box(forget_click)
        _select("Blood centres by role", "role", width=200)
        _network()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pills(
            "Layers",
            list(LAYERS),
            selection_mode="multi",
            default=list(DEFAULT.layers),
            format_func=_labels("layers"),
            key="layers",
            bind=URL,
        )
        _choice("Shade", "level")
        if st.session_state.get("level") == "bands":
            written = st.text_input(
                "Bands, in minutes",
                bands.written_edges(DEFAULT.bands),
                key="bands",
                bind=URL,
                max_chars=60,
                width=240,
                help="Upper edges of the bands with commas between them, such as 30,60,120. A "
                "place exactly at an edge is within it.",
            )
    view = _with_page_keys("near", "role", "network", "layers", "level")
    return view if view.level != "bands" else _with_bands(view, written)


def _with_bands(view: Selection, written: str) -> Selection:
    """Take typed bands, or say what is wrong with them and keep the last good ones."""
    edges, problems = bands.read_edges(written)
    if problems:
        edges = st.session_state.get(_GOOD_BANDS, DEFAULT.bands)
        st.warning(bands.problem_message(problems, edges), icon=":material/edit_off:")
    st.session_state[_GOOD_BANDS] = edges
    return remember(replace(view, bands=edges))


def search_box(on_change: Callable[[], None]) -> None:
    """Draw the box in which a reader types what to find.

    Parameters
    ----------
    on_change : callable
        Called when something else is searched for, before the page is drawn again.
    """
    st.text_input(
        "Find a ZIP code, city, county, state or facility",
        key="near",
        bind=URL,
        max_chars=NEAR_CHARS,
        type="search",
        placeholder="77030, Harris County, Texas, Mayo Clinic",
        icon=":material/search:",
        width=360,
        on_change=on_change,
    )


def search_for(words: str) -> None:
    """Type something else into the search box; a callback."""
    st.session_state["near"] = words
    forget_click()


def forget_click() -> None:
    """Drop what was clicked on the map, as something else was asked for; a callback."""
    select_on_map("", "")


def focus_on(state: str) -> None:
    """Put a state in focus and end the search for it; a callback."""
    st.session_state["state"] = state
    st.session_state["near"] = ""


def region_kind(on_change: Callable[[], None]) -> Selection:
    """Draw the choice of the kind of region, and return the view with it and with the search.

    The kind follows the region that is open.

    Parameters
    ----------
    on_change : callable
        Called when another kind is chosen, before the page is drawn again.
    """
    kind = selection().region.partition(":")[0]
    follows = bool(kind) and st.session_state.get("places", DEFAULT.places) != kind
    if follows:
        st.session_state["places"] = kind
    _choice("Kind of region", "places", on_change=on_change, preset=not follows)
    return _with_page_keys("near", "places")


def open_region(key: str) -> None:
    """Open a region such as "hrr:226", or none for ""; a callback."""
    address.write({REGION_KEY: key} if key else {}, (REGION_KEY,))


def topic_control() -> Selection:
    """Draw the choice of topic of the gaps page, and return the view with it."""
    _choice("Topic", "topic")
    return _with_page_keys("topic")


def opportunity_controls() -> Selection:
    """Draw what counts as near a blood centre, and return the view with it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            "Blood centre within (minutes)",
            WITHIN_MIN,
            BLOOD_MAX,
            DEFAULT.blood_within,
            1.0,
            format="%g",
            key="blood",
            bind=URL,
            help="People at most this far from a blood centre count as near one.",
            width=310,
        )
        _select("Role of the blood centre", "role", width=200)
        _network()
    return _with_page_keys("blood", "role", "network")


def desert_controls() -> Selection:
    """Draw where deserts end and what counts as near a blood centre; return the view with it."""
    _choice(
        "Deserts",
        "cut",
        hint="Much of the rural country hangs together. Ending deserts at state lines makes them "
        "comparable; a state in focus always ends them.",
    )
    opportunity_controls()
    return _with_page_keys("cut")


def score_controls() -> Selection:
    """Draw the accessibility score and, where it has one, its decay; return the view with them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choice(
            "Score",
            "score",
            hint="2SFCA counts every trip within the threshold alike. E2SFCA and 3SFCA count a "
            "trip less the longer it is. RAAM weighs travel against crowding.",
        )
        view = _with_page_keys("score")
        if view.score not in WITH_DECAY:
            return view
        _choice("Decay", "decay", hint="How the weight of a trip falls with its length.")
    return _with_page_keys("decay")


def places_control() -> Selection:
    """Draw the choice of places of a topic's table, and return the view with it.

    With one state in focus its counties stand where the states would. The first kind is the one
    that the URL leaves out, so that it changes with the focus unless another was chosen.
    """
    kinds = list(LABELS["places"])[1 if selection().state else 0 :]
    before = st.session_state.get(_FIRST_PLACES)
    if before not in (None, kinds[0]) and st.session_state.get("places") == before:
        del st.session_state["places"]
    st.session_state[_FIRST_PLACES] = kinds[0]
    st.segmented_control(
        "Places",
        kinds,
        default=kinds[0],
        required=True,
        format_func=_labels("places"),
        key="places",
        bind=URL,
    )
    return _with_page_keys("places")


def breakdown_control() -> Selection:
    """Draw the choice of groups of the gaps page, and return the view with it."""
    inside_one_state = bool(selection().state)
    st.selectbox(
        "Break down by",
        [by for by in LABELS["by"] if not (inside_one_state and by in WHOLE_COUNTRY)],
        format_func=_labels("by"),
        key="by",
        bind=URL,
        width=260,
    )
    return _with_page_keys("by")


def dimension_control(dimensions: Sequence[str]) -> Selection:
    """Draw the choice among some breakdowns side by side, and return the view with it.

    Parameters
    ----------
    dimensions : sequence of str
        Choices of "by"; the first where the address names none of them.
    """
    st.segmented_control(
        "Compare by",
        list(dimensions),
        default=dimensions[0],
        required=True,
        format_func=_labels("by"),
        key="by",
        bind=URL,
    )
    return _with_page_keys("by")


def select_on_map(kind: str, identifier: str) -> None:
    """Put a clicked county or site into the URL; anything else clears the selection."""
    chosen = kind in DERIVED_KEYS and identifier
    address.write({kind: identifier} if chosen else {}, DERIVED_KEYS)


def with_clicked(view: Selection) -> Selection:
    """Take from the address what a click on the map of a topic may just have chosen."""
    chosen = parse(address.single(DERIVED_KEYS), known=services.engine.known()).selection
    return replace(view, site=chosen.site, county=chosen.county, desert=chosen.desert)


def download(
    label_: str,
    stem: str,
    make: Callable[[], bytes],
    *,
    view: Selection | None = None,
    suffix: Literal["csv", "geojson"] = "csv",
) -> None:
    """Offer a file that is made only when asked for.

    Parameters
    ----------
    label_ : str
        Text of the button.
    stem : str
        Beginning of the file name, unique on the page.
    make : callable
        Gives the bytes; runs in another thread.
    view : Selection, optional
        Named in the file name.
    suffix : {'csv', 'geojson'}, optional
        Kind of the file.
    """
    st.download_button(
        label_,
        data=make,
        file_name=exports.file_name(stem, view.query_string() if view else "", suffix),
        mime=_MIME[suffix],
        key=f"download_{stem}",
        icon=":material/download:",
        on_click="ignore",
    )


def facilities_banner() -> None:
    """Say on every page that a reader's own facilities stand in for the built-in centres."""
    held = st.session_state.get(_FACILITIES)
    if held is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"All figures use your own {len(held):,} facilities instead of the built-in centres, "
            "in this browser tab only. A link to this page does not carry them.",
            icon=":material/upload_file:",
        )
        st.button("Back to the built-in centres", on_click=drop_facilities, key="drop_facilities")


def use_facilities(frame: pd.DataFrame) -> None:
    """Let a reader's own facilities replace the built-in centres for this session."""
    st.session_state[_FACILITIES] = frame
    services.engine.hold_facilities(frame)


def drop_facilities() -> None:
    """Return to the built-in centres."""
    st.session_state.pop(_FACILITIES, None)


def with_facilities(chosen: Selection) -> Selection:
    """Mark the view with the session's own facilities, if there are some."""
    held = st.session_state.get(_FACILITIES)
    if held is None:
        return chosen
    return replace(chosen, facilities=services.engine.hold_facilities(held))


def _with_page_keys(*keys: str) -> Selection:
    query: dict[str, str | Sequence[str]] = dict(labelled_query(selection().query()))
    for key in keys:
        value = st.session_state.get(key)
        query[key] = [str(v) for v in value] if isinstance(value, list) else _text(value) or ""
    chosen = parse(query).selection
    return remember(replace(chosen, facilities=selection().facilities))


def _labels(key: str) -> Callable[[str], str]:
    return LABELS[key].__getitem__


def _any_network(name: str) -> str:
    return name or "Any network"


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _network() -> None:
    st.selectbox(
        "Blood centres by network",
        ["", *services.engine.networks()],
        format_func=_any_network,
        key="network",
        bind=URL,
        width=220,
    )


def _choice(
    text: str,
    key: str,
    *,
    hint: str | None = None,
    on_change: Callable[[], None] | None = None,
    preset: bool = True,
) -> None:
    st.segmented_control(
        text,
        list(LABELS[key]),
        default=str(getattr(DEFAULT, NAMES[key])) if preset else None,
        required=True,
        format_func=_labels(key),
        key=key,
        bind=URL,
        help=hint,
        on_change=on_change,
    )


def _select(
    text: str,
    key: str,
    *,
    hint: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> None:
    options = list(LABELS[key])
    st.selectbox(
        text,
        options,
        index=options.index(getattr(DEFAULT, key)),
        format_func=_labels(key),
        key=key,
        bind=URL,
        help=hint,
        width=width,
    )
