"""What readers take away: charts and maps as pictures, tables and layers as files.

A page draws a chart or a map through this module, which puts the control to save it beneath. Bytes
are made when a button is pressed, never before.
"""

import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboard import drawings, exports, links, services, text
from dashboard.exports import Layer, Provenance, Table
from dashboard.map_key import MapKey
from dashboard.map_layers import MapEvent, MapSpec
from dashboard.map_view import render_map
from dashboard.prints.caption import KINDS, MIME, SIZES, Caption, Kind, Size
from dashboard.state import Selection

if TYPE_CHECKING:
    import plotly.graph_objects as go

Picture = Callable[[Caption, Kind, Size], bytes]
"""Draws a picture with its caption in a format and a size."""
MOST_TITLE: Final = 200
_TABLE_KINDS: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LAYER_KINDS: Final = {
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
_NAMES: Final = {"csv": "CSV", "xlsx": "XLSX", "geojson": "GeoJSON", "parquet": "GeoParquet"}


def download(
    label: str,
    stem: str,
    made: Table | Layer | Callable[[], bytes],
    *,
    view: Selection | None = None,
) -> None:
    """Offer a file that is made only when asked for.

    Parameters
    ----------
    label : str
        Text of the first button, which gives CSV or GeoJSON.
    stem : str
        Beginning of the file name, unique on the page.
    made : Table, Layer or callable
        A table is offered as CSV and XLSX, a layer as GeoJSON and GeoParquet, anything else as the
        CSV that it gives.
    view : Selection, optional
        Named in the file name.
    """
    query = view.query_string() if view else ""
    if not isinstance(made, Table | Layer):
        _button(label, stem, made, "csv", _TABLE_KINDS["csv"], query)
        return
    linked = made.linked(link_of(made.provenance.view))
    with st.container(horizontal=True, width="content", gap="small"):
        if isinstance(linked, Table):
            _button(label, stem, linked.csv, "csv", _TABLE_KINDS["csv"], query)
            if linked.sheet:
                _button("XLSX", stem, linked.xlsx, "xlsx", _TABLE_KINDS["xlsx"], query)
        else:
            _button(label, stem, linked.geojson, "geojson", _LAYER_KINDS["geojson"], query)
            _button(
                "GeoParquet", stem, linked.geoparquet, "parquet", _LAYER_KINDS["parquet"], query
            )


def _button(
    label: str, stem: str, make: Callable[[], bytes], suffix: str, mime: str, query: str
) -> None:
    first = suffix in ("csv", "geojson")
    st.download_button(
        label,
        data=make,
        file_name=exports.file_name(stem, query, suffix),
        mime=mime,
        key=f"download_{stem}" if first else f"download_{stem}_{suffix}",
        icon=":material/download:" if first else None,
        type="secondary" if first else "tertiary",
        on_click="ignore",
        help=None if first else f"The same as {_NAMES[suffix]}.",
    )


def chart(
    figure: "go.Figure",
    *,
    key: str,
    alt: str,
    finding: str,
    view: Selection,
    stamp: Provenance | None = None,
) -> None:
    """Draw a chart with the control to save it.

    Parameters
    ----------
    figure : Figure
        Of plotly.
    key : str
        Unique on the page.
    alt : str
        What it shows, for readers who cannot see it.
    finding : str
        What it says; its first sentence is the title of the picture.
    view : Selection
        Its settings, named under the title.
    stamp : Provenance, optional
        Where the figures are from; that of the view when left out.
    """
    from dashboard import figures  # noqa: PLC0415 - plotly, which the first page does without

    st.plotly_chart(figure, config=figures.config(key), key=key, alt=alt)
    picture(key, partial(services.prints.of_chart, figure), finding, view, stamp=stamp)


def bars(
    rows: Sequence[tuple[str, float, str]],
    *,
    key: str,
    title: str,
    finding: str,
    view: Selection,
    scale: float = 1.0,
    mark: tuple[float, str] | None = None,
    stamp: Provenance | None = None,
) -> None:
    """Draw light bars with the control to save them as a chart.

    Parameters
    ----------
    rows : sequence of tuple
        Name, share (0 to 1) and value in words of each bar, first on top.
    key, finding, view, stamp
        As in `chart`.
    title : str
        What the bars measure.
    scale : float, optional
        Length of a bar of 1 as a part of the room; small shares would else be slivers.
    mark : tuple of float and str, optional
        Share and name of a line across the bars.
    """
    labels, shares, words = zip(*rows, strict=True) if rows else ((), (), ())
    at = None if mark is None else (mark[0] * scale, mark[1])
    st.html(drawings.bars(labels, [share * scale for share in shares], words, title=title, mark=at))

    def figure() -> "go.Figure":
        from dashboard import figures  # noqa: PLC0415 - plotly, which the first page does without

        return figures.bars(labels, shares, words, title=title, mark=mark)

    picture(key, drawn_later(figure), finding, view, stamp=stamp)


def drawn_later(figure: "Callable[[], go.Figure]") -> Picture:
    """Draw a chart that is made only when it is asked for."""
    return lambda caption, kind, size: services.prints.of_chart(figure(), caption, kind, size)


def draw_map(
    spec: MapSpec,
    legend: MapKey,
    *,
    key: str,
    height: int,
    finding: str,
    view: Selection,
    stamp: Provenance | None = None,
    on_event: Callable[[MapEvent], None] | None = None,
) -> None:
    """Draw a map with its legend and the control to save it; call it inside a fragment.

    Parameters
    ----------
    spec, legend : MapSpec, MapKey
        What it shows, and what explains that.
    key, height, on_event
        As in `map_view.render_map`.
    finding, view, stamp
        As in `chart`.
    """
    render_map(spec, key=key, height=height, on_event=on_event)
    st.html(legend.html)
    stamp = stamp or services.engine.provenance(view)
    picture(
        key,
        partial(services.prints.of_map, spec, legend),
        finding,
        view,
        stamp=stamp,
        layer=Layer(partial(services.prints.features, spec, legend), stamp),
    )


@st.fragment
def picture(
    key: str,
    draw: Picture,
    finding: str,
    view: Selection,
    *,
    stamp: Provenance | None = None,
    layer: Layer | None = None,
) -> None:
    """Offer a picture in every format and size, and the layer beneath a map.

    Parameters
    ----------
    key : str
        Unique on the page.
    draw : callable
        Draws it.
    finding, view, stamp
        As in `chart`.
    layer : Layer, optional
        Of a map.
    """
    menu = st.popover(
        "Save map" if layer else "Save chart",
        icon=":material/download:",
        type="tertiary",
        key=f"save_{key}",
        on_change="rerun",
    )
    if not menu.open:
        return
    stamp = stamp or services.engine.provenance(view)
    with menu:
        title = text.headline_of(finding)
        # Another finding is another title: what a reader wrote was about the former.
        mark = zlib.crc32(title.encode())
        written = st.text_area(
            "Title", title, max_chars=max(MOST_TITLE, len(title)), key=f"title_{key}_{mark}",
            height=96,
        )  # fmt: skip
        size: Size = st.segmented_control(
            "Size", list(SIZES), default="slide", required=True, format_func=SIZES.__getitem__,
            key=f"size_{key}",
        )  # fmt: skip
        caption = Caption(
            title=written.strip() or title,
            subtitle=text.parameters(view),
            source=stamp.source,
            vintage=stamp.vintage,
            dataset=stamp.dataset,
            date=today(),
            link=link_of(stamp.view),
        )
        with st.container(horizontal=True):
            for kind in KINDS:
                st.download_button(
                    kind.upper(),
                    data=partial(draw, caption, kind, size),
                    file_name=exports.file_name(f"{key} {size}", stamp.view, kind),
                    mime=MIME[kind],
                    key=f"picture_{key}_{kind}",
                    on_click="ignore",
                )
        st.caption("With settings, source, date and a link to this view beneath.")
        if layer:
            download("GeoJSON", f"{key}-layer", layer, view=view)
            st.caption("Areas with their values, shapes and sites of this map.")


def link_of(query: str) -> str:
    """Address that reopens the present page with some settings."""
    return links.with_query(st.context.url or "", query)


def today() -> str:
    """Day of an export, in the time of Greenwich."""
    return datetime.now(tz=UTC).date().isoformat()
