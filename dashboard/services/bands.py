"""Drive-time bands, answered once per question; see `dashboard.bands` for what they say.

The grid and its legs are the same for every question. A surface is kept in memory, since other
edges need no other search; polygons for a file are made when it is asked for.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard import bands as bands_of
from dashboard import exports, kept_legs, map_spec, queries
from dashboard.map_layers import MapSpec, PolygonLayer
from dashboard.services import engine
from dashboard.services.cache import cached
from dashboard.state import CentreQuery, ModelName, Selection
from data import load
from geo.contours import bands, regions
from geo.network import Access
from geo.results import DistributionResult
from geo.surface import Geometries, Grid, Surface, grid_access, surface
from geo.travel import Road

SURFACES: Final = 8
"""One takes 16 MB: minutes by cell, and the same laid out for interpolation."""
DRAWINGS: Final = 32
"""One is some 100 kB of outlines."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where the bands lead to.

    Parameters
    ----------
    centres : CentreQuery
        Which treatment centres count.
    ages : str
        Whose travel.
    model : {'road', 'detour', 'straight'}
        How they travel.
    site : str
        The one site, treatment or blood centre; "" for all centres that count.
    tables : str
        Fingerprint.
    """

    centres: CentreQuery
    ages: str
    model: ModelName
    site: str
    tables: str

    @classmethod
    def of(cls, view: Selection) -> "Goal":
        """Take from a view what decides its surface; filters do not matter to a single site."""
        centres = CentreQuery(facilities=view.facilities) if view.site else view.centres
        ages = Selection().ages if view.site else view.ages
        return cls(centres, ages, view.model, view.site, engine.tables())


def shown(view: Selection) -> bool:
    """Whether a view shows bands."""
    return view.level == "bands"


def prepare() -> None:
    """Make the first bands fast: find the legs of all cells, or read them from the disk.

    Takes some 15 seconds the first time. Other threads can run meanwhile.
    """
    _legs(engine.tables())


@cached(2)
def grid(tables: str) -> Grid:  # noqa: ARG001 - part of the key
    """Lay the grid over the land."""
    return Grid.over(load.states().geometry.to_numpy())


@cached(2)
def _legs(tables: str) -> Access:
    cells, key = grid(tables), kept_legs.key_of(tables)
    found = kept_legs.read(key, cells)
    if found is None:
        road = engine.model_of("road", tables)
        assert isinstance(road, Road)
        found = grid_access(road, cells)
        kept_legs.write(key, found)
    return found


def _sites(goal: Goal) -> pd.DataFrame:
    """Rows of the sites: the one chosen, or all centres that treat the audience."""
    chosen = engine.centres_of(goal.centres, goal.tables)
    if not goal.site:
        return bands_of.for_surface(chosen, goal.ages)
    for frame in (chosen, load.treatment_centers(), load.blood_centers()):
        hit = frame[frame["id"] == goal.site]
        if len(hit):
            return hit
    return chosen.iloc[:0]


@cached(SURFACES)
def _surface(goal: Goal) -> Surface:
    model = engine.model_of(goal.model, goal.tables)
    legs = _legs(goal.tables) if goal.model == "road" else None
    return surface(model, grid(goal.tables), queries.points_of(_sites(goal)), legs)


@cached(DRAWINGS)
def _layer(goal: Goal, edges: tuple[float, ...]) -> PolygonLayer:
    within, no_road = regions(_surface(goal), edges, bands_of.DRAWN_DEGREES)
    return bands_of.layer(within, no_road, edges, one_site=bool(goal.site))


def on_map(spec: MapSpec, view: Selection) -> MapSpec:
    """Draw the bands of a view, of the selected site when there is one, instead of shaded areas."""
    drawn = _layer(Goal.of(view), view.bands)
    return map_spec.with_bands(spec, drawn, view, site_name=site_name(view))


@cached(DRAWINGS)
def _site_people(goal: Goal, edges: tuple[float, ...], ages: str, state: str) -> DistributionResult:
    areas, sites = engine.areas_of(goal.tables), _sites(goal)
    model, access = (
        engine.model_of(goal.model, goal.tables),
        engine.access_of(goal.model, goal.tables),
    )
    minutes = queries.matrix_for(model, areas, sites, access).minutes[:, 0]
    persons = bands_of.treated_persons(areas, sites.iloc[0], ages, state)
    return bands_of.people(minutes.astype(np.float64), persons, edges)


@cached(DRAWINGS)
def _people(scope: engine.Scope, edges: tuple[float, ...]) -> DistributionResult:
    rows = engine.rows_in(scope)
    return bands_of.people(rows.minutes, rows.persons, edges)


def people(view: Selection) -> DistributionResult:
    """Count the people of every band, of the state in focus if there is one.

    Of all centres: everybody by the way to a centre that treats them, as in every other count.
    """
    if view.site:
        return _site_people(Goal.of(view), view.bands, view.ages, view.state)
    return _people(engine.Scope.of(view), view.bands)


def site_name(view: Selection) -> str:
    """Name the selected site; "" when none is selected."""
    found = _sites(Goal.of(view)) if view.site else pd.DataFrame()
    if found.empty:
        return ""
    site = found.iloc[0]
    return str(site["name"] if "name" in site.index else f"{site['org']}: {site['facility']}")


def sentence(view: Selection) -> str:
    """State how many people live within each edge."""
    return bands_of.sentence(people(view), view, site_name(view))


def reading_table(view: Selection) -> pd.DataFrame:
    """Tabulate the bands for reading."""
    return bands_of.reading_table(people(view))


def frame(view: Selection) -> pd.DataFrame:
    """Tabulate the bands for download."""
    return bands_of.table(people(view))


def _land(state: str) -> Geometries:
    states = load.states()
    kept = states[states["state"] == state] if state else states
    found: Geometries = kept.geometry.to_numpy()
    return found


def layer_of(view: Selection) -> exports.Layer:
    """Offer the bands as a layer: the land of the state in focus, or of the whole country."""
    goal = Goal.of(view)

    def make() -> gpd.GeoDataFrame:
        cut = bands(_surface(goal), view.bands, _land(view.state))
        return bands_of.features(cut, people(view), one_site=bool(view.site))

    return exports.Layer(make, engine.provenance(view))
