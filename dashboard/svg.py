"""Light drawings for the first page: a result in, an SVG out (pure).

The chart library of the other pages is 1.4 MB on the wire, more than half of what the whole first
page may weigh (docs/adr/0003), so the Overview's two charts are drawn here. They use the page's own
text colour (`currentColor`), so they follow the light and the dark theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dashboard.palette import ACCENT

WIDTH: Final = 560
HEIGHT: Final = 260
LEFT: Final = 44
RIGHT: Final = 12
TOP: Final = 14
BOTTOM: Final = 40
FONT: Final = 12.5
SHARE_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
X_TICKS: Final = 6
HOVER_POINTS: Final = 61


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
    at: float,
    at_share: float,
    unit: str,
    title: str,
) -> str:
    """Draw the share of people covered against the threshold, with its band.

    Parameters
    ----------
    thresholds : ndarray, shape (k,)
        Increasing, in `unit`.
    share, low, high : ndarray, shape (k,)
        0 to 1, or nan where there are no people.
    at, at_share : float
        The chosen threshold and the share there, marked.
    unit : str
        "minutes" or "miles".
    title : str
        What a screen reader says.

    Returns
    -------
    str
        One `<svg>` element that scales to its container.
    """
    frame = _Frame(float(thresholds[-1]))
    parts = [*_share_axis(), *_x_axis(frame, unit)]
    if np.isfinite(share).all():
        band = [(x, y) for x, y in zip(thresholds, high, strict=True)]
        band += [(x, y) for x, y in zip(thresholds[::-1], low[::-1], strict=True)]
        parts.append(
            f'<polygon points="{_points(frame, band)}" fill="{ACCENT}" fill-opacity="0.18"/>'
        )
        line = list(zip(thresholds, share, strict=True))
        parts.append(
            f'<polyline points="{_points(frame, line)}" fill="none" stroke="{ACCENT}" '
            'stroke-width="2.2" stroke-linejoin="round"/>'
        )
        parts += _mark(frame, at, at_share, unit)
        parts += _hover(frame, thresholds, share, low, high, unit)
    else:
        parts.append(_text(WIDTH / 2, HEIGHT / 2, "No people to count in this view", "middle"))
    return _svg(parts, HEIGHT, title)


def bars(
    labels: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    title: str,
    mark: tuple[float, str] | None = None,
) -> str:
    """Draw horizontal bars with a label before and a text after each.

    Parameters
    ----------
    labels, texts : sequence of str, length k
        What stands before and after each bar.
    values : sequence of float, length k
        Lengths, as shares of the longest possible bar, 0 to 1.
    title : str
        What a screen reader says.
    mark : tuple of float and str, optional
        A line across all bars, at a length, with its name.

    Returns
    -------
    str
        One `<svg>` element that scales to its container.
    """
    row, start, end = 26, 178, 150
    room = WIDTH - start - end
    parts: list[str] = []
    for i, (label, value, text) in enumerate(zip(labels, values, texts, strict=True)):
        middle = row * i + row / 2 + FONT * 0.35
        length = max(room * value, 1.5)
        parts.append(_text(start - 8, middle, label, "end"))
        parts.append(
            f'<rect x="{start}" y="{row * i + 5}" width="{length:.1f}" height="{row - 10}" '
            f'fill="{ACCENT}" rx="1"/>'
        )
        parts.append(_text(start + length + 7, middle, text, "start", weight=600))
    height = row * len(labels)
    if mark is not None:
        x = start + room * mark[0]
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}" stroke="currentColor" '
            'stroke-dasharray="3 3" stroke-opacity="0.6"/>'
        )
        parts.append(_text(x, height + FONT, mark[1], "middle"))
        height += row
    return _svg(parts, height, title)


def _svg(parts: Sequence[str], height: float, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(title)}" '
        f'style="width:100%;height:auto;display:block;font-variant-numeric:tabular-nums" '
        f'font-size="{FONT}" '
        'font-family="inherit">'
        f"{''.join(parts)}</svg>"
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
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            'stroke="currentColor" stroke-opacity="0.14"/>'
        )
        parts.append(_text(LEFT - 6, y + FONT * 0.35, f"{share:.0%}", "end"))
    return parts


def _x_axis(frame: _Frame, unit: str) -> list[str]:
    parts = [
        _text(frame.x(value), HEIGHT - BOTTOM + 17, f"{value:g}", "middle")
        for value in np.linspace(0, frame.x_max, X_TICKS)
    ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    spoken = {"minutes": "minutes of travel", "miles": "miles of travel"}.get(unit, unit)
    parts.append(_text(middle, HEIGHT - 5, f"Threshold, {spoken}", "middle"))
    return parts


def _mark(frame: _Frame, at: float, at_share: float, unit: str) -> list[str]:
    x, y = frame.x(at), frame.y(at_share)
    right = at < frame.x_max * 0.6
    below = at_share > 0.5  # noqa: PLR2004 - the half of the chart with room for the words
    return [
        (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y:.1f}" y2="{frame.y(0):.1f}" '
            'stroke="currentColor" stroke-dasharray="3 3" stroke-opacity="0.6"/>'
        ),
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{ACCENT}" stroke="white"/>',
        _text(
            x + (9 if right else -9),
            y + (20 if below else -10),
            f"{at_share:.1%} within {at:g} {unit}",
            "start" if right else "end",
            weight=600,
        ),
    ]


def _hover(
    frame: _Frame,
    thresholds: NDArray[np.float64],
    share: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    unit: str,
) -> list[str]:
    """Invisible strips whose native tooltip gives the numbers."""
    chosen = np.unique(np.linspace(0, thresholds.size - 1, HOVER_POINTS).astype(int))
    step = (WIDTH - LEFT - RIGHT) / max(chosen.size - 1, 1)
    return [
        f'<rect x="{frame.x(thresholds[i]) - step / 2:.1f}" y="{TOP}" width="{step:.1f}" '
        f'height="{HEIGHT - TOP - BOTTOM}" fill="transparent"><title>{thresholds[i]:g} {unit}: '
        f"{share[i]:.1%} covered ({low[i]:.1%} to {high[i]:.1%})</title></rect>"
        for i in chosen
    ]
