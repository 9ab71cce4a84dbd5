"""Light drawings for the first page: a result in, an SVG or HTML text out (pure).

The chart library of the other pages is 1.4 MB on the wire, more than half of what the whole first
page may weigh (docs/adr/0003), so the Overview's charts are drawn here. Bars are HTML, so that
they keep the page's own text size on a phone and its colours in the dark theme; the curve is an
SVG image, which knows nothing of the page and is told its ink.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dashboard.palette import ACCENT, INK

WIDTH: Final = 400
HEIGHT: Final = 262
LEFT: Final = 40
RIGHT: Final = 10
TOP: Final = 12
BOTTOM: Final = 42
FONT: Final = 13
BASELINE: Final = FONT * 0.35
SHARE_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
X_TICKS: Final = 6
INK_ON_DARK: Final = "#d9dee4"
SPOKEN: Final = {"minutes": "minutes of travel", "miles": "miles of travel"}


@dataclass(frozen=True, slots=True)
class _Frame:
    """Maps data to pixels."""

    x_max: float

    def x(self, value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * value / self.x_max

    def y(self, share: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def curve(
    thresholds: NDArray[np.float64],
    share: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    *,
    at: tuple[float, float],
    unit: str,
    dark: bool = False,
) -> str:
    """Draw the share of people covered against the threshold, with its band.

    Parameters
    ----------
    thresholds : ndarray, shape (k,)
        Increasing, in `unit`.
    share, low, high : ndarray, shape (k,)
        0 to 1, or nan where there are no people.
    at : tuple of float
        The chosen threshold and the share there, marked.
    unit : str
        "minutes" or "miles".
    dark : bool, optional
        Whether the page behind is dark.

    Returns
    -------
    str
        One `<svg>` element without a size of its own.
    """
    frame = _Frame(float(thresholds[-1]))
    parts = [*_share_axis(), *_x_axis(frame, unit)]
    if np.isfinite(share).all():
        band = list(zip(thresholds, high, strict=True))
        band += list(zip(thresholds[::-1], low[::-1], strict=True))
        line = list(zip(thresholds, share, strict=True))
        parts += [
            f'<polygon points="{_points(frame, band)}" fill="{ACCENT}" fill-opacity="0.22"/>',
            (
                f'<polyline points="{_points(frame, line)}" fill="none" stroke="{ACCENT}" '
                f'stroke-width="2" stroke-linejoin="round"/>'
            ),
            *_mark(frame, *at, unit),
        ]
    else:
        parts.append(_text(WIDTH / 2, HEIGHT / 2, "No people to count in this view", "middle"))
    ink = INK_ON_DARK if dark else INK
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'color="{ink}" font-size="{FONT}" '
        f"font-family=\"'Source Sans 3','Source Sans Pro','Helvetica Neue',Arial,sans-serif\">"
        f"{''.join(parts)}</svg>"
    )


def bars(
    labels: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    *,
    title: str,
    mark: tuple[float, str] | None = None,
) -> str:
    """Draw horizontal bars with a label before and a text after each, as HTML.

    Parameters
    ----------
    labels, texts : sequence of str, length k
        What stands before and after each bar.
    values : sequence of float, length k
        Lengths, 0 to 1 of the longest possible bar; nan draws none.
    title : str
        What a screen reader says first.
    mark : tuple of float and str, optional
        A line across all bars, at a length, with its name beneath.

    Returns
    -------
    str
        For `st.html`.
    """
    rows = [
        f'<span style="text-align:right">{escape(label)}</span>'
        f'<span style="position:relative;height:.8em;background:#8884;border-radius:1px">'
        f'<span style="position:absolute;inset:0 auto 0 0;width:{_length(value):.1f}%;'
        f'background:{ACCENT};border-radius:1px"></span>{_line(mark)}</span>'
        f"<span>{escape(text)}</span>"
        for label, value, text in zip(labels, values, texts, strict=True)
    ]
    if mark is not None:
        rows.append(
            f'<span></span><span style="position:relative;height:1.2em"><span style="'
            f"position:absolute;left:{_length(mark[0]):.1f}%;transform:translateX(-50%);"
            f'white-space:nowrap">{escape(mark[1])}</span></span><span></span>'
        )
    return (
        f'<div role="img" aria-label="{escape(title)}" style="display:grid;'
        f"grid-template-columns:minmax(5.5em,auto) minmax(3em,1fr) auto;gap:.35em .7em;"
        f'align-items:center;font-size:.9rem;font-variant-numeric:tabular-nums">{"".join(rows)}'
        f"</div>"
    )


def _length(value: float) -> float:
    return 0.0 if np.isnan(value) else 100 * min(max(value, 0.0), 1.0)


def _line(mark: tuple[float, str] | None) -> str:
    if mark is None:
        return ""
    return (
        f'<span style="position:absolute;top:-.35em;bottom:-.35em;left:{_length(mark[0]):.1f}%;'
        f'border-left:1px dashed currentColor"></span>'
    )


def _text(x: float, y: float, text: str, anchor: str, *, weight: int = 400) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="currentColor">{escape(text)}</text>'
    )


def _points(frame: _Frame, points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in points)


def _share_axis() -> list[str]:
    frame = _Frame(1.0)
    parts = []
    for share in SHARE_TICKS:
        y = frame.y(share)
        parts += [
            (
                f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                f'stroke="currentColor" stroke-opacity="0.16"/>'
            ),
            _text(LEFT - 5, y + BASELINE, f"{share:.0%}", "end"),
        ]
    return parts


def _x_axis(frame: _Frame, unit: str) -> list[str]:
    parts = [
        _text(frame.x(value), HEIGHT - BOTTOM + 17, f"{value:g}", "middle")
        for value in np.linspace(0, frame.x_max, X_TICKS)
    ]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 5, SPOKEN.get(unit, unit), "middle"))
    return parts


def _mark(frame: _Frame, at: float, at_share: float, unit: str) -> list[str]:
    x, y = frame.x(at), frame.y(at_share)
    right = at < frame.x_max * 0.55
    below = at_share > 0.5  # noqa: PLR2004 - the half of the chart with room for the words
    return [
        (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y:.1f}" y2="{frame.y(0):.1f}" '
            f'stroke="currentColor" stroke-dasharray="3 3" stroke-opacity="0.6"/>'
        ),
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{ACCENT}" stroke="white"/>',
        _text(
            x + (9 if right else -9),
            y + (22 if below else -10),
            f"{at_share:.1%} within {at:g} {unit}",
            "start" if right else "end",
            weight=600,
        ),
    ]
