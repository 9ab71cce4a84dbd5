"""The only cached seam: what pages ask, answered once per question.

Every cache is bounded and keyed on frozen parameters plus the fingerprint of the tables. Travel
times are cached apart from thresholds: a slider never searches the road network again. Values
are shared between readers and sessions, so nobody may change them in place.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import (
    details,
    documents,
    exports,
    kept,
    map_spec,
    places,
    queries,
    regions,
    trip_check,
)
from dashboard import studies as studies_of
from dashboard.map_assets import AssetPaths, ensure_static_assets
from dashboard.map_layers import MapSpec, Route
from dashboard.state import CentreQuery, ModelName, Selection, parse
from data import load
from data.adapters import user_files
from data.fingerprint import fingerprint
from geo.coverage import CoverageCurve
from geo.errors import InputError
from geo.network import Access, Ints
from geo.results import CurveResult, DistributionResult, Floats, QuantileBand
from geo.travel import Nearest
from geo.units import km_to_miles

NEAREST_ENTRIES: Final = 48
"""One entry is the way of 33,000 areas to their centre: 0.8 MB."""
ROWS_ENTRIES: Final = 16
ANSWER_ENTRIES: Final = 128
DISTRIBUTION_EDGES: Final = details.DISTRIBUTION_EDGES
MAX_BARS: Final = 25
_BESIDE: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
"""What fails here fails again, and is said, where it is drawn."""
ORDERED: Final = frozenset({"income", "age", "poverty", "vehicle"})
"""Breakdowns whose groups have an order of their own."""
MAX_HELD_FACILITIES: Final = 64
NEAREST_TREATMENT: Final = 3
NEAREST_BLOOD: Final = 1
SOURCE: Final = (
    "BCAR Access Atlas, from Census ACS, OpenStreetMap roads (ODbL) and curated facility facts"
)
VINTAGE: Final = "people 2018-2022; facilities and roads as listed on the Data page"


@dataclass(frozen=True, slots=True)
class _Scope:
    """What decides the travel of a view, without threshold, units or page settings."""

    centres: CentreQuery
    ages: str
    model: ModelName
    state: str
    tables: str

    @classmethod
    def of(cls, view: Selection) -> "_Scope":
        return cls(view.centres, view.ages, view.model, view.state, tables())


def tables() -> str:
    """Fingerprint of all tables."""
    return _fingerprint()


@st.cache_resource(show_spinner=False, max_entries=1)
def _fingerprint() -> str:
    return fingerprint()


@st.cache_resource(show_spinner=False, max_entries=2)
def _areas(tables: str) -> queries.Areas:  # noqa: ARG001 - part of the key
    return queries.load_areas()


@st.cache_resource(show_spinner=False, max_entries=3)
def _model(name: ModelName, tables: str) -> queries.Model:  # noqa: ARG001 - part of the key
    return queries.load_model(name)


@st.cache_resource(show_spinner=False, max_entries=3)
def _access(name: ModelName, tables: str) -> Access | None:
    return queries.access_of(_model(name, tables), _areas(tables))


@st.cache_resource(show_spinner=False, max_entries=MAX_HELD_FACILITIES)
def _held(digest: str, _frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Keep a reader's own facilities; asked without a frame, they have been forgotten."""
    if _frame is None:
        msg = f"The facilities {digest} are no longer held; upload the file again."
        raise InputError(msg)
    return _frame


def hold_facilities(frame: pd.DataFrame) -> str:
    """Make a reader's own facilities known to the caches.

    Parameters
    ----------
    frame : DataFrame
        From `data.adapters.user_files.read_facilities`.

    Returns
    -------
    str
        Digest of their content, for `Selection.facilities`.
    """
    digest = hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()[:12]
    _held(digest, frame)
    return digest


@st.cache_resource(show_spinner=False, max_entries=NEAREST_ENTRIES)
def _centres(query: CentreQuery, tables: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    if query.facilities:
        return _held(query.facilities)
    return queries.choose_centres(load.treatment_centers(), query)


@st.cache_resource(show_spinner=False, max_entries=NEAREST_ENTRIES)
def _nearest(
    query: CentreQuery, audience: queries.Audience, model: ModelName, tables: str
) -> Nearest:
    # A reader's own facilities never reach the disk; what the ways say at once needs no file.
    keep = not query.facilities and not (model == "road" and _ways(tables))
    key = kept.key_of(tables, model, query, audience) if keep else ""
    found = kept.read(key, len(_areas(tables).frame)) if key else None
    if found is None:
        found = _find(_centres(query, tables), query, audience, model, tables)
        if key:
            kept.write(key, found)
    return found


def _find(
    chosen: pd.DataFrame,
    query: CentreQuery,
    audience: queries.Audience,
    model: ModelName,
    tables: str,
) -> Nearest:
    """Find the nearest of some centres of a query: from the ways when they are there, or anew."""
    areas, ways = _areas(tables), _ways(tables)
    if model == "road" and ways and not query.facilities:
        positions = pd.Index(load.treatment_centers()["id"]).get_indexer(pd.Index(chosen["id"]))
        return queries.nearest_in(ways[0], areas, chosen, positions, audience)
    access = _access(model, tables)
    return queries.nearest_for(_model(model, tables), areas, chosen, audience, access)


@st.cache_resource(show_spinner=False, max_entries=1)
def _ways(tables: str) -> list[Ints]:  # noqa: ARG001 - part of the key
    """Hold the way of every area to every built-in centre by road; empty until it is measured."""
    return []


def measure_ways() -> None:
    """Make filters fast: measure all ways by road, or read them from the disk.

    Takes seconds the first time. Meanwhile, and without it, filters are answered by a search, with
    the same numbers.
    """
    version = tables()
    areas, all_centres = _areas(version), load.treatment_centers()
    key = kept.key_of(version, "ways")
    found = kept.read_ways(key, (len(all_centres), len(areas.frame)))
    if found is None:
        road, access = _model("road", version), _access("road", version)
        found = queries.ways_for(road, areas, all_centres, access)  # type: ignore[arg-type]  # a road model has access
        kept.write_ways(key, found)
    _ways(version)[:] = [found]


@st.cache_resource(show_spinner=False, max_entries=ROWS_ENTRIES)
def _rows(scope: _Scope) -> queries.Rows:
    def nearest(audience: queries.Audience) -> Nearest:
        return _nearest(scope.centres, audience, scope.model, scope.tables)

    areas = _areas(scope.tables)
    everyone = queries.stack_rows(areas, scope.ages, nearest)
    return queries.in_state(areas, everyone, scope.state)


def _rows_of(view: Selection) -> queries.Rows:
    return _rows(_Scope.of(view))


def centres(view: Selection) -> pd.DataFrame:
    """Treatment centres that count in a view, in the order of the table."""
    return _centres(view.centres, tables())


def documented_centres(view: Selection) -> int:
    """Count the chosen built-in centres that have a document for the therapy."""
    if view.facilities:
        return 0
    return int(queries.gives(centres(view), view.therapy, "documented").sum())


def without_centre(view: Selection) -> list[str]:
    """Audiences of a view whom no chosen centre treats."""
    return [
        audience
        for audience in queries.AUDIENCES[view.ages]
        if not queries.treats(centres(view), audience).any()
    ]


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _headline(scope: _Scope, within: float, metric: str) -> details.Headline:
    view = Selection(within=within, metric=metric, model=scope.model)  # type: ignore[arg-type]
    return details.headline(queries.total_of(_share_curve(scope, metric), view))


def headline(view: Selection) -> details.Headline:
    """Count the people within and beyond the threshold, with bands."""
    return _headline(_Scope.of(view), view.within, view.metric)


@st.cache_resource(show_spinner=False, max_entries=ROWS_ENTRIES)
def _share_curve(scope: _Scope, metric: str) -> CoverageCurve:
    view = Selection(metric=metric, model=scope.model)  # type: ignore[arg-type]
    return queries.share_curve(_rows(scope), view)


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _curve(scope: _Scope, metric: str) -> CurveResult:
    return queries.curve(_share_curve(scope, metric), Selection(metric=metric))  # type: ignore[arg-type]


def curve(view: Selection) -> CurveResult:
    """Coverage at thresholds up to 300, with its band; the same for every threshold."""
    return _curve(_Scope.of(view), view.metric)


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _quantiles(view: Selection, tables: str) -> Floats | None:
    return queries.breakdown_quantiles(_areas(tables), _rows_of(view), view)


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _breakdown(view: Selection, tables: str) -> pd.DataFrame:
    quantiles = _quantiles(replace(view, within=Selection().within), tables)
    return queries.breakdown(_areas(tables), _rows_of(view), view, quantiles)


def breakdown(view: Selection) -> pd.DataFrame:
    """Coverage and travel of every group of `view.by`; see `queries.breakdown`."""
    return _breakdown(_bare(view), tables())


def _bare(view: Selection) -> Selection:
    """Drop what only concerns the page, so that it does not split the cache."""
    plain = Selection()
    return replace(
        view,
        level=plain.level,
        layers=plain.layers,
        role=plain.role,
        network=plain.network,
        near=plain.near,
        site=plain.site,
        county=plain.county,
    )


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _distribution(view: Selection, tables: str) -> DistributionResult:  # noqa: ARG001 - part of the key
    return queries.distribution(_rows_of(view), view, details.DISTRIBUTION_EDGES)


def distribution(view: Selection) -> DistributionResult:
    """Count people by bins of travel."""
    return _distribution(_bare(view), tables())


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _percentiles(scope: _Scope, metric: str) -> tuple[QuantileBand, ...]:
    return queries.percentiles(_share_curve(scope, metric))


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _median(scope: _Scope, metric: str) -> QuantileBand:
    return queries.median(_share_curve(scope, metric))


def median(view: Selection) -> QuantileBand:
    """Travel within which half of the people live, with its band."""
    return _median(_Scope.of(view), view.metric)


def percentiles(view: Selection) -> tuple[QuantileBand, ...]:
    """10th, 50th and 90th percentile of travel with bands."""
    return _percentiles(_Scope.of(view), view.metric)


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _beyond_by_state(view: Selection, tables: str) -> pd.DataFrame:
    found = _share_curve(_Scope.of(view), view.metric)
    return queries.beyond_by_state(_areas(tables), _rows_of(view), found, view)


def worst_states(view: Selection, count: int) -> pd.DataFrame:
    """States, or counties of the state in focus, with the largest share beyond the threshold."""
    by_state = _bare(replace(view, by="state"))
    frame = places_frame(view) if view.state else _beyond_by_state(by_state, tables())
    return frame.sort_values(
        ["share_beyond", "beyond"], ascending=False, kind="stable", ignore_index=True
    ).head(count)


@st.cache_resource(show_spinner=False, max_entries=4)
def _known(tables: str) -> dict[str, frozenset[str]]:  # noqa: ARG001 - part of the key
    """List the identifiers that exist, by URL key."""
    blood = load.blood_centers()
    return {
        "site": frozenset(load.treatment_centers()["id"]) | frozenset(blood["id"]),
        "county": frozenset(load.zcta_county()["county_fips"]),
        "network": frozenset(blood["network_group"].dropna()),
    }


def known() -> dict[str, frozenset[str]]:
    """List the identifiers that exist, by URL key."""
    return _known(tables())


def networks() -> list[str]:
    """Names of the blood centre networks."""
    return sorted(known()["network"])


def prepare(view: Selection) -> None:
    """Begin what the lower half of the Overview shows, beside the thread that draws the upper."""
    _BESIDE.submit(_values, view)
    _BESIDE.submit(curve, view)


def warm_up() -> None:
    """Load what the first view needs."""
    view = Selection()
    headline(view)
    curve(view)
    median(view)
    worst_states(view, 1)
    overview_map(view)


@st.cache_resource(show_spinner=False, max_entries=2)
def _assets(tables: str) -> AssetPaths:  # noqa: ARG001 - part of the key
    return ensure_static_assets(load.counties(), load.states())


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _area_values(scope: _Scope, metric: str, units: str, level: str) -> dict[str, float]:
    # The neighbours of a state in focus stay shaded, under a veil.
    everywhere = replace(scope, state="")
    view = Selection(metric=metric, units=units, model=scope.model)  # type: ignore[arg-type]
    values = queries.area_values(_areas(scope.tables), _rows(everywhere), view, level)  # type: ignore[arg-type]
    named = {str(area): float(value) for area, value in values.items()}
    if level in map_spec.PAINTED:
        return regions.painted(named, _region_of_county(level, scope.tables))
    return named


@st.cache_resource(show_spinner=False, max_entries=4)
def _region_of_county(level: str, tables: str) -> dict[str, str]:
    """Metro area of each county, or the referral region where most of its people live."""
    if level == "hrr":
        return regions.main_referral_regions(_areas(tables))
    counties = load.counties().dropna(subset=["cbsa_code"])
    return dict(zip(counties["county_fips"], counties["cbsa_code"], strict=True))


def _values(view: Selection) -> dict[str, float]:
    scope = _Scope.of(replace(view, state=""))
    return _area_values(scope, view.metric, view.units, map_spec.level_of(view))


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _main_sites(scope: _Scope) -> pd.Series:
    centres = _centres(scope.centres, scope.tables)
    return queries.main_sites(_areas(scope.tables), _rows(scope), len(centres))


def overview_map(view: Selection) -> MapSpec:
    """Travel time and treatment centres only."""
    plain = replace(Selection(), state=view.state, metric=view.metric, units=view.units)
    shown = replace(
        plain, therapy=view.therapy, facilities=view.facilities, model=view.model, ages=view.ages
    )
    return map_spec.build(_assets(tables()), shown, _values(view), centres(view))


def full_map(view: Selection) -> MapSpec:
    """Compose all layers, the selection and the search of the Map page."""
    chosen = centres(view)
    blood = map_spec.choose_blood(load.blood_centers(), view)
    found = search(view)
    routes: tuple[Route, ...] = ()
    if found.place is not None:
        answer = nearest(view)
        routes = map_spec.routes_to(found.place, pd.concat([answer.treatment, answer.blood]))
    site = site_row(view)
    shaded: tuple[str, ...] = ()
    if site is not None and view.site in set(chosen["id"]):
        main = _main_sites(_Scope.of(replace(view, state="")))
        shaded = tuple(main.index[chosen["id"].to_numpy()[main.to_numpy()] == view.site])
    picked = map_spec.Picked(
        place=found.place,
        routes=routes,
        catchment=shaded,
        site=None if site is None else (float(site["lat"]), float(site["lon"])),
    )
    return map_spec.build(_assets(tables()), view, _values(view), chosen, blood, picked)


def search(view: Selection) -> places.Found:
    """Find the place a reader typed; `Found(None)` without a note when nothing was typed."""
    if not view.near:
        return places.Found(None)
    return _search(view.near, tables())


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _search(near: str, tables: str) -> places.Found:
    return places.find(near, _index(tables))


@st.cache_resource(show_spinner=False, max_entries=2)
def _index(tables: str) -> places.Index:  # noqa: ARG001 - part of the key
    return places.index_of_all(
        load.zcta(),
        load.places(),
        load.counties(),
        load.hrr_names(),
        load.treatment_centers(),
        load.blood_centers(),
    )


@dataclass(frozen=True, slots=True, eq=False)
class NearestSites:
    """Sites nearest to a place, with columns minutes and distance_km.

    Parameters
    ----------
    treatment, blood : DataFrame
        At most three, and at most one.
    """

    treatment: pd.DataFrame
    blood: pd.DataFrame


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _nearest_sites(
    place: places.Place, query: CentreQuery, ages: str, blood_key: Selection, tables: str
) -> NearestSites:
    model = _model(blood_key.model, tables)
    chosen = queries.for_ages(_centres(query, tables), ages)
    blood = map_spec.choose_blood(load.blood_centers(), blood_key)
    return NearestSites(
        places.nearest_sites(model, place, chosen, NEAREST_TREATMENT),
        places.nearest_sites(model, place, blood, NEAREST_BLOOD),
    )


def nearest(view: Selection) -> NearestSites:
    """Three nearest treatment centres and the nearest blood centre, from the place searched for."""
    found = search(view)
    if found.place is None:
        raise InputError(found.note or "No place was searched for.")
    key = Selection(
        role=view.role, network=view.network, model=view.model, low_confidence=view.low_confidence
    )
    return _nearest_sites(found.place, view.centres, view.ages, key, tables())


def site_row(view: Selection) -> pd.Series | None:
    """Row of the selected treatment or blood centre, or of a reader's own facility."""
    for frame in (centres(view), load.treatment_centers(), load.blood_centers()):
        hit = frame[frame["id"] == view.site]
        if view.site and len(hit):
            return hit.iloc[0]
    return None


@st.cache_resource(show_spinner=False, max_entries=ANSWER_ENTRIES)
def _county(scope: _Scope, fips: str, within: float, metric: str) -> details.CountyDetail:
    view = Selection(within=within, metric=metric, model=scope.model)  # type: ignore[arg-type]
    return details.county(
        fips, _areas(scope.tables), _rows(scope), _centres(scope.centres, scope.tables), view
    )


def county(view: Selection) -> details.CountyDetail:
    """Describe the selected county."""
    scope = _Scope.of(replace(view, state=""))
    return _county(scope, view.county, view.within, view.metric)


def hospital_shares(view: Selection) -> pd.DataFrame:
    """Share of US hospitals that count in a view, by each count of hospitals."""
    built_in = _centres(replace(view.centres, facilities=""), tables())
    return details.hospital_shares(built_in, load.hospital_denominators())


def provenance(view: Selection) -> exports.Provenance:
    """Where the figures of a view are from."""
    return exports.Provenance(SOURCE, VINTAGE, tables(), view.query_string())


def csv_of(make: Callable[[Selection], pd.DataFrame], view: Selection) -> Callable[[], bytes]:
    """Give a function that writes a view's table as CSV when it is asked for."""
    stamp = provenance(view)
    return lambda: exports.csv_bytes(make(view), stamp)


def curve_axis(result: CurveResult, view: Selection) -> Floats:
    """Thresholds of a curve in the unit of the view: minutes or miles."""
    if view.metric == "minutes":
        return result.thresholds
    return np.asarray(km_to_miles(result.thresholds), dtype=np.float64)


def curve_frame(view: Selection) -> pd.DataFrame:
    """Coverage curve as a table."""
    result = curve(view)
    return pd.DataFrame(
        {
            f"within_{view.metric}": curve_axis(result, view),
            "population": result.population,
            "covered": result.covered,
            "uncovered": result.uncovered,
            "unreachable": result.unreachable,
            "no_data": result.no_data,
            "share_covered": result.share_covered,
            "share_low": result.share_low,
            "share_high": result.share_high,
        }
    )


def places_frame(view: Selection) -> pd.DataFrame:
    """Table of all states, or of the counties of the state in focus."""
    return breakdown(replace(view, by="county" if view.state else "state"))


def with_clicked(view: Selection, query: Mapping[str, str]) -> Selection:
    """Add the county or site that the address names now, or else the one that was searched for."""
    named = {key: query[key] for key in ("site", "county") if key in query}
    clicked = parse(named, known=known()).selection
    if not (clicked.site or clicked.county):
        found = search(view)
        return replace(view, site=found.site, county=found.county)
    return replace(view, site=clicked.site, county="" if clicked.site else clicked.county)


def site_card(view: Selection) -> details.SiteCard:
    """Everything known about the selected site."""
    site = site_row(view)
    if site is None:
        msg = f"There is no site {view.site}."
        raise InputError(msg)
    evidence = pd.concat([load.treatment_center_evidence(), load.blood_center_evidence()])
    return details.site_card(site, evidence)


def nearest_table(view: Selection) -> pd.DataFrame:
    """Answer of a search as a table in the reader's units."""
    found = nearest(view)
    return details.nearest_table(found.treatment, found.blood, view.units)


def scaled(shares: Iterable[float]) -> list[float]:
    """Lengths of the bars of small shares: the longest bar stands for a few per cent only."""
    return [share / details.HOSPITAL_SCALE for share in shares]


def areas_frame(view: Selection) -> pd.DataFrame:
    """Shaded areas of the map as a table."""
    values, level = _values(view), map_spec.level_of(view)
    median = {f"median_{queries.travel_unit(view)}": list(values.values())}
    if level not in map_spec.PAINTED:
        return pd.DataFrame({level: list(values), **median})
    region = _region_of_county(level, tables())
    inside = {level: [region[county] for county in values]}
    return pd.DataFrame({"county": list(values), **inside, **median})


def blood_centres(view: Selection) -> pd.DataFrame:
    """Blood centres of the chosen role and network."""
    return map_spec.choose_blood(load.blood_centers(), view)


def travel_unit(view: Selection) -> str:
    """Name the unit of travel: minutes, miles or km."""
    return queries.travel_unit(view)


def for_chart(frame: pd.DataFrame, view: Selection) -> pd.DataFrame:
    """Order the groups for a chart, and keep those with most people beyond when there are many."""
    if view.by in ORDERED:
        return frame
    most = frame.nlargest(MAX_BARS, "beyond")
    return most.sort_values("share_beyond", ascending=False, ignore_index=True)


def group_table(view: Selection) -> pd.DataFrame:
    """Arrange a breakdown for reading: in order, shares in per cent, the band as words."""
    return details.group_table(breakdown(view), ordered=view.by in ORDERED)


def distribution_frame(view: Selection) -> pd.DataFrame:
    """Tabulate the distribution of travel."""
    return details.distribution_table(distribution(view), view.metric)


@st.cache_resource(show_spinner=False, max_entries=2)
def _studies(tables: str) -> pd.DataFrame:
    return studies_of.reproduce(
        load.validation_studies(),
        _areas(tables),
        load.counties(),
        load.treatment_centers(),
        _model("road", tables),
        _access("road", tables),
    )


def studies() -> pd.DataFrame:
    """Recompute the published figures on the road network; see `studies.reproduce`."""
    return _studies(tables())


def studies_frame(_: Selection) -> pd.DataFrame:
    """Give the same table for download."""
    return studies()


@st.cache_resource(show_spinner=False, max_entries=2)
def _trips(tables: str) -> pd.DataFrame:
    return trip_check.check(load.load("calibration_trips"), _model("road", tables))


def trips() -> pd.DataFrame:
    """Real trips with what the road model says; see `trip_check.check`."""
    return _trips(tables())


def trips_frame(_: Selection) -> pd.DataFrame:
    """Give the same table for download."""
    return trips()


def trips_summary() -> pd.DataFrame:
    """Errors of the road model by class of trip."""
    return trip_check.summary(trips())


@st.cache_resource(show_spinner=False, max_entries=1)
def methods_sections() -> tuple[documents.Section, ...]:
    """Sections of the methods document."""
    return documents.sections(documents.METHODS.read_text(encoding="utf-8"))


def references() -> pd.DataFrame:
    """Literature on the methods."""
    return load.method_references()


@st.cache_resource(show_spinner=False, max_entries=2)
def _cards(tables: str) -> tuple[documents.TableCard, ...]:  # noqa: ARG001 - part of the key
    return documents.table_cards()


def table_cards() -> tuple[documents.TableCard, ...]:
    """Describe every committed table."""
    return _cards(tables())


def table_csv(name: str) -> Callable[[], bytes]:
    """Give a function that writes a committed table as CSV when it is asked for."""
    return lambda: exports.csv_bytes(load.load(name), documents.provenance(name, tables()))


def read_facilities(content: bytes) -> pd.DataFrame:
    """Read a reader's own facilities; raises `UserFileError` listing every problem."""
    return user_files.read_facilities(content)


def facilities_template() -> bytes:
    """Write an example of a facilities file."""
    return documents.FACILITIES_TEMPLATE.encode()
