"""One region at a time: people, counties, rank, sites, ZIP areas, sentences."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import queries, region_text, regions
from dashboard.details import headline
from dashboard.queries import Areas, Rows
from dashboard.regions import Rank, Region
from dashboard.state import Places, Selection
from data import load

STRAIGHT = Selection(model="straight", within=84.0)
"""One degree is 83.4 minutes."""


@pytest.mark.parametrize(
    ("kind", "code", "persons"),
    [
        ("state", "AL", 660),
        ("state", "WY", 440),
        ("cbsa", "10000", 330),
        ("hrr", "2", 220 + 330),
        # A, and a quarter of B's people
        ("county", "01001", 110 + 50 + 5),
        ("county", "99999", 0),
    ],
)
def test_people_of_a_region(
    areas: Areas, rows: Rows, kind: Places, code: str, persons: float
) -> None:
    assert regions.people_in(areas, rows, Region(kind, code, "")).persons.sum() == persons


@pytest.mark.parametrize("kind", regions.KINDS)
def test_a_region_has_the_numbers_of_its_row_in_the_breakdown(
    areas: Areas, rows: Rows, kind: Places
) -> None:
    view = Selection(model="straight", within=84.0, by=kind)
    frame = queries.breakdown(areas, rows, view)
    for _, row in regions.regions_only(frame).iterrows():
        people = regions.people_in(areas, rows, Region(kind, row["group"], row["label"]))
        found = headline(queries.total(people, view))
        assert (found.population, found.covered, found.unreachable, found.no_data) == (
            row["population"],
            row["covered"],
            row["unreachable"],
            row["no_data"],
        )
        assert found.beyond == row["beyond"]
        assert found.share_beyond_high == pytest.approx(1 - row["share_low"], abs=1e-9)
        assert found.share_beyond_low == pytest.approx(1 - row["share_high"], abs=1e-9)


def test_names_of_regions_are_those_of_the_breakdown(areas: Areas) -> None:
    names = regions.labels(areas)
    assert names["state"] == {"AL": "Alabama", "WY": "Wyoming"}
    assert names["cbsa"] == {"10000": "Metro"}
    assert names["hrr"] == {"1": "Birmingham, AL", "2": "Dothan, AL"}
    assert set(names["county"]) == {"01001", "01003", "56001"}


def test_every_region_of_the_tables_has_a_name_of_its_own() -> None:
    for kind, names in regions.labels(queries.load_areas()).items():
        assert len(set(names.values())) == len(names), kind
        assert {"state": 52, "county": 3220, "cbsa": 933, "hrr": 306}[kind] == len(names)


def test_referral_region_of_a_county_is_that_of_most_of_its_people(areas: Areas) -> None:
    # 01001: 110 people of A in region 1, 55 of B in region 2. Wyoming has none.
    assert regions.main_referral_regions(areas) == {"01001": "1", "01003": "2"}


def test_counties_on_the_map(areas: Areas) -> None:
    counties = pd.DataFrame(
        {
            "county_fips": ["01001", "01003", "56001"],
            "state": ["AL", "AL", "WY"],
            "cbsa_code": ["10000", None, None],
        }
    )
    main = regions.main_referral_regions(areas)

    def of(kind: Places, code: str) -> tuple[str, ...]:
        return regions.counties_of(areas, counties, main, Region(kind, code, ""))

    assert of("state", "AL") == ("01001", "01003")
    assert of("cbsa", "10000") == ("01001",)
    assert of("county", "56001") == ("56001",)
    assert of("hrr", "1") == ("01001",)
    # A region without a county of its own is shown by the one with most of its people.
    assert regions.counties_of(areas, counties, {}, Region("hrr", "2", "")) == ("01003",)
    assert regions.counties_of(areas, counties, {}, Region("hrr", "9", "")) == ()


def test_counties_take_the_value_of_their_region() -> None:
    assert regions.painted({"1": 30.0, "3": np.inf}, {"a": "1", "b": "2", "c": "3"}) == {
        "a": 30.0,
        "c": np.inf,
    }


def test_rank_counts_those_worse_off_and_leaves_out_who_is_in_no_region() -> None:
    frame = pd.DataFrame(
        {
            "group": ["a", "b", "c", "d", "none"],
            "share_beyond": [0.5, 0.9, 0.5, np.nan, 1.0],
            "beyond": [50.0, 9.0, 70.0, 0.0, 1e6],
        }
    )
    assert regions.rank(frame, "b") == Rank(1, 3, 3)
    assert regions.rank(frame, "a") == Rank(2, 2, 3, ties=1)
    assert regions.rank(frame, "c") == Rank(2, 1, 3, ties=1)
    assert regions.rank(frame, "d") == Rank(0, 0, 3)
    assert regions.rank(frame.assign(beyond=0.0, share_beyond=0.0), "a").none
    table = regions.ranking(frame)
    assert table["group"].tolist() == ["b", "c", "a", "d"]
    assert table["rank"].tolist()[:3] == [1, 2, 2]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12))
@settings(deadline=None)
def test_ranks_agree_with_sorting(beyond: list[int]) -> None:
    frame = pd.DataFrame({"group": [str(i) for i in range(len(beyond))], "beyond": beyond})
    frame["share_beyond"] = frame["beyond"] / 10
    for i, people in enumerate(beyond):
        found = regions.rank(frame, str(i))
        assert found.by_people == found.by_share == sorted(beyond, reverse=True).index(people) + 1


def test_worst_zip_areas(areas: Areas, rows: Rows) -> None:
    alabama = regions.people_in(areas, rows, Region("state", "AL", "Alabama"))
    found = regions.worst_areas(areas, alabama, STRAIGHT)
    # Adults of C go 2 degrees, children of A too; all of B live within one.
    assert found["zcta"].tolist() == ["00003", "00001"]
    assert found["beyond"].tolist() == [300, 10]
    assert found["people"].tolist() == [330, 110]
    assert found["minutes"].round().tolist() == [167, 167]
    assert regions.worst_areas(areas, alabama, Selection(model="straight", within=300)).empty


def test_people_beyond_in_the_zip_areas_are_those_of_the_region(areas: Areas, rows: Rows) -> None:
    view = Selection(model="straight", within=84.0, by="county")
    frame = queries.breakdown(areas, rows, view).set_index("group")
    for code in frame.index:
        people = regions.people_in(areas, rows, Region("county", code, ""))
        assert regions.worst_areas(areas, people, view)["beyond"].sum() == frame["beyond"][code]


def test_centres_that_people_go_to(areas: Areas, rows: Rows) -> None:
    centres = pd.DataFrame(
        {"id": ["X", "Y", "Z"], "name": ["East", "West", "Unused"], "city": "Town", "state": "AL"}
    )
    wyoming = regions.people_in(areas, rows, Region("state", "WY", "Wyoming"))
    found = regions.centres_used(wyoming, centres)
    assert found["people"].sum() == wyoming.persons[wyoming.site >= 0].sum()
    assert found["share"].sum() == pytest.approx(1)
    assert found["people"].is_monotonic_decreasing
    assert "Unused" not in found["name"].tolist()
    own = regions.centres_used(wyoming, centres[["id", "name"]])
    assert own["place"].tolist() == [""] * len(own)


def test_nobody_uses_a_centre_where_nobody_lives(areas: Areas, rows: Rows) -> None:
    nobody = regions.people_in(areas, rows, Region("county", "99999", ""))
    found = regions.centres_used(nobody, pd.DataFrame({"id": ["X"], "name": ["East"]}))
    assert found.empty
    assert "no centre can be reached" in region_text.centres(0, found, Selection())


def test_main_state(areas: Areas, rows: Rows) -> None:
    assert regions.main_state(areas, rows) == "AL"
    nobody = regions.people_in(areas, rows, Region("county", "99999", ""))
    assert regions.main_state(areas, nobody) == ""


def test_groups_stand_beside_the_nation(areas: Areas, rows: Rows) -> None:
    def by(people: Rows) -> dict[str, pd.DataFrame]:
        view = Selection(model="straight", within=84.0, by="rurality")
        return {"rurality": queries.breakdown(areas, people, view)}

    wyoming = regions.people_in(areas, rows, Region("state", "WY", "Wyoming"))
    found = regions.compared_groups(by(wyoming), by(rows))
    assert found["label"].tolist() == ["rural"]  # nobody there is urban
    assert found["share_beyond"].tolist() == [1.0]
    # Rural are C (adults beyond, children not) and D (all beyond).
    assert found["nation_share_beyond"].tolist() == [pytest.approx(740 / 770)]


def test_ruralities_go_from_the_city_outwards() -> None:
    names = ["Not reported", "dense urban", "rural", "suburban", "urban"]
    columns = ["population", "beyond", "share_beyond", "share_low", "share_high"]
    frame = pd.DataFrame({"group": names, "label": names, **dict.fromkeys(columns, 0.5)})
    found = regions.compared_groups({"rurality": frame}, {"rurality": frame})
    assert found["label"].tolist() == ["dense urban", "urban", "suburban", "rural", "Not reported"]


def test_sites_are_put_into_their_regions(areas: Areas) -> None:
    squares = [shapely.box(x - 0.4, -0.4, x + 0.4, 0.4) for x in (0, 1, 2)]
    counties = gpd.GeoDataFrame(
        {
            "county_fips": ["01001", "01003", "56001"],
            "state": ["AL", "AL", "WY"],
            "cbsa_code": ["10000", None, None],
        },
        geometry=squares,
        crs="EPSG:4326",
    )
    sites = pd.DataFrame(
        {
            "id": ["in", "coast", "border", "nowhere", "pobox"],
            "lat": [0.0, 0.45, 0.0, np.nan, 0.1],
            "lon": [0.1, 1.0, 1.45, np.nan, 0.9],
            "state": ["AL", "AL", "WY", "AL", "AL"],
            "zip": ["00001", "00002", "00004", "77777", "77777"],
        }
    )
    found = regions.site_places(sites, areas, counties).set_index("id")
    assert found["county"].fillna("").to_dict() == {
        "in": "01001",
        "coast": "01003",  # just off the simple outline
        "border": "56001",  # nearer to 01003, but in Wyoming
        "nowhere": "",
        "pobox": "01003",
    }
    assert found.loc["in", "cbsa"] == "10000"
    # Nobody lives in 77777: the nearest ZIP area is B.
    assert found["hrr"].fillna("").to_dict() == {
        "in": "1",
        "coast": "2",
        "border": "",
        "nowhere": "",
        "pobox": "2",
    }
    own = regions.site_places(sites[["id", "lat", "lon"]], areas, counties).set_index("id")
    assert own.loc["border", "county"] == "01003"


def test_sites_of_the_tables_lie_in_the_state_they_name() -> None:
    areas, counties = queries.load_areas(), load.counties()
    for sites in (load.treatment_centers(), load.blood_centers()):
        found = regions.site_places(sites, areas, counties)
        assert found["state"].tolist() == sites["state"].tolist()
        missing = found["hrr"].isna().to_numpy()
        assert set(sites["state"][missing]) <= {"PR"}


class TestSentences:
    """What is said about a region."""

    region = Region("hrr", "397", "Houston, TX")

    def headline(self, areas: Areas, rows: Rows, kind: Places, code: str) -> str:
        region = Region(kind, code, "Here")
        people = regions.people_in(areas, rows, region)
        return region_text.headline(region, headline(queries.total(people, STRAIGHT)), STRAIGHT)

    def test_headline(self, areas: Areas, rows: Rows) -> None:
        said = self.headline(areas, rows, "state", "AL")
        assert said.startswith("In Here 310 people (47.0%) live more than 84 minutes from a ")
        said = self.headline(areas, rows, "cbsa", "10000")
        assert said.startswith("In the Here metro area 10 people (3.0%) live more than")
        assert self.headline(areas, rows, "county", "99999") == "No people live in Here."

    def test_nobody_beyond(self, areas: Areas, rows: Rows) -> None:
        view = Selection(model="straight", within=300.0)
        alabama = Region("state", "AL", "Alabama")
        found = headline(queries.total(regions.people_in(areas, rows, alabama), view))
        assert region_text.headline(alabama, found, view).startswith("In Alabama nobody lives more")

    def test_rank(self) -> None:
        assert region_text.rank(self.region, Rank(211, 1, 306)) == (
            "Of 306 referral regions it has the 211th largest share and the largest number of "
            "people beyond the threshold."
        )
        assert region_text.rank(self.region, Rank(1, 9, 306, ties=1)) == (
            "Of 306 referral regions it has the largest share (as has one other) and the 9th "
            "largest number of people beyond the threshold."
        )
        assert "not ranked" in region_text.rank(self.region, Rank(0, 0, 306))

    @pytest.mark.parametrize(
        ("number", "written"),
        [
            (1, "1st"),
            (2, "2nd"),
            (3, "3rd"),
            (4, "4th"),
            (11, "11th"),
            (112, "112th"),
            (21, "21st"),
        ],
    )
    def test_ordinals(self, number: int, written: str) -> None:
        assert region_text.ordinal(number) == written

    def test_region_without_a_centre_names_the_nearest(self) -> None:
        used = pd.DataFrame(
            {"name": ["A", "B"], "place": ["Reno, NV", ""], "share": [0.7, 0.3], "minutes": [95, 9]}
        )
        assert region_text.centres(0, used, Selection()) == (
            "No treatment centre that counts lies in this region: for most of its people the "
            "nearest is **A** in Reno, NV, half of them within 95 min by road."
        )
        said = region_text.centres(2, used.assign(share=[0.4, 0.3]), Selection())
        assert said.startswith("2 treatment centres that count lie in this region: for 40% of its")

    def test_worst_group(self) -> None:
        texas = Region("state", "TX", "Texas")
        view = Selection()
        said = region_text.groups(["rural", "urban"], [0.4, np.nan], [0.5, 0.1], texas, view)
        assert said == (
            "Worst off in Texas are people in rural areas: 40.0% live beyond, against 50.0% in the "
            "nation."
        )
        said = region_text.groups(["rural", "White"], [1.0, 1.0], [0.5, 0.1], texas, view)
        assert said == "In every group of people in Texas 100.0% live beyond."
        assert "No group" in region_text.groups(["rural"], [0.0], [0.5], texas, view)
        assert "nobody to count" in region_text.groups([], [], [], texas, view)

    def test_zip_areas(self) -> None:
        view = Selection()
        assert "No ZIP area here has people" in region_text.areas(0, [], [], view)
        assert region_text.areas(1, ["59901 Kalispell"], [52_000.0], view) == (
            "All of its people beyond the threshold live in 59901 Kalispell (52,000)."
        )
        said = region_text.areas(4, ["a", "b", "c", "d"], [4.0, 3.0, 2.0, 1.0], view)
        assert said.endswith("4 ZIP areas, most of them in a (4), b (3) and c (2).")

    def test_what_the_line_on_the_map_encloses(self) -> None:
        assert "not its exact border" in region_text.counties_note(self.region, 24)
        assert "encloses the region" in region_text.counties_note(Region("state", "TX", "Texas"), 9)
        assert "all counties" in region_text.counties_note(Region("county", "48201", "Harris"), 1)
