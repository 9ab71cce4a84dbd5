"""Coverage of the four-area country, counted by hand (see conftest), and of the real one."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_KM, DEGREE_MINUTES

from dashboard import queries
from dashboard.queries import Areas, Rows
from dashboard.state import CentreQuery, Selection
from data import load
from geo.travel import StraightLine
from geo.units import km_to_miles

VIEW = Selection(within=100.0, model="straight")  # reaches one degree, not two


def test_adults_and_children_go_to_their_own_hospital(rows: Rows) -> None:
    degrees = [0, 1, 2, 10, 2, 1, 0, 8]
    assert rows.minutes == pytest.approx(np.array(degrees) * DEGREE_MINUTES)
    assert rows.distance_km == pytest.approx(np.array(degrees) * DEGREE_KM)
    assert rows.site.tolist() == [0] * 4 + [1] * 4
    assert rows.persons.tolist() == [100, 200, 300, 400, 10, 20, 30, 40]


def test_total_is_counted_by_hand(rows: Rows) -> None:
    found = queries.total(rows, VIEW)
    assert found.population[0] == 1100
    assert found.covered[0] == 100 + 200 + 20 + 30
    assert found.uncovered[0] == 300 + 400 + 10 + 40
    assert found.share_covered[0] == pytest.approx(350 / 1100)
    assert found.share_low[0] <= 350 / 1100 <= found.share_high[0]


def test_threshold_in_miles_counts_by_distance(rows: Rows) -> None:
    one_degree = km_to_miles(DEGREE_KM)
    near = replace(VIEW, metric="miles", within=one_degree + 0.01)
    assert queries.total(rows, near).covered[0] == 350
    assert queries.total(rows, replace(near, within=one_degree - 0.01)).covered[0] == 130


def test_one_audience_alone(areas: Areas, centres: pd.DataFrame) -> None:
    found = queries.stack_rows(
        areas, "pediatric", lambda who: queries.nearest_for(StraightLine(), areas, centres, who)
    )
    assert found.persons.sum() == 100
    assert not found.adult.any()


def test_no_centre_leaves_everybody_unreachable(areas: Areas, centres: pd.DataFrame) -> None:
    none = centres.iloc[:0]
    found = queries.stack_rows(
        areas, "all", lambda who: queries.nearest_for(StraightLine(), areas, none, who)
    )
    result = queries.total(found, VIEW)
    assert result.unreachable[0] == result.population[0] == 1100
    assert result.share_covered[0] == 0


def test_adults_and_children_of_one_trip_share_its_error(
    areas: Areas, centres: pd.DataFrame
) -> None:
    both = centres.iloc[[2]]
    found = queries.stack_rows(
        areas, "all", lambda who: queries.nearest_for(StraightLine(), areas, both, who)
    )
    assert found.trip[:4].tolist() == found.trip[4:].tolist()


def test_adults_and_children_of_different_trips_do_not(rows: Rows) -> None:
    assert len(set(rows.trip.tolist())) == 8


def test_state_in_focus(areas: Areas, rows: Rows) -> None:
    assert queries.in_state(areas, rows, "WY").persons.tolist() == [400, 40]
    assert queries.in_state(areas, rows, "") is rows
    assert queries.in_state(areas, rows, "TX").persons.size == 0


def test_empty_place_has_no_share(areas: Areas, rows: Rows) -> None:
    found = queries.total(queries.in_state(areas, rows, "TX"), VIEW)
    assert found.population[0] == 0
    assert np.isnan(found.share_covered[0])


def test_area_in_two_counties_is_split(areas: Areas, rows: Rows) -> None:
    parts = queries.by_county(areas, rows)
    people = np.bincount(parts.county, parts.persons)
    assert dict(zip(parts.names, people, strict=True)) == {
        "01001": 165,
        "01003": 495,
        "56001": 440,
    }
    split = parts.of(rows)
    assert split.persons.sum() == rows.persons.sum()
    assert split.minutes.tolist() == rows.minutes[parts.row].tolist()


def test_breakdown_by_state(areas: Areas, rows: Rows) -> None:
    frame = queries.breakdown(areas, rows, replace(VIEW, by="state")).set_index("group")
    assert frame["covered"].to_dict() == {"AL": 350, "WY": 0}
    assert frame["population"].to_dict() == {"AL": 660, "WY": 440}
    assert frame["beyond"].to_dict() == {"AL": 310, "WY": 440}
    assert frame.loc["WY", "label"] == "Wyoming"
    assert frame.loc["AL", "median_minutes"] == pytest.approx(DEGREE_MINUTES)


@pytest.mark.parametrize("within", [50.0, 100.0, 200.0])
def test_who_is_beyond_by_state_is_the_breakdown(areas: Areas, rows: Rows, within: float) -> None:
    view = replace(VIEW, within=within, by="state")
    whole = queries.breakdown(areas, rows, view)
    states = queries.kinds_of(areas, "state")
    found = queries.beyond_by_state(states, rows, queries.share_curve(rows, view), view)
    pd.testing.assert_frame_equal(found, whole[found.columns])
    assert {"label", "beyond", "share_beyond"} < set(found)


def test_total_from_a_curve_is_the_total(rows: Rows) -> None:
    curve = queries.share_curve(rows, VIEW)
    for within in (30.0, 100.0, 30.0):
        view = replace(VIEW, within=within)
        found, known = queries.total_of(curve, view), queries.total(rows, view)
        assert found.covered == known.covered
        assert found.share_low == pytest.approx(known.share_low, abs=1e-12)


def test_breakdown_by_county(areas: Areas, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "county_labels", lambda: {"01001": "One County, AL"})
    frame = queries.breakdown(areas, rows, replace(VIEW, by="county")).set_index("group")
    assert frame["covered"].to_dict() == {"01001": 155, "01003": 195, "56001": 0}
    assert frame.loc["01001", "label"] == "One County, AL"
    assert frame.loc["56001", "label"] == "56001"


def test_breakdown_by_race_uses_the_shares_of_the_area(areas: Areas, rows: Rows) -> None:
    frame = queries.breakdown(areas, rows, replace(VIEW, by="race")).set_index("group")
    assert frame.loc["Black", "population"] == 55
    assert frame.loc["Black", "covered"] == 50
    assert frame.loc["Hispanic", "covered"] == 125
    assert frame["population"].sum() == 1100
    assert "Asian" not in frame.index  # a group without people is no row


def test_breakdown_by_poverty_keeps_the_unknown_apart(areas: Areas, rows: Rows) -> None:
    frame = queries.breakdown(areas, rows, replace(VIEW, by="poverty")).set_index("group")
    assert frame.loc["Not reported", "population"] == 440
    assert frame.loc["Below the poverty line", "population"] == 11 + 44 + 99


def test_breakdown_by_vehicle(areas: Areas, rows: Rows) -> None:
    frame = queries.breakdown(areas, rows, replace(VIEW, by="vehicle")).set_index("group")
    assert frame.loc["Households without a vehicle", "population"] == 55
    assert frame.loc["Households without a vehicle", "covered"] == 50


def test_breakdown_by_age_counts_children_as_counted(areas: Areas, rows: Rows) -> None:
    frame = queries.breakdown(areas, rows, replace(VIEW, by="age")).set_index("group")
    assert frame["population"].to_dict() == {
        "Under 18": 100, "18-24": 100, "25-64": 500, "65 and over": 400
    }  # fmt: skip
    assert frame.loc["Under 18", "covered"] == 50
    assert frame.loc["65 and over", "covered"] == 120


def test_breakdown_by_income_keeps_the_unknown_apart(areas: Areas, rows: Rows) -> None:
    frame = queries.breakdown(areas, rows, replace(VIEW, by="income"))
    assert frame["population"].sum() == 1100
    assert frame.iloc[-1]["group"] == "Not reported"
    assert frame.iloc[-1]["population"] == 440
    assert frame.iloc[0]["label"].startswith(frame.iloc[0]["group"] + " ($50,000")


def test_breakdown_by_metro_names_the_outside(areas: Areas, rows: Rows) -> None:
    frame = queries.breakdown(areas, rows, replace(VIEW, by="cbsa")).set_index("group")
    assert frame.loc["10000", "label"] == "Metro"
    assert frame.loc["none", "label"] == queries.OUTSIDE_METRO


def test_breakdown_in_km_and_miles(areas: Areas, rows: Rows) -> None:
    miles = queries.breakdown(areas, rows, replace(VIEW, metric="miles", by="state"))
    km = queries.breakdown(areas, rows, replace(VIEW, metric="miles", units="km", by="state"))
    assert miles["median_miles"].to_numpy() == pytest.approx(
        km_to_miles(km["median_km"].to_numpy())
    )


def test_area_values(areas: Areas, rows: Rows) -> None:
    county = queries.area_values(areas, rows, VIEW, "county")
    state = queries.area_values(areas, rows, VIEW, "state")
    assert county.index.tolist() == ["01001", "01003", "56001"]
    assert county["01001"] == 0
    assert state["AL"] == pytest.approx(DEGREE_MINUTES)


def test_main_sites(areas: Areas, rows: Rows) -> None:
    assert queries.main_sites(areas, rows, 2).to_dict() == {"01001": 0, "01003": 0, "56001": 0}
    children = rows.take(~rows.adult)
    assert set(queries.main_sites(areas, children, 2)) == {1}


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (CentreQuery(), ["TC001", "TC002"]),
        (CentreQuery("car_t", "documented"), ["TC001"]),
        (CentreQuery("car_t"), ["TC001", "TC002"]),
        (CentreQuery("car_t", "believed"), ["TC001", "TC002"]),
        (CentreQuery("car_t", "believed", low_confidence=True), ["TC001", "TC002"]),
        (CentreQuery("car_t", "likely", low_confidence=True), ["TC001", "TC002", "TC003"]),
        (CentreQuery("gene_therapy", "any"), ["TC002"]),
        (CentreQuery("hct", "documented"), []),
        (CentreQuery("hct", "any"), ["TC002"]),
        (CentreQuery("hct", "any", low_confidence=True), ["TC002", "TC003"]),
        (CentreQuery("til", "any"), ["TC001", "TC002"]),
        (CentreQuery("any", "any", low_confidence=True), ["TC001", "TC002", "TC003"]),
        (CentreQuery("til", facilities="x"), ["TC001", "TC002", "TC003"]),
    ],
)
def test_centres_by_therapy_and_evidence(
    query: CentreQuery, kept: list[str], centres: pd.DataFrame
) -> None:
    assert queries.choose_centres(centres, query)["id"].tolist() == kept


def test_weaker_evidence_never_loses_a_centre() -> None:
    table = load.treatment_centers()
    ladder = [*queries.EVIDENCE_ORDER, "any"]
    for therapy in ("any", *queries.CLAIMS):
        kept = [set(table.loc[queries.gives(table, therapy, word), "id"]) for word in ladder]
        for stronger, weaker in pairwise(kept):
            assert stronger <= weaker


def test_real_country_adds_up_to_the_person() -> None:
    areas = queries.load_areas()
    everybody = int(load.zcta()["population"].sum())
    assert areas.persons["adult"].sum() + areas.persons["pediatric"].sum() == everybody
    for audience in ("adult", "pediatric"):
        assert areas.pairs[audience].sum() == areas.persons[audience].sum()
        whole = np.bincount(areas.pairs["area"], areas.pairs[audience])
        assert (whole == areas.persons[audience]).all()


def test_curve_agrees_with_the_total_at_its_thresholds(rows: Rows) -> None:
    found = queries.curve(queries.share_curve(rows, VIEW), VIEW)
    at = int(np.argmin(np.abs(found.thresholds - 100)))
    again = queries.total(rows, replace(VIEW, within=float(found.thresholds[at])))
    assert found.share_covered[at] == pytest.approx(again.share_covered[0])
    assert found.share_low[at] == pytest.approx(again.share_low[0])
    assert found.share_high[at] == pytest.approx(again.share_high[0])


def test_distribution_counts_everybody_once(rows: Rows) -> None:
    found = queries.distribution(rows, VIEW, np.array([0.0, 100.0, 200.0]))
    assert found.persons.tolist() == [350, 310]
    assert found.above == 440
    assert found.persons.sum() + found.above == found.population


def test_median_lies_in_its_band_and_among_the_percentiles(rows: Rows) -> None:
    curve = queries.share_curve(rows, VIEW)
    low, median, high = queries.percentiles(curve)
    assert queries.median(curve) == median
    assert low.value <= median.value <= high.value
    assert median.low <= median.value <= median.high


def test_area_without_coordinates_is_no_data(areas: Areas, centres: pd.DataFrame) -> None:
    lost = replace(areas, points=replace(areas.points, lat=np.array([0.0, np.nan, 0.0, 0.0])))
    found = queries.stack_rows(
        lost, "all", lambda who: queries.nearest_for(StraightLine(), lost, centres, who)
    )
    result = queries.total(found, VIEW)
    assert result.no_data[0] == 220
    assert result.population[0] == 1100
