"""The map of patients a year by county (pure)."""

from typing import Final

import numpy as np
import pandas as pd

from dashboard import map_spec, palette
from dashboard.map_assets import AssetPaths
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec, area_layer
from dashboard.patient_state import INDICATIONS, PatientSettings
from dashboard.state import Selection
from geo.demand import PER
from geo.results import Floats

CLASSES: Final = 5
DIGITS: Final = (2, 3, 4)
MOST_DECIMALS: Final = 6


def heading(settings: PatientSettings) -> str:
    """Say what the shading means.

    >>> heading(PatientSettings(of="ra", year=2030))
    'Patients in 2030 per 100,000 residents: Rheumatoid arthritis'
    """
    what = INDICATIONS[settings.of] if settings.of else "all that are switched on"
    unit = " per 100,000 residents" if settings.shade == "rate" else ""
    return f"Patients in {settings.year}{unit}: {what}"


def edges_of(values: Floats) -> tuple[float, ...]:
    """Choose round edges between classes, about as many areas in each.

    Parameters
    ----------
    values : ndarray, shape (m,)
        Values of the areas; nan for none.

    Returns
    -------
    tuple of float
        Rising, with two digits that count, or more where areas are nearly alike; at most
        `CLASSES` - 1, fewer where they are alike, (1.0,) where there is nothing.

    Examples
    --------
    >>> edges_of(np.arange(1.0, 101.0))
    (21.0, 41.0, 60.0, 80.0)
    >>> edges_of(np.zeros(3))
    (1.0,)
    """
    known = values[np.isfinite(values) & (values > 0)]
    if known.size == 0:
        return (1.0,)
    cuts = np.quantile(known, np.arange(1, CLASSES) / CLASSES)
    found: tuple[float, ...] = ()
    for digits in DIGITS:
        found = tuple(sorted({float(f"{cut:.{digits}g}") for cut in cuts}))
        if len(found) == CLASSES - 1:
            break
    return found


def values_of(settings: PatientSettings, patients: Floats, people: Floats) -> Floats:
    """Turn patients of counties into what is shaded; nan where nobody lives.

    Parameters
    ----------
    patients, people : ndarray, shape (g,)
        By county.

    Returns
    -------
    ndarray, shape (g,)
    """
    nowhere = np.full(people.shape, np.nan)
    if settings.shade == "count":
        return np.where(people > 0, patients, nowhere)
    rate: Floats = np.divide(patients * PER, people, out=nowhere, where=people > 0)
    return rate


def build(
    assets: AssetPaths,
    view: Selection,
    settings: PatientSettings,
    counties: list[str],
    patients: Floats,
    people: Floats,
    centres: pd.DataFrame,
) -> tuple[MapSpec, MapKey]:
    """Compose the map.

    Parameters
    ----------
    assets : AssetPaths
        Published outlines.
    view : Selection
        State in focus.
    settings : PatientSettings
        Year, indication, and what is shaded.
    counties : list of str
        Codes of g counties.
    patients, people : ndarray, shape (g,)
        By county.
    centres : DataFrame
        Treatment centres that count.

    Returns
    -------
    MapSpec
        For `render_map`.
    str
        Explains colours and symbols, as HTML for `st.html`.
    """
    values = values_of(settings, patients, people)
    edges = edges_of(values)
    colours = palette.sequential(len(edges) + 1)
    known = set(assets.counties)
    areas = area_layer(
        assets,
        "county",
        {code: float(v) for code, v in zip(counties, values, strict=True) if code in known},
        edges=edges,
        unit=" per 100,000" if settings.shade == "rate" else " patients",
        colours=colours,
        decimals=int(np.clip(2 - np.floor(np.log10(edges[0])), 0, MOST_DECIMALS)),
    )
    legend = MapKey(
        title=heading(settings),
        edges=edges,
        colours=colours,
        sites=map_spec.site_styles(view, blood=False),
        unreachable="",
        no_data="Nobody counted lives here",
    )
    return map_spec.thematic(assets, view, areas, heading(settings), centres), legend
