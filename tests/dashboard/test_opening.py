"""A blood centre as one more treatment centre: by hand, and against all centres asked together."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_KM, DEGREE_MINUTES

from dashboard import queries, text
from dashboard.opening import Opening, of_one
from dashboard.queries import Areas, Rows
from dashboard.services import coverage, engine, openings
from dashboard.state import Selection
from data import load
from geo.travel import StraightLine
from geo.units import km_to_miles

VIEW = Selection(within=100.0, model="straight")  # reaches one degree, not two


def people(areas: Areas, centres: pd.DataFrame, view: Selection) -> Rows:
    return queries.stack_rows(
        areas, view.ages, lambda who: queries.nearest_for(StraightLine(), areas, centres, who)
    )


def with_one_more(centres: pd.DataFrame, lat: float, lon: float) -> pd.DataFrame:
    new = {"id": "new", "lat": lat, "lon": lon, "treats_adults": True, "treats_children": True}
    return pd.concat([centres, pd.DataFrame([new])], ignore_index=True)


def opened(
    areas: Areas, centres: pd.DataFrame, lon: float, view: Selection = VIEW, lat: float = 0.0
) -> Opening:
    more = with_one_more(centres, lat, lon)
    before, after, there = (people(areas, of, view) for of in (centres, more, more.iloc[[-1]]))
    return of_one(before, after, there, len(centres), view)


def test_one_more_centre_by_hand(areas: Areas, centres: pd.DataFrame) -> None:
    two = centres.iloc[:2]
    # At C: its adults had two degrees, those of D go eight instead of ten; children have C's own.
    assert opened(areas, two, 2.0) == Opening(300, 700, pytest.approx(2 * DEGREE_MINUTES))
    # Beyond D: adults and children, of which the latter had eight degrees.
    found = opened(areas, two, 10.5)
    assert (found.newly, found.nearest) == (440, 440)
    assert found.saved_minutes == pytest.approx(9.5 * DEGREE_MINUTES)


def test_a_place_with_a_centre_changes_nothing(areas: Areas, centres: pd.DataFrame) -> None:
    found = opened(areas, centres.iloc[[0, 2]], 10.0)
    assert (found.newly, found.nearest) == (0, 0)
    assert np.isnan(found.saved_minutes)


def test_only_people_of_the_chosen_age_count(areas: Areas, centres: pd.DataFrame) -> None:
    children = replace(VIEW, ages="pediatric")
    assert opened(areas, centres, 0.0, children) == Opening(10, 10, 2 * DEGREE_MINUTES)


def test_a_threshold_in_miles_counts_miles_and_saves_minutes(
    areas: Areas, centres: pd.DataFrame
) -> None:
    view = replace(VIEW, metric="miles", within=km_to_miles(DEGREE_KM) - 0.01)
    adults = replace(view, ages="adult")
    # 0.4 degrees east of B: B and C are within a degree then, D is nearest to its own hospital.
    found = opened(areas, centres, 1.4, adults)
    assert (found.newly, found.nearest) == (500, 500)
    assert found.saved_minutes == pytest.approx(1.4 * DEGREE_MINUTES)


def test_within_its_miles_counts_where_another_is_sooner(
    areas: Areas, centres: pd.DataFrame
) -> None:
    """The sooner way may be the longer one: then the new centre is near, and not the nearest."""
    adults = replace(VIEW, metric="miles", within=10.0, ages="adult")
    before = people(areas, centres, adults)
    far = replace(before, distance_km=before.distance_km + 50)
    after = replace(far, site=np.full(4, 0))
    there = replace(far, minutes=far.minutes + 1, distance_km=np.array([16.0, 17.0, 16.0, np.inf]))
    found = of_one(far, after, there, len(centres), adults)
    assert (found.newly, found.nearest) == (400, 0)  # A and C; 17 km are more than 10 miles


def test_nobody_had_a_centre_before(areas: Areas, centres: pd.DataFrame) -> None:
    found = opened(areas, centres.iloc[:0], 1.0)
    assert found == Opening(660, 1100, np.inf)  # D is nine degrees away


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            Opening(5_000, 1_234_567, 80.6),
            "**1.2 million people**, half of whom would save at least 81 min on the way.",
        ),
        (
            Opening(32_102, 32_102, np.inf),
            "**32,000 people**, most of whom can reach no centre by road today.",
        ),
        (Opening(0, 0, np.nan), "no people."),
    ],
)
def test_sentence_of_each_case(found: Opening, said: str) -> None:
    start = "If it gave the treatment, it would be the nearest centre for "
    assert text.opening_sentence(found, Selection()) == start + said


@pytest.mark.parametrize(
    "view",
    [
        Selection(),
        Selection(ages="pediatric", within=90.0),
        Selection(metric="miles", within=100.0, state="OH"),
        Selection(model="straight"),
        Selection(therapy="til", model="road"),
    ],
)
def test_a_blood_centre_is_one_more_centre(view: Selection) -> None:
    """Added to what is known, or asked together with all others: the same people."""
    areas, model = queries.load_areas(), engine.model_of(view.model, engine.tables())
    access = engine.access_of(view.model, engine.tables())
    centres = queries.choose_centres(load.treatment_centers(), view.centres)
    national = replace(view, state="")

    def rows(of: pd.DataFrame) -> Rows:
        return queries.stack_rows(
            areas, view.ages, lambda who: queries.nearest_for(model, areas, of, who, access)
        )

    before = rows(centres)
    covered = coverage.headline(national).covered
    for blood in load.blood_centers().iloc[[3, 200, 333, 426]].itertuples():
        more = with_one_more(centres, blood.lat, blood.lon)
        after, there = rows(more), rows(more.iloc[[-1]])
        expected = of_one(before, after, there, len(centres), national)
        assert openings.one(replace(view, site=blood.id)) == expected
        if view.metric == "minutes":
            assert queries.total(after, national).covered[0] == covered + expected.newly
            assert expected.nearest == after.persons[after.site == len(centres)].sum() > 0


def test_no_centre_treats_the_people_counted() -> None:
    """The first centre there is for children, by road: nobody could reach one before."""
    own = pd.DataFrame(
        {"id": ["a"], "name": ["For adults"], "lat": [40.0], "lon": [-90.0]}
        | {"treats_adults": [True], "treats_children": [False]}
    )
    view = Selection(site="BC001", ages="pediatric", facilities=engine.hold_facilities(own))
    found = openings.one(view)
    assert found is not None
    assert np.isinf(found.saved_minutes)
    assert 0 < found.newly < found.nearest


@pytest.mark.parametrize("site", ["", "TC001", "BC999999"])
def test_other_sites_open_nothing(site: str) -> None:
    assert openings.one(Selection(site=site)) is None
