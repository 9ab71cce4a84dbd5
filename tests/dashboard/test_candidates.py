"""Candidates of every source in one table, counted on a country of six ZIP areas.

All lie on the equator, where 0.01 degrees are 1.11 km. Metro area 10000 has Z1, Z2, Z3 in county
01001 and Z4 in county 01003; Z5 and Z6 are in county 02001, outside metro areas.

==== ========= ====== ======================================
area longitude people people of its metro within 10 km
==== ========= ====== ======================================
Z1   0.00      110    198 (Z1, Z2)
Z2   0.05      88     264 (Z1, Z2, Z3)
Z3   0.10      66     154 (Z2, Z3)
Z4   0.40      99     99
Z5   2.00      55     (county: 55)
Z6   3.00      55     (county: 55)
==== ========= ====== ======================================
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import candidates, queries
from dashboard.candidates import COLUMNS, Gazette, gather, gazette
from dashboard.plan_state import PlanSettings
from dashboard.queries import Areas
from data import load
from data.adapters.hospitals import Hospitals, read_hospitals
from data.adapters.user_files import read_candidates
from data.errors import UserFileError
from geo.network import great_circle_km, unit_vectors

GOLDEN = Path(__file__).parent.parent / "golden"
LABELS = {"01001": "Adam, AL", "01003": "Abel, AL", "02001": "Eve, AK"}


def country() -> Areas:
    adults = np.array([100.0, 80.0, 60.0, 90.0, 50.0, 50.0])
    children = adults / 10
    county = ["01001", "01001", "01001", "01003", "02001", "02001"]
    frame = pd.DataFrame(
        {
            "zcta": ["00001", "00002", "00003", "00004", "00005", "00006"],
            "lat": 0.0,
            "lon": [0.0, 0.05, 0.1, 0.4, 2.0, 3.0],
            "coord_quality": ["area_centre"] * 5 + ["named_place"],
            "city": ["Aville", "Bville", "Cville", "Dville", "Eville", "Fville"],
            "state": ["AL"] * 4 + ["AK"] * 2,
            "county_fips": county,
            "cbsa_code": ["10000"] * 4 + [None, None],
            "cbsa_name": ["Metro, AL"] * 4 + [None, None],
            "hrr": ["1", "1", "1", "2", "2", None],
        }
    )
    pairs = pd.DataFrame(
        {"area": range(6), "county_fips": county, "adult": adults, "pediatric": children}
    )
    return Areas(
        frame,
        queries.points_of(frame),
        {"adult": adults, "pediatric": children},
        np.zeros(6),
        pairs,
    )


@pytest.fixture
def places(monkeypatch) -> Gazette:
    monkeypatch.setattr(queries, "county_labels", lambda: LABELS)
    return gazette(country())


@pytest.fixture
def blood() -> pd.DataFrame:
    roles = {"role_collection": True, "role_apheresis": False}
    rows = [
        # The first two share a city's middle; the fourth has no ZIP code; the last no coordinates.
        ("BC001", "Red", "Donor centre", "00001", 0.0, 0.01, "high", {}),
        ("BC002", "Blue", "Laboratory", "00001", 0.0, 0.0105, "medium", {"role_apheresis": True}),
        ("BC003", "Red", None, "00004", 0.0, 0.4, "low", {"role_apheresis": True}),
        ("BC004", "Red", "Rural centre", None, 0.0, 2.01, "high", {}),
        ("BC005", "Red", "Somewhere", "00001", np.nan, np.nan, "high", {}),
    ]
    return pd.DataFrame(
        [
            {
                "id": key, "org": f"{network} Org", "facility": facility, "address": None,
                "city": "Aville", "state": "AL", "zip": code, "lat": lat, "lon": lon,
                "coord_quality": "city_centroid", "roles": "collection",
                "network_group": network, "confidence": confidence, **roles, **other,
            }
            for key, network, facility, code, lat, lon, confidence, other in rows
        ]
    )  # fmt: skip


def ids(found: candidates.Candidates) -> list[str]:
    return found.frame["id"].tolist()


def assert_tidy(frame: pd.DataFrame) -> None:
    assert tuple(frame.columns) == COLUMNS
    assert frame["id"].is_unique
    texts = frame.drop(columns=list(candidates.NUMBERS))
    assert texts.map(lambda value: type(value) is str).to_numpy().all()
    assert (frame[list(candidates.NUMBERS)].dtypes == np.float64).all()
    assert frame[["lat", "lon"]].notna().to_numpy().all()


def test_a_metro_area_is_where_most_of_its_people_are_near(places):
    found = candidates.communities(places)
    assert_tidy(found.frame)
    (row,) = found.frame.to_dict("records")
    assert (row["id"], row["name"], row["kind"]) == ("cbsa:10000", "Metro, AL", "community")
    assert (row["zcta"], row["city"], row["lon"]) == ("00002", "Bville", 0.05)
    assert (row["county_fips"], row["hrr"], row["state"]) == ("01001", "1", "AL")
    assert row["persons"] == pytest.approx(363)
    assert found.note() == ""


def test_counties_come_when_large_and_apart_from_their_metro_area(places):
    assert ids(candidates.communities(places, 1)) == [
        "cbsa:10000",  # county 01001 has its principal ZIP area there, too
        "county:01003",
        "county:02001",
    ]
    found = candidates.communities(places, 100)
    assert ids(found) == ["cbsa:10000", "county:02001"]
    eve = found.frame.set_index("id").loc["county:02001"]
    assert (eve["name"], eve["zcta"]) == ("Eve, AK", "00005")  # as many people as 00006: the first
    assert eve["persons"] == pytest.approx(110)
    abel = candidates.communities(places, 1).frame.set_index("id").loc["county:01003"]
    assert abel["persons"] == pytest.approx(99)  # of the county, not of its metro area


def test_a_county_that_a_plan_names_stays(places):
    plan = PlanSettings(keep_in=("county:01001", "county:99999"))
    found = gather(plan, places, pd.DataFrame())
    assert ids(found) == ["cbsa:10000", "county:01001"]
    assert found.frame["same_place"].tolist() == ["cbsa:10000"] * 2


@given(
    st.lists(
        st.tuples(
            st.floats(-0.2, 0.2), st.floats(-0.2, 0.2), st.integers(0, 3), st.sampled_from("AB ")
        ),
        min_size=1,
        max_size=12,
    )
)
def test_principal_areas_as_by_brute_force(rows):
    lat, lon, people, owner = map(np.array, zip(*rows, strict=True))
    owner = np.char.strip(owner).astype(object)
    vectors = unit_vectors(lat.astype(float), lon.astype(float))
    places = Gazette(country(), vectors, people.astype(float), {}, {})
    expected = {}
    for name in sorted(set(owner) - {""}):
        own = np.flatnonzero(owner == name)
        apart = np.array([great_circle_km(vectors[own], vectors[[i]]) for i in own])
        if (np.abs(apart - candidates.AROUND_KM) < 1e-6).any():
            return  # rounding decides at exactly the radius
        near = ((apart <= candidates.AROUND_KM) * people[own]).sum(axis=1)
        expected[name] = int(min(own, key=lambda i: (-near[list(own).index(i)], -people[i], i)))
    assert candidates.principal(places, owner) == expected


def test_blood_centres_say_who_is_left_out(places, blood):
    found = gather(PlanSettings(source="blood_centers"), places, blood)
    assert_tidy(found.frame)
    assert ids(found) == ["BC001", "BC002", "BC004"]
    assert found.left_out == {"without coordinates": 1, "of low confidence": 1}
    assert found.note() == (
        "Left out: 1 without coordinates, 1 of low confidence. 2 candidates share their "
        "coordinates with another."
    )
    first, second, rural = found.frame.to_dict("records")
    assert (first["zcta"], first["cbsa_code"]) == ("00001", "10000")
    assert first["persons"] == pytest.approx(363)
    assert (second["same_place"], second["network"]) == ("BC001", "Blue")
    # Without a ZIP code: the nearest area, outside metro areas with its county's people.
    assert (rural["zcta"], rural["county_fips"], rural["cbsa_code"]) == ("00005", "02001", "")
    assert rural["persons"] == pytest.approx(110)
    assert (rural["same_place"], rural["address"]) == ("", "")


def test_blood_centres_by_role_network_and_confidence(places, blood):
    plan = PlanSettings(source="blood_centers", from_role="apheresis", from_low=True)
    found = gather(plan, places, blood)
    assert ids(found) == ["BC002", "BC003"]
    assert found.frame["name"].tolist() == ["Laboratory", "Red Org"]
    assert found.frame["same_place"].tolist() == ["", ""]
    plan = PlanSettings(source="blood_centers", from_network="Blue")
    assert ids(gather(plan, places, blood)) == ["BC002"]


def test_named_facilities_stay_and_points_are_added(places, blood):
    plan = PlanSettings(
        source="blood_centers", from_network="Blue", size=1000, where="hrr:2",
        keep_in=("BC003",), keep_out=("BC005",), hand=("@0,0.401", "@0,60", "BC001"),
    )  # fmt: skip
    found = gather(plan, places, blood)
    assert_tidy(found.frame)
    assert ids(found) == ["BC001", "BC003", "@0,0.401", "@0,60"]
    assert found.left_out == {
        "without coordinates": 1,
        "of another role or network": 1,
        "outside the region": 1,
    }
    near, far = found.frame.tail(2).to_dict("records")
    assert (near["name"], near["kind"], near["zcta"]) == (
        "Point near Dville, AL", "point", "00004",
    )  # fmt: skip
    assert near["persons"] == pytest.approx(363)
    assert near["same_place"] == ""  # 111 m from BC003
    assert (far["name"], far["zcta"], far["state"]) == ("Point 0,60", "", "")
    assert np.isnan(far["persons"])


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("", ["BC001", "BC002", "BC004"]),
        ("state:AL", ["BC001", "BC002", "BC004"]),
        ("state:TX", []),
        ("hrr:1", ["BC001", "BC002"]),
        ("cbsa:10000", ["BC001", "BC002"]),
        ("county:02001", ["BC004"]),
    ],
)
def test_regions(places, blood, where, left):
    plan = PlanSettings(source="blood_centers", where=where)
    found = gather(plan, places, blood)
    assert ids(found) == left
    assert found.left_out.get("outside the region", 0) == 3 - len(left)


def test_smallest_place(places, blood):
    plan = PlanSettings(source="blood_centers", size=111)
    found = gather(plan, places, blood)
    assert ids(found) == ["BC001", "BC002"]
    assert found.left_out["in places with fewer people"] == 1
    assert len(gather(PlanSettings(source="blood_centers", size=110), places, blood).frame) == 3


@settings(deadline=None)
@given(
    size=st.integers(0, 400),
    where=st.sampled_from(["", "hrr:1", "hrr:2", "state:AK", "county:01003"]),
    named=st.lists(st.sampled_from(["county:01001", "county:01003", "cbsa:10000", "@0,1"])),
)
def test_filters_only_take_away_and_never_what_is_named(size, where, named):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "county_labels", lambda: LABELS)
        places = gazette(country())
        names = tuple(dict.fromkeys(named))
        everything = gather(PlanSettings(county_people=1, keep_in=names), places, pd.DataFrame())
        plan = PlanSettings(county_people=1, size=size, where=where, keep_in=names)
        found = gather(plan, places, pd.DataFrame())
    assert_tidy(found.frame)
    assert set(names) <= set(ids(found)) <= set(ids(everything))
    assert len(found.frame) + sum(found.left_out.values()) == len(everything.frame)


def test_a_file_of_ones_own(places):
    own = read_candidates(
        b"id,name,lat,lon,cost,capacity,forced,state\n"
        b"A,First,0,0.4,2.5,,in,AL\n,Second,0,2,,1000,out,\n,Third,0,3,,,,\n"
    )
    plan = PlanSettings(source="file", own_file="digest", size=200, keep_in=("own:2",))
    found = gather(plan, places, pd.DataFrame(), own=own)
    assert_tidy(found.frame)
    assert ids(found) == ["A", "own:2"]  # forced in by the file, and by the plan
    assert found.frame["state"].tolist() == ["AL", "AK"]
    assert found.frame["coord_quality"].tolist() == ["given", "given"]
    assert found.frame["cost"].iloc[0] == 2.5
    assert found.frame["capacity"].iloc[1] == 1000
    kept_in, kept_out = candidates.forced(found.frame, plan)
    assert kept_in.tolist() == [True, True]  # the plan is stronger than the file
    assert kept_out.tolist() == [False, False]
    plain = PlanSettings(source="file", own_file="digest", keep_out=("A",))
    everything = gather(plain, places, pd.DataFrame(), own=own).frame
    kept_in, kept_out = candidates.forced(everything, plain)
    assert kept_in.tolist() == [False, False, False]
    assert kept_out.tolist() == [True, True, False]


def test_a_file_is_stronger_than_what_is_assumed(places):
    own = read_candidates(b"name,lat,lon,cost,capacity\nA,0,0,0,10\nB,0,1,,\n")
    plan = PlanSettings(cost_both=7.0, capacity=1000)
    frame = candidates.own_sites(own, places).frame
    assert candidates.costs(frame, plan, "infusion").tolist() == [0, 3]
    assert candidates.costs(frame, plan, "collection").tolist() == [0, 1]
    assert candidates.costs(frame, plan, "both").tolist() == [0, 7]
    assert candidates.capacities(frame, plan).tolist() == [10, 1000]


def test_a_source_without_its_table_is_refused(places):
    for source in ("file", "hospitals"):
        with pytest.raises(ValueError, match="needs a table"):
            gather(PlanSettings(source=source), places, pd.DataFrame())


def test_hospitals_abroad_are_counted(places):
    rows = {
        "id": ["cms:1", "cms:2"], "name": ["ONE", "TWO"], "address": "", "city": "", "state": "AL",
        "zip": ["00004", "99999"], "type": "Childrens", "lat": [0.0, 13.5], "lon": [0.4, 144.8],
        "coord_quality": "zip_centroid", "beds": np.nan,
    }  # fmt: skip
    table = Hospitals(pd.DataFrame(rows), {"closed": 7}, "cms")
    plan = PlanSettings(source="hospitals", hospital_file="digest")
    found = gather(plan, places, pd.DataFrame(), hospital_table=table)
    assert_tidy(found.frame)
    assert ids(found) == ["cms:1"]
    assert found.frame["roles"].tolist() == ["childrens"]
    assert found.left_out == {"closed": 7, "far from every ZIP area of the Atlas": 1}


def test_at_most_one_in_each_place(places):
    frame = candidates.communities(places, 1).frame
    assert candidates.places_of(frame, "none").tolist() == [-1, -1, -1]
    assert candidates.places_of(frame, "cbsa").tolist() == [0, 0, -1]
    assert candidates.places_of(frame, "county").tolist() == [0, 1, 2]
    assert candidates.places_of(frame, "state").tolist() == [1, 1, 0]
    assert candidates.places_of(frame, "hrr").tolist() == [0, 1, 1]


def test_one_place_is_a_chain_of_near_neighbours(places):
    names = [f"@0,{lon}" for lon in ("1", "1.0008", "1.0016", "1.01")]
    plan = PlanSettings(hand=tuple(names))
    frame = gather(plan, places, pd.DataFrame()).frame
    assert frame["same_place"].tolist() == ["", *names[:1] * 3, ""]


@pytest.fixture(scope="module")
def real() -> Gazette:
    return gazette(queries.load_areas())


def test_every_metro_and_micro_area_of_the_tables_is_a_candidate(real):
    frame = candidates.communities(real).frame
    assert_tidy(frame)
    assert len(frame) == 933
    assert (frame["id"] == "cbsa:" + frame["cbsa_code"]).all()
    inside = real.areas.frame["cbsa_code"].notna().to_numpy()
    assert frame["persons"].sum() == real.persons[inside].sum()
    houston = frame.set_index("id").loc["cbsa:26420"]
    assert houston["city"] == "Houston"
    assert great_circle_km(
        unit_vectors(np.array([houston["lat"]]), np.array([houston["lon"]])),
        unit_vectors(np.array([29.76]), np.array([-95.37])),
    ) < 15  # fmt: skip


def test_counties_of_the_tables(real):
    frame = candidates.communities(real, 50_000).frame
    counties = frame[frame["id"].str.startswith("county:")]
    assert (counties["persons"] >= 50_000).all()
    assert (counties["id"] == "county:" + counties["county_fips"]).all()
    assert 200 < len(counties) < 400
    assert counties["name"].str.contains(", ").all()


def test_blood_centres_of_the_tables(real):
    blood = load.blood_centers()
    plan = PlanSettings(source="blood_centers", from_low=True)
    found = gather(plan, real, blood)
    assert_tidy(found.frame)
    assert ids(found) == blood["id"].tolist()
    assert found.left_out == {}
    assert (found.frame["persons"] > 0).all()


def test_a_file_is_hospitals_or_ones_own(real):
    areas = real.areas.frame
    cms = candidates.read_file(GOLDEN / "hospitals_cms.csv", areas, real)
    assert_tidy(cms.frame)
    assert set(cms.frame["kind"]) == {"hospital"}
    assert cms.frame.set_index("id").loc["cms:050133", "cbsa_code"] == "49700"
    hifld = candidates.read_file(GOLDEN / "hospitals_hifld.csv", areas, real)
    assert hifld.left_out["far from every ZIP area of the Atlas"] == 1  # Guam
    again = candidates.from_hospitals(read_hospitals(GOLDEN / "hospitals_hifld.csv", areas), real)
    pd.testing.assert_frame_equal(hifld.frame, again.frame)
    own = candidates.read_file(GOLDEN / "candidates.csv", areas, real)
    assert own.frame["kind"].tolist() == ["own", "hospital", "blood_center"]
    assert own.frame["cbsa_code"].tolist() == ["26420", "12420", "45300"]
    with pytest.raises(UserFileError, match="column name is missing"):
        candidates.read_file(b"lat,lon\n1,2\n", areas, real)
