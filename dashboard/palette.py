"""Colours of the Atlas: one sequential scale, one accent, and the same on maps and charts.

The band scale runs from pale (near) to dark blue (far). Its lightness falls at every step, so
it survives greyscale printing and every common form of colour blindness; nothing else on the
map is blue. Treatment centres carry the only warm, saturated colour.
"""

from collections.abc import Sequence
from typing import Final

BAND_COLOURS: Final[tuple[str, ...]] = (
    "#fdf6d3",
    "#cae7b4",
    "#8ecfba",
    "#52b3c1",
    "#2a86b5",
    "#27579b",
    "#1a2a63",
)
"""Seven classes, from nearest to farthest."""

DIVERGING: Final[tuple[str, ...]] = (
    "#1b7837",
    "#7fbf7b",
    "#d9f0d3",
    "#f7f7f7",
    "#e7d4e8",
    "#af8dc3",
    "#762a83",
)
"""Seven classes from less (green) through equal to more (purple); the colour-blind tell them apart,
and neither end is the blue of the bands or the accent."""

MINUTE_EDGES: Final[tuple[float, ...]] = (30.0, 60.0, 90.0, 120.0, 180.0, 240.0)
"""Upper, inclusive edges of all but the last band, in minutes."""
MILE_EDGES: Final[tuple[float, ...]] = (25.0, 50.0, 75.0, 100.0, 150.0, 200.0)
"""The same for distances in miles."""
KM_EDGES: Final[tuple[float, ...]] = (40.0, 80.0, 120.0, 160.0, 240.0, 320.0)
"""The same for distances in kilometres."""

NO_DATA: Final = "#e3e4e6"
NO_DATA_INK: Final = "#c4c6ca"
UNREACHABLE: Final = "#8b8590"
UNREACHABLE_INK: Final = "#c9c4cd"

ACCENT: Final = "#d1431f"
"""The one accent: treatment centres, the selected thing, the line that matters in a chart."""
ACCENT_DARK: Final = "#8c2408"
INK: Final = "#1f2933"
MUTED: Final = "#5c6773"
LINE: Final = "#d5dae0"
SEA: Final = "#f3f5f7"
LAND: Final = "#e6e9ed"
WHITE: Final = "#ffffff"


def sequential(count: int, scale: Sequence[str] = BAND_COLOURS) -> tuple[str, ...]:
    """Spread a number of classes evenly over the band scale.

    Parameters
    ----------
    count : int
        Classes, at least 1.
    scale : sequence of str, optional
        Colours in order, as #rrggbb.

    Returns
    -------
    tuple of str
        From nearest to farthest; lightness falls at every step, as in the scale itself.

    Examples
    --------
    >>> sequential(7) == BAND_COLOURS
    True
    >>> sequential(2)
    ('#fdf6d3', '#1a2a63')
    """
    anchors = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in scale]
    found = []
    for number in range(count):
        place = number * (len(anchors) - 1) / max(count - 1, 1)
        low = min(int(place), len(anchors) - 2)
        part = place - low
        mixed = (
            round(a + part * (b - a)) for a, b in zip(anchors[low], anchors[low + 1], strict=True)
        )
        found.append("#" + "".join(f"{channel:02x}" for channel in mixed))
    return tuple(found)
