"""Colours of the Atlas: one sequential scale, one accent, and the same on maps and charts.

The band scale runs from pale (near) to dark blue (far). Its lightness falls at every step, so
it survives greyscale printing and every common form of colour blindness; nothing else on the
map is blue. Treatment centres carry the only warm, saturated colour.
"""

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
