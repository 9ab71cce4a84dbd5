"""Names of candidate sites, as files and URLs write them.

A blood centre has its number ("BC001"), a metro area or county its kind and code ("cbsa:26420",
"county:48201"), a hospital its register and number ("cms:010001", "hifld:0001336420"), a row of a
reader's own file its own id or its position ("own:3"), and a point on the map its coordinates
("@29.76,-95.37").
"""

import re
import unicodedata
from typing import Final

FORM: Final = re.compile(r"\w[\w .:/#+-]{0,59}")
FORM_IN_WORDS: Final = (
    "1 to 60 letters, digits, spaces or . : / # + - _, beginning with a letter or digit"
)
POINT: Final = "@"
DECIMALS: Final = 5
"""Of the degrees of a point: about a metre."""
_POINT_FORM: Final = re.compile(r"@(-?\d{1,3}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)")


def tidy(text: str) -> str | None:
    """Write a name of a candidate the one way that is kept; None for what is no name.

    >>> tidy(" BC001 "), tidy("@29.7600,-95.370"), tidy("@29.76"), tidy("<b>")
    ('BC001', '@29.76,-95.37', None, None)
    """
    stripped = unicodedata.normalize("NFC", text.strip())
    if stripped.startswith(POINT):
        found = point_of(stripped)
        return None if found is None else point_id(*found)
    return stripped if FORM.fullmatch(stripped) else None


def point_id(lat: float, lon: float) -> str:
    """Name of a point on the map.

    Parameters
    ----------
    lat, lon : float
        EPSG:4326 decimal degrees; rounded to `DECIMALS`.

    Returns
    -------
    str

    Examples
    --------
    >>> point_id(29.76, -95.370001), point_id(-0.000001, 10)
    ('@29.76,-95.37', '@0,10')
    """
    return f"{POINT}{_degrees(lat)},{_degrees(lon)}"


def point_of(name: str) -> tuple[float, float] | None:
    """Latitude and longitude of the name of a point; None for any other name.

    >>> point_of("@29.76,-95.37"), point_of("BC001"), point_of("@91,0")
    ((29.76, -95.37), None, None)
    """
    found = _POINT_FORM.fullmatch(name)
    if found is None:
        return None
    lat, lon = float(found[1]), float(found[2])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004 - degrees


def _degrees(value: float) -> str:
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
