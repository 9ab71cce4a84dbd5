"""Catchments in the four-area country (see conftest), counted by hand and by closing centres."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_KM

from dashboard import queries, text
from dashboard.catchment import Catchment, criticality, finding, of_one, table
from dashboard.queries import Areas, Audience, Rows
from dashboard.state import Selection
from data import load
from geo.catchments import second_nearest
from geo.travel import Nearest, StraightLine
from geo.units import km_to_miles

VIEW = Selection(within=100.0, model="straight")  # reaches one degree, not two
MODEL = StraightLine()


def people(areas: Areas, centres: pd.DataFrame, view: Selection) -> Rows:
    everyone = queries.stack_rows(
        areas, view.ages, lambda who: queries.nearest_for(MODEL, areas, centres, who)
    )
    return queries.in_state(areas, everyone, view.state)


def others(areas: Areas, centres: pd.DataFrame, view: Selection) -> Rows:
    """The same people with their way to the second nearest."""

    def second(who: Audience) -> Nearest:
        def nearest(of: pd.DataFrame) -> Nearest:
            return queries.nearest_for(MODEL, areas, of, who)

        return second_nearest(
            lambda rows: nearest(centres.iloc[rows]), nearest(centres), len(centres)
        )

    return queries.in_state(areas, queries.stack_rows(areas, view.ages, second), view.state)


def tabulated(areas: Areas, centres: pd.DataFrame, view: Selection = VIEW) -> pd.DataFrame:
    return table(centres, people(areas, centres, view), others(areas, centres, view), view)


def around(site: str, areas: Areas, centres: pd.DataFrame, view: Selection = VIEW) -> Catchment:
    here = people(areas, centres[centres["id"] == site], view)
    found = of_one(tabulated(areas, centres, view), site, here, view)
    assert found is not None
    return found


def closed(centres: pd.DataFrame, site: str) -> pd.DataFrame:
    gone = centres["id"] != site
    return centres.assign(
        treats_adults=centres["treats_adults"] & gone,
        treats_children=centres["treats_children"] & gone,
    )


@pytest.fixture
def four(centres: pd.DataFrame) -> pd.DataFrame:
    """Add a second hospital for adults, at B."""
    more = centres.iloc[[0]].assign(id="TC004", name="Second hospital", lon=1.0)
    return pd.concat([centres, more], ignore_index=True)


def test_three_hospitals_by_hand(areas: Areas, centres: pd.DataFrame) -> None:
    expected = {
        "TC001": Catchment(300, 600, 300, "Doubtful hospital", "TC003"),
        "TC002": Catchment(50, 60, 50, "Doubtful hospital", "TC003"),
        "TC003": Catchment(440, 440, 440, "Adult hospital", "TC001"),
    }
    for site, catchment in expected.items():
        assert around(site, areas, centres) == catchment


def test_table_by_hand(areas: Areas, centres: pd.DataFrame) -> None:
    frame = tabulated(areas, centres)
    assert frame["id"].tolist() == ["TC003", "TC001", "TC002"]  # by people who lose cover
    assert frame["nearest"].tolist() == [440, 600, 60]
    assert frame["within"].tolist() == [440, 300, 50]
    assert frame["within_30_minutes"].tolist() == [440, 100, 30]
    assert frame["within_120_minutes"].tolist() == [440, 300, 50]  # two degrees take 167 minutes
    assert frame["beyond_120_minutes"].tolist() == [0, 300, 10]
    assert frame["lost"].tolist() == [440, 300, 50]
    assert frame["share_lost"].tolist() == [1, 1, 1]
    assert frame["treats"].tolist() == ["adults and children", "adults", "children"]
    # Adults of C, half of those of the first hospital, would go 8 degrees instead of 2.
    assert frame["extra_minutes"][1] == pytest.approx(6 * DEGREE_KM / 80 * 60)


def test_columns_of_a_threshold_in_miles(areas: Areas, centres: pd.DataFrame) -> None:
    mile = replace(VIEW, metric="miles", within=km_to_miles(DEGREE_KM) - 0.01)
    frame = tabulated(areas, centres, mile).set_index("id")
    assert frame.loc["TC001", ["nearest", "within", "lost"]].tolist() == [600, 100, 100]
    assert frame.loc["TC001", "within_120_miles"] == 300  # a degree is 69.1 miles, two are 138
    assert frame.loc["TC001", "beyond_120_miles"] == 300


def test_a_hospital_with_another_near_loses_few(areas: Areas, four: pd.DataFrame) -> None:
    found = around("TC001", areas, four)
    assert (found.within, found.nearest, found.lost) == (300, 100, 0)
    assert found.next_centre == "Second hospital"
    found = around("TC004", areas, four)  # B falls back on A, one degree off; C would have two
    assert (found.within, found.nearest, found.lost) == (600, 500, 300)
    assert found.next_id == "TC001"


def test_people_of_another_age_are_not_its_people(areas: Areas, centres: pd.DataFrame) -> None:
    children = replace(VIEW, ages="pediatric")
    assert around("TC001", areas, centres, children) == Catchment(0, 0, 0, "", "")
    assert around("TC003", areas, centres, children).within == 40


def test_the_threshold_itself_is_within(areas: Areas, centres: pd.DataFrame) -> None:
    exactly = float(people(areas, centres, VIEW).minutes[1])  # B
    found = around("TC001", areas, centres, replace(VIEW, within=exactly))
    assert (found.within, found.lost) == (300, 300)


def test_a_state_in_focus_restricts_people_and_centres(areas: Areas, centres: pd.DataFrame) -> None:
    frame = tabulated(areas, centres, replace(VIEW, state="WY"))
    assert frame["id"].tolist() == ["TC003"]
    assert frame["nearest"].tolist() == [440]
    alabama = tabulated(areas, centres.iloc[[0, 2]], replace(VIEW, state="AL")).set_index("id")
    # Children of A, B and C travel to Wyoming's hospital, which is therefore listed.
    assert alabama["nearest"].to_dict() == {"TC001": 600, "TC003": 60}


def test_own_facilities_have_no_city(areas: Areas, centres: pd.DataFrame) -> None:
    own = centres[["id", "name", "lat", "lon", "treats_adults", "treats_children"]]
    frame = tabulated(areas, own, replace(VIEW, state="AL"))
    assert set(frame["place"]) == {""}
    assert frame["id"].tolist() == ["TC001", "TC002"]
    assert "**Adult hospital** closed" in finding(frame, VIEW)


@pytest.mark.parametrize("within", [1.0, 84.0, 170.0, 300.0])
@pytest.mark.parametrize("ages", ["all", "adult", "pediatric"])
@pytest.mark.parametrize("chosen", [[0, 1, 2, 3], [0, 3], [1], [2]])
@pytest.mark.parametrize("state", ["", "AL"])
def test_catchments_reconcile_with_the_headline(
    areas: Areas, four: pd.DataFrame, within: float, ages: str, chosen: list[int], state: str
) -> None:
    """Nobody without coordinates, nobody without a hospital for their age, is lost on the way."""
    lost_at_sea = replace(
        areas, points=replace(areas.points, lat=np.array([0.0, 0.0, 0.0, np.nan]))
    )
    view = replace(VIEW, within=within, ages=ages, state=state)  # type: ignore[arg-type]
    centres = four.iloc[chosen]
    rows = people(lost_at_sea, centres, view)
    total = queries.total(rows, view)
    frame = tabulated(lost_at_sea, centres, view)
    everybody = frame["nearest"].sum() + total.unreachable[0] + total.no_data[0]
    assert everybody == total.population[0] == rows.persons.sum()
    assert frame["within"].sum() == total.covered[0]
    for row in frame.to_dict("records"):
        after = queries.total(people(lost_at_sea, closed(centres, row["id"]), view), view)
        assert row["lost"] == total.covered[0] - after.covered[0]
        one = around(row["id"], lost_at_sea, centres, view)
        assert one.lost <= min(one.nearest, one.within)


@pytest.mark.parametrize("view", [VIEW, Selection(within=60.0, ages="pediatric")])
def test_closing_real_centres_one_by_one(view: Selection) -> None:
    """The most critical, the least, and some between, on the real tables."""
    areas = queries.load_areas()
    centres = queries.choose_centres(load.treatment_centers(), view.centres)
    frame = tabulated(areas, centres, view)
    covered = queries.total(people(areas, centres, view), view).covered[0]
    assert frame["within"].sum() == covered
    for position in (0, 1, 5, len(frame) // 2, len(frame) - 1):
        rest = people(areas, closed(centres, frame["id"][position]), view)
        assert frame["lost"][position] == covered - queries.total(rest, view).covered[0]


def test_map_has_a_class_for_each_size() -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d", "e"],
            "name": "Hospital",
            "place": "Town, ST",
            "nearest": 1e6,
            "lost": [0.0, 1.0, 100_000.0, 100_001.0, 1_000_001.0],
            "lat": 40.0,
            "lon": -100.0,
        }
    )
    assert criticality(frame).codes == "01123"


def test_finding_for_each_case(areas: Areas, centres: pd.DataFrame, four: pd.DataFrame) -> None:
    said = finding(tabulated(areas, centres), VIEW)
    assert said == (
        "If **Doubtful hospital** in Dville, WY closed, 440 people would be beyond 100 minutes: "
        "most of all 3 centres. For 790 people one centre is the only one within reach; 3 centres "
        "are that for somebody."
    )
    everywhere = Selection(within=300.0, ages="adult")
    near = areas.frame["state"] == "AL"
    alabama = replace(everywhere, state="AL")
    assert near.sum() == 3
    assert "No single closure" in finding(tabulated(areas, four, alabama), alabama)
    nothing = tabulated(areas, centres.iloc[:0])
    assert nothing.empty
    assert "No people live within" in finding(nothing, VIEW)
    one = tabulated(areas, centres.iloc[[0]], VIEW)
    assert finding(one, VIEW).endswith("beyond 100 minutes: it is the only centre.")


def test_sentence_for_each_case() -> None:
    said = text.catchment_sentence(Catchment(9, 5, 1, "Elsewhere", "TC009"), VIEW)
    assert "**Elsewhere**" in said
    assert "no other centre" in text.catchment_sentence(Catchment(9, 5, 5, "", ""), VIEW)
    assert "not the nearest" in text.catchment_sentence(Catchment(9, 0, 0, "", ""), VIEW)
