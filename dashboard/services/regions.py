"""One region's answers, cached; see `dashboard.regions`."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from dashboard import details, places, queries, regions
from dashboard.map_layers import Bounds, MapSpec, county_bounds, state_bounds
from dashboard.regions import Rank, Region
from dashboard.services import coverage, engine, maps
from dashboard.services.cache import cached
from dashboard.state import Places, Selection
from data import load
from geo.equity import weighted_quantile
from geo.errors import InputError

MARGIN: Final = 0.15
"""Degrees around a region."""
REGION_ENTRIES: Final = 64
"""One entry holds the ZIP areas of a region: some kilobytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What is counted about one region.

    Parameters
    ----------
    region : Region
        Which region.
    headline : Headline
        Its people; the numbers of its row in the breakdown by its kind.
    rank : Rank
        Among regions of its kind.
    compared : DataFrame
        The region, its state and the nation: label, population, beyond, share_beyond, share_low,
        share_high, median (minutes or km).
    groups : DataFrame
        See `regions.compared_groups`.
    areas : DataFrame
        See `regions.worst_areas`.
    used : DataFrame
        See `regions.centres_used`.
    """

    region: Region
    headline: details.Headline
    rank: Rank
    compared: pd.DataFrame
    groups: pd.DataFrame
    areas: pd.DataFrame
    used: pd.DataFrame


@cached(2)
def _labels(tables: str) -> dict[Places, dict[str, str]]:
    return regions.labels(engine.areas_of(tables))


def labels(kind: Places) -> dict[str, str]:
    """Name of every region of a kind by code, sorted by name."""
    return _labels(engine.tables())[kind]


def chosen(view: Selection) -> Region | None:
    """Region of the view; None when there is none, or it is in no table."""
    parts = regions.split(view.region)
    if parts is None or parts[1] not in labels(parts[0]):
        return None
    return Region(*parts, labels(parts[0])[parts[1]])


def codes(view: Selection, kind: Places) -> list[str]:
    """Codes of the regions of a kind, sorted by name; of a state in focus its own."""
    if not view.state:
        return list(labels(kind))
    frame = coverage.breakdown(replace(view, by=kind))
    inside = set(regions.regions_only(frame)["group"])
    return [code for code in labels(kind) if code in inside]


def ranking(view: Selection) -> pd.DataFrame:
    """Rank the regions of the kind `view.places`; of a state in focus its own."""
    frame = regions.ranking(coverage.breakdown(_by(view, view.places)))
    return frame[frame["group"].isin(codes(view, view.places))]


def _by(view: Selection, kind: Places) -> Selection:
    return replace(regions.whole(view), by=kind)


def report(view: Selection) -> Report:
    """Count everything about the region of the view; it must be in the tables."""
    return _report(_key(view), engine.tables())


def _key(view: Selection) -> Selection:
    """Keep what the numbers depend on: a state in focus does not cut a region."""
    return Selection(
        within=view.within,
        metric=view.metric,
        model=view.model,
        ages=view.ages,
        therapy=view.therapy,
        evidence=view.evidence,
        low_confidence=view.low_confidence,
        region=view.region,
        facilities=view.facilities,
    )


@cached(REGION_ENTRIES)
def _report(view: Selection, tables: str) -> Report:
    region = chosen(view)
    if region is None:
        msg = f"There is no region {view.region}."
        raise InputError(msg)
    areas, everyone = engine.areas_of(tables), engine.rows_of(view)
    people = regions.people_in(areas, everyone, region)
    frame = coverage.breakdown(_by(view, region.kind))
    groupings = {by: replace(view, by=by) for by in regions.GROUPINGS}
    return Report(
        region=region,
        headline=details.headline(queries.total(people, view)),
        rank=regions.rank(frame, region.code),
        compared=_compared(region, areas, everyone, people, view),
        groups=regions.compared_groups(
            {by: queries.breakdown(areas, people, one) for by, one in groupings.items()},
            {by: coverage.breakdown(one) for by, one in groupings.items()},
        ),
        areas=regions.worst_areas(areas, people, view),
        used=regions.centres_used(people, engine.centres(view)),
    )


def _compared(
    region: Region,
    areas: queries.Areas,
    everyone: queries.Rows,
    people: queries.Rows,
    view: Selection,
) -> pd.DataFrame:
    """One row for the region, its state and the nation."""
    rows = [(region.title, people)]
    state = regions.main_state(areas, people)
    if region.kind != "state" and state:
        name = labels("state")[state]
        rows.append((name, queries.in_state(areas, everyone, state)))
    rows.append(("United States", everyone))
    found = []
    for label, those in rows:
        line = details.headline(queries.total(those, view))
        median = weighted_quantile(queries.impedance(those, view), those.persons, 0.5)
        found.append(
            {
                "label": label,
                "population": line.population,
                "beyond": line.beyond,
                "share_beyond": line.share_beyond,
                "share_low": 1 - line.share_beyond_high,
                "share_high": 1 - line.share_beyond_low,
                "median": median,
            }
        )
    return pd.DataFrame(found)


@cached(2)
def _main_hrr(tables: str) -> dict[str, str]:
    return regions.main_referral_regions(engine.areas_of(tables))


@cached(REGION_ENTRIES)
def _counties(region: Region, tables: str) -> tuple[str, ...]:
    areas = engine.areas_of(tables)
    return regions.counties_of(areas, load.counties(), _main_hrr(tables), region)


def counties(region: Region) -> tuple[str, ...]:
    """Counties that stand for a region on the map; see `regions.counties_of`."""
    return _counties(region, engine.tables())


def bounds(region: Region) -> Bounds:
    """Bounds that show a region."""
    assets = maps.assets(engine.tables())
    inside = counties(region)
    outlines = load.counties().set_index("county_fips")["state"]
    states = set(outlines.loc[list(inside)])
    if len(states) == 1 and set(outlines.index[outlines.isin(states)]) == set(inside):
        return state_bounds(assets, states.pop())  # without its remotest islands
    boxes = np.array([county_bounds(assets, county, margin=MARGIN) for county in inside])
    south, west = boxes[:, :2].min(axis=0)
    north, east = boxes[:, 2:].max(axis=0)
    return float(south), float(west), float(north), float(east)


def region_map(view: Selection) -> MapSpec:
    """Shade the counties around the region of the view, enclose it, and show every site."""
    region = chosen(view)
    shown = replace(
        regions.whole(view),
        level="county",
        layers=Selection().layers,
        near="",
        site="",
        county=region.code if region is not None and region.kind == "county" else "",
    )
    spec = maps.full_map(shown)
    return spec if region is None else _around(spec, region)


def around_search(spec: MapSpec, view: Selection) -> MapSpec:
    """Enclose and show the state, metro area or referral region that was searched for."""
    match = maps.search(view).match
    parts = regions.split(match.region) if match is not None else None
    if parts is None or parts[0] == "county" or view.site or view.county:
        return spec
    kind, code = parts
    return _around(spec, Region(kind, code, labels(kind).get(code, code)))


def _around(spec: MapSpec, region: Region) -> MapSpec:
    return replace(spec, bounds=bounds(region), catchment=counties(region))


@cached(2)
def _sites(tables: str) -> pd.DataFrame:
    """Regions of every built-in site, by id."""
    areas, outlines = engine.areas_of(tables), load.counties()
    parts = [
        regions.site_places(sites, areas, outlines)
        for sites in (load.treatment_centers(), load.blood_centers())
    ]
    return pd.concat(parts).set_index("id")


def _own_sites(frame: pd.DataFrame) -> pd.DataFrame:
    areas = engine.areas_of(engine.tables())
    return regions.site_places(frame, areas, load.counties()).set_index("id")


def treatment(view: Selection) -> pd.DataFrame:
    """Treatment centres that count, treat the people counted, and lie in the view's region."""
    frame = engine.counted(view)
    return _inside(frame, _own_sites(frame) if view.facilities else _sites(engine.tables()), view)


def blood(view: Selection) -> pd.DataFrame:
    """Blood centres of the chosen role that lie in the region of the view."""
    return _inside(maps.blood_centres(view), _sites(engine.tables()), view)


def _inside(frame: pd.DataFrame, where: pd.DataFrame, view: Selection) -> pd.DataFrame:
    kind, code = view.region.split(":")
    place = where[kind].reindex(frame["id"]).to_numpy()
    inside: pd.DataFrame = frame.loc[place == code]
    return inside


def compared_frame(view: Selection) -> pd.DataFrame:
    """Give region, state and nation as a table for download."""
    frame = report(view).compared
    unit = "minutes" if view.metric == "minutes" else "km"
    return frame.rename(columns={"median": f"median_{unit}"})


def groups_frame(view: Selection) -> pd.DataFrame:
    """Give the groups of the region's people for download."""
    return report(view).groups


def areas_frame(view: Selection) -> pd.DataFrame:
    """Give the ZIP areas of the region for download."""
    return report(view).areas


def used_frame(view: Selection) -> pd.DataFrame:
    """Give the centres that the region's people go to for download."""
    return report(view).used


def nearest_codes(kind: Places, code: str, count: int) -> list[Region]:
    """List the regions whose codes are numerically nearest to one that does not exist."""
    names = labels(kind)
    if not code.isdigit():
        return []
    near = sorted(names, key=lambda other: (abs(int(other) - int(code)), other))[:count]
    return [Region(kind, other, names[other]) for other in near]


def containing_text(words: str) -> dict[Places, Region]:
    """Find the regions that the best match of a search is, or that hold it; empty for none."""
    match = maps.search(Selection(near=words)).match if words.strip() else None
    return {} if match is None else containing(match)


def containing(match: places.Match) -> dict[Places, Region]:
    """Regions that a match is, or that hold it, by kind; empty for none."""
    return _containing(match, engine.tables())


@cached(REGION_ENTRIES)
def _containing(match: places.Match, tables: str) -> dict[Places, Region]:
    if parts := regions.split(match.region):
        kind, code = parts
        return {kind: Region(kind, code, labels(kind)[code])} if code in labels(kind) else {}
    if match.place is None:
        return {}
    areas = engine.areas_of(tables)
    if match.kind == "zip":
        row = areas.frame.loc[areas.frame["zcta"] == match.code].iloc[0]
        codes_of_kinds = [row[column] for column in ("state", "county_fips", "cbsa_code", "hrr")]
    else:
        here = {"id": ["here"], "lat": [match.place.lat], "lon": [match.place.lon]}
        row = regions.site_places(pd.DataFrame(here), areas, load.counties()).iloc[0]
        codes_of_kinds = [row[kind] for kind in regions.KINDS]
    return {
        kind: Region(kind, str(code), labels(kind)[str(code)])
        for kind, code in zip(regions.KINDS, codes_of_kinds, strict=True)
        if code in labels(kind)
    }
