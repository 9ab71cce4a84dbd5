"""Catchments in the four-area country (see conftest), counted by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_KM

from dashboard import queries, text
from dashboard.catchment import Catchment, catchment, without
from dashboard.queries import Areas, Rows
from dashboard.state import Selection
from geo.travel import StraightLine
from geo.units import km_to_miles

VIEW = Selection(within=100.0, model="straight")  # reaches one degree, not two
MODEL = StraightLine()


def people(areas: Areas, centres: pd.DataFrame, ages: str = "all") -> Rows:
    return queries.stack_rows(
        areas, ages, lambda who: queries.nearest_for(MODEL, areas, centres, who)
    )


def around(position: int, areas: Areas, centres: pd.DataFrame, view: Selection = VIEW) -> Catchment:
    """One catchment, from a matrix with more columns than the chosen centres, backwards."""
    others = without(centres, position)
    matrix = queries.matrix_for(MODEL, areas, pd.concat([centres, centres]).iloc[::-1])
    columns = np.arange(len(centres))[::-1]
    rest = queries.stack_rows(
        areas, view.ages, lambda who: queries.nearest_in(matrix, areas, others, columns, who)
    )
    here = queries.matrix_for(MODEL, areas, centres.iloc[[position]])
    return catchment(position, centres, here, people(areas, centres, view.ages), rest, view)


@pytest.fixture
def four(centres: pd.DataFrame) -> pd.DataFrame:
    """Add a second hospital for adults, at B."""
    more = centres.iloc[[0]].assign(id="TC004", name="Second hospital", lon=1.0)
    return pd.concat([centres, more], ignore_index=True)


def test_three_hospitals_by_hand(areas: Areas, centres: pd.DataFrame) -> None:
    assert around(0, areas, centres) == Catchment(300, 600, 300, "Doubtful hospital", "TC003")
    assert around(1, areas, centres) == Catchment(50, 60, 50, "Doubtful hospital", "TC003")
    assert around(2, areas, centres) == Catchment(440, 440, 440, "Adult hospital", "TC001")


def test_a_hospital_with_another_near_loses_few(areas: Areas, four: pd.DataFrame) -> None:
    found = around(0, areas, four)
    assert (found.within, found.nearest, found.lost) == (300, 100, 0)
    assert found.next_centre == "Second hospital"
    found = around(3, areas, four)  # B falls back on A one degree off; C would have two to go
    assert (found.within, found.nearest, found.lost) == (600, 500, 300)
    assert found.next_id == "TC001"


def test_people_of_another_age_are_not_its_people(areas: Areas, centres: pd.DataFrame) -> None:
    children = replace(VIEW, ages="pediatric")
    assert around(0, areas, centres, children) == Catchment(0, 0, 0, "", "")
    assert around(2, areas, centres, children).within == 40


def test_threshold_in_miles(areas: Areas, centres: pd.DataFrame) -> None:
    mile = replace(VIEW, metric="miles", within=km_to_miles(DEGREE_KM) - 0.01)
    found = around(0, areas, centres, mile)
    assert (found.within, found.nearest, found.lost) == (100, 600, 100)


def test_the_threshold_itself_is_within(areas: Areas, centres: pd.DataFrame) -> None:
    exactly = float(people(areas, centres).minutes[1])  # B, which single precision may round up
    found = around(0, areas, centres, replace(VIEW, within=exactly))
    assert (found.within, found.lost) == (300, 300)


@pytest.mark.parametrize("within", [1.0, 84.0, 170.0, 300.0])
@pytest.mark.parametrize("ages", ["all", "adult", "pediatric"])
@pytest.mark.parametrize("chosen", [[0, 1, 2, 3], [0, 3], [1], [2]])
def test_catchments_reconcile_with_the_headline(
    areas: Areas, four: pd.DataFrame, within: float, ages: str, chosen: list[int]
) -> None:
    """Nobody without coordinates, nobody without a hospital for their age, is lost on the way."""
    lost_at_sea = replace(
        areas, points=replace(areas.points, lat=np.array([0.0, 0.0, 0.0, np.nan]))
    )
    view = replace(VIEW, within=within, ages=ages)  # type: ignore[arg-type]
    centres = four.iloc[chosen]
    rows = people(lost_at_sea, centres, ages)
    total = queries.total(rows, view)
    found = [around(position, lost_at_sea, centres, view) for position in range(len(centres))]
    everybody = sum(one.nearest for one in found) + total.unreachable[0] + total.no_data[0]
    assert everybody == total.population[0] == rows.persons.sum()
    for position, one in enumerate(found):
        closed = queries.total(people(lost_at_sea, without(centres, position), ages), view)
        assert one.lost == total.covered[0] - closed.covered[0]
        assert one.lost <= min(one.nearest, one.within)
    assert sum(one.within for one in found) >= total.covered[0]


def test_nearest_in_a_matrix_is_the_nearest_by_search(areas: Areas, four: pd.DataFrame) -> None:
    matrix = queries.matrix_for(MODEL, areas, four)
    for who in queries.AUDIENCES["all"]:
        slow = queries.nearest_in(matrix, areas, four, np.arange(4), who)
        fast = queries.nearest_for(MODEL, areas, four, who)
        assert slow.site.tolist() == fast.site.tolist()
        assert slow.minutes == pytest.approx(fast.minutes)
        assert slow.distance_km == pytest.approx(fast.distance_km)


def test_sentence_for_each_case() -> None:
    said = text.catchment_sentence(Catchment(9, 5, 1, "Elsewhere", "TC009"), VIEW)
    assert "**Elsewhere**" in said
    assert "no other centre" in text.catchment_sentence(Catchment(9, 5, 5, "", ""), VIEW)
    assert "not the nearest" in text.catchment_sentence(Catchment(9, 0, 0, "", ""), VIEW)
