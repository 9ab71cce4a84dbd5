"""Every page through the whole app: what a URL opens, what a widget changes, what is said."""

import re

import numpy as np
import pytest
from opening import ROOT, Open
from streamlit.testing.v1 import AppTest

from dashboard import queries, text
from dashboard.navigation import PAGES
from dashboard.state import CentreQuery, Selection
from data import load
from data.catalogue import DATASETS
from geo.coverage import coverage
from geo.travel import Points, StraightLine
from geo.units import miles_to_km

PAGE_FILES = [entry.file for entry in PAGES]


def headline_of(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("## "))


def beyond_straight(within: float, *, audience: str, state: str = "", miles: bool = False) -> float:
    """People beyond a threshold, from the tables and geo alone."""
    zcta = load.zcta()
    if state:
        zcta = zcta[zcta["state"] == state]
    centres = queries.choose_centres(load.treatment_centers(), CentreQuery())
    treats, people = {
        "adult": ("treats_adults", "adults"),
        "pediatric": ("treats_children", "children"),
    }[audience]
    centres = centres[centres[treats]]
    found = StraightLine().nearest(
        Points(zcta["lat"].to_numpy(), zcta["lon"].to_numpy()),
        Points(centres["lat"].to_numpy(), centres["lon"].to_numpy()),
    )
    result = coverage(
        found.distance_km if miles else found.minutes,
        zcta[people].to_numpy(dtype=float),
        threshold=miles_to_km(within) if miles else within,
    )
    return float(result.beyond[0])


@pytest.mark.parametrize("page", PAGE_FILES)
def test_page_opens_without_error(page: str, open_page: Open) -> None:
    app = open_page(page)
    assert not app.error
    assert not app.warning


@pytest.mark.parametrize("page", PAGE_FILES)
def test_page_takes_a_full_url(page: str, open_page: Open) -> None:
    app = open_page(
        page, within="90", ages="adult", therapy="car_t", evidence="documented", state="TX",
        low="true", units="km", metric="miles",
    )  # fmt: skip
    assert not app.error
    assert not app.warning
    assert app.slider(key="within").value == 90
    assert app.selectbox(key="therapy").value == "car_t"
    assert app.toggle(key="low").value is True


@pytest.mark.parametrize("page", PAGE_FILES)
def test_garbage_in_the_url_is_one_warning_and_the_default_view(page: str, open_page: Open) -> None:
    app = open_page(
        page, within="soon", ages="dogs", state="ZZ", site="TC999", nonsense="1", model="straight"
    )
    assert len(app.warning) == 1
    said = app.warning[0].value
    for word in ("within", "dogs", "ZZ", "TC999", "nonsense"):
        assert word in said
    assert app.slider(key="within").value == 60
    assert app.selectbox(key="state").value == ""


def test_the_warning_goes_when_the_reader_changes_something(open_page: Open) -> None:
    app = open_page(within="9999")
    assert "9999" in app.warning[0].value
    app.run()
    assert len(app.warning) == 1
    app.slider(key="within").set_value(90.0).run()
    assert not app.warning


def test_labels_in_the_url_are_taken_like_identifiers(open_page: Open) -> None:
    by_label = open_page(ages="Children", therapy="CAR-T", model="Straight line")
    by_id = open_page(ages="pediatric", therapy="car_t", model="straight")
    assert headline_of(by_label) == headline_of(by_id)


def test_headline_is_what_geo_says(open_page: Open) -> None:
    expected = beyond_straight(60, audience="adult") + beyond_straight(60, audience="pediatric")
    assert headline_of(open_page()) == f"## {text.headline(expected, Selection())}"


def test_slider_changes_the_numbers(open_page: Open) -> None:
    app = open_page(ages="adult")
    app.slider(key="within").set_value(120.0).run()
    expected = beyond_straight(120, audience="adult")
    assert headline_of(app) == f"## {text.headline(expected, Selection(within=120, ages='adult'))}"
    app.segmented_control(key="metric").set_value("miles").run()
    expected = beyond_straight(120, audience="adult", miles=True)
    view = Selection(within=120, ages="adult", metric="miles")
    assert headline_of(app) == f"## {text.headline(expected, view)}"


def test_focus_on_a_state_counts_its_people_only(open_page: Open) -> None:
    app = open_page(state="WY", ages="adult")
    expected = beyond_straight(60, audience="adult", state="WY")
    assert headline_of(app) == f"## {text.headline(expected, Selection(state='WY', ages='adult'))}"


def test_no_centre_is_explained_with_a_next_step(open_page: Open) -> None:
    app = open_page("data.py", ages="pediatric")
    app.file_uploader(key="facilities_file").upload(
        "f.csv", b"lat,lon,ages_treated\n43.08,-107.29,adult\n"
    )
    app.run()
    app.button(key="use_facilities").click().run()
    app.switch_page("../pages/overview.py").run()
    assert not app.exception
    assert "treats children" in app.warning[0].value
    assert "Upload a file" in app.warning[0].value  # evidence and therapy change nothing here
    everyone = text.people(load.zcta()["children"].sum())
    assert headline_of(app).startswith(f"## {everyone} children in the United States live more")


def test_only_centres_for_the_people_counted_are_counted(open_page: Open) -> None:
    asked = {"therapy": "til", "ages": "pediatric"}
    treating = queries.for_ages(
        queries.choose_centres(load.treatment_centers(), CentreQuery("til")), "pediatric"
    )
    app = open_page(**asked)
    assert {m.label: m.value for m in app.metric}["Centres counted"] == str(len(treating))
    listed = open_page("gaps.py", topic="catchments", **asked).dataframe[-1].value
    assert sorted(listed["id"]) == sorted(treating["id"])


def test_search_gives_three_hospitals_and_a_blood_centre(open_page: Open) -> None:
    app = open_page("map.py", near="Houston, TX")
    frame = app.table[0].value
    assert frame["Kind"].tolist() == ["Treatment"] * 3 + ["Blood centre"]
    assert frame["Distance"].str.endswith(" mi").all()
    assert any("From Houston, TX" in m.value for m in app.markdown)


def test_search_for_nowhere_says_so_and_offers_similar_places(open_page: Open) -> None:
    app = open_page("map.py", near="Wichitonga")
    assert 'Nothing called \\"Wichitonga\\"' in app.warning[0].value
    assert any("Wichita" in button.label for button in app.button)
    app = open_page("map.py", near="00000")
    assert "No one lives in a ZIP area 00000" in app.warning[0].value


def test_deep_link_to_a_county_shows_its_people(open_page: Open) -> None:
    app = open_page("map.py", county="48201")
    assert app.subheader[0].value == "Harris County, TX"
    split = load.zcta_county()
    harris = split.loc[split["county_fips"] == "48201", "population"].sum()
    metrics = {m.label: m.value for m in app.metric}
    assert metrics["People"] == text.people(harris)


def test_deep_link_to_a_site_shows_every_claim_with_its_page(open_page: Open) -> None:
    app = open_page("map.py", site="TC001")
    assert app.subheader[0].value.startswith("UAB Hospital")
    claims = next(m.value for m in app.markdown if m.value.startswith("- **"))
    pages = load.treatment_center_evidence()
    for _, page in pages[pages["id"] == "TC001"].iterrows():
        assert page["source_url"] in claims
    assert "undated" in claims
    assert "2019-03-21" in claims
    assert "documented" in claims
    assert any("Confidence" in m.value and "Position" in m.value for m in app.markdown)


def people_near_straight(site: str, within: float) -> float:
    """Adults, children or both within a threshold of one centre, from the tables and geo alone."""
    zcta = load.zcta()
    centre = load.treatment_centers().set_index("id").loc[site]
    found = StraightLine().nearest(
        Points(zcta["lat"].to_numpy(), zcta["lon"].to_numpy()),
        Points(np.array([centre["lat"]]), np.array([centre["lon"]])),
    )
    near = zcta[found.minutes <= within]
    adults = float(near["adults"].sum()) if centre["treats_adults"] else 0.0
    return adults + (float(near["children"].sum()) if centre["treats_children"] else 0.0)


@pytest.mark.parametrize("site", ["TC001", "TC010"])
def test_deep_link_to_a_site_shows_its_catchment(site: str, open_page: Open) -> None:
    app = open_page("map.py", site=site)
    shown = {m.label: m.value for m in app.metric}
    assert shown["Within 60 minutes of it"] == text.people(people_near_straight(site, 60))
    assert {"Nearest centre for", "Beyond 60 minutes without it"} <= set(shown)
    assert any("the next nearest is **" in m.value for m in app.markdown)


def test_own_facility_has_a_catchment_too(open_page: Open) -> None:
    app = open_page("data.py")
    app.file_uploader(key="facilities_file").upload(
        "f.csv", b"id,name,lat,lon\nTC001,Here,43.08,-107.29\n"
    )
    app.run()
    app.button(key="use_facilities").click().run()
    app.query_params["site"] = "TC001"
    app.switch_page("../pages/map.py").run()
    assert not app.exception
    shown = {m.label: m.value for m in app.metric}
    assert shown["Nearest centre for"] == text.people(load.zcta()["population"].sum())
    assert any("could reach no other centre" in m.value for m in app.markdown)


def test_deep_link_to_a_blood_centre(open_page: Open) -> None:
    app = open_page("map.py", site="BC026")
    assert {m.label for m in app.metric} == {"Newly within 60 minutes", "Nearest centre for"}
    assert "South Texas Blood" in app.subheader[0].value
    assert any("Roles" in m.value for m in app.markdown)


def test_blood_centres_are_filtered(open_page: Open) -> None:
    app = open_page("map.py", role="cell_collection", network="American Red Cross")
    assert not app.warning
    assert app.selectbox(key="role").value == "cell_collection"
    assert app.selectbox(key="network").value == "American Red Cross"


@pytest.mark.parametrize(
    "by",
    ["state", "county", "cbsa", "region", "division", "rurality", "race", "income", "poverty",
     "age", "vehicle"],
)  # fmt: skip
def test_every_breakdown_adds_up_to_everybody(by: str, open_page: Open) -> None:
    app = open_page("gaps.py", by=by)
    frame = app.dataframe[0].value
    everybody = load.zcta()["population"].sum()
    assert frame["population"].sum() == pytest.approx(everybody, abs=len(frame))
    assert (frame["share_low"] <= frame["share_covered"]).all()
    assert (frame["share_covered"] <= frame["share_high"]).all()


def test_studies_show_signed_errors_and_plain_verdicts(open_page: Open) -> None:
    app = open_page("methods.py")
    frame = app.dataframe[0].value
    assert len(frame) == len(load.validation_studies())
    done = frame[frame["verdict"] != "not reproducible"]
    assert len(done) >= 10
    error = 100 * (done["computed"] - done["published"])
    assert done["error_points"].to_numpy() == pytest.approx(error.to_numpy())
    met = done["error_points"].abs() <= done["tolerance_points"]
    assert (met == (done["verdict"] == "met")).all()
    rest = frame[frame["verdict"] == "not reproducible"]
    assert rest["recipe"].str.len().min() > 20


def test_data_page_describes_every_table(open_page: Open) -> None:
    app = open_page("data.py")
    shown = " ".join(e.label for e in app.expander)
    for entry in DATASETS.values():
        assert entry.title in shown
    checksums = [m.value for m in app.markdown if "SHA-256" in m.value]
    assert len(checksums) == len(DATASETS)
    assert all(re.search(r"`[0-9a-f]{64}`", line) for line in checksums)


def test_a_bad_facilities_file_lists_all_its_problems(open_page: Open) -> None:
    app = open_page("data.py")
    app.file_uploader(key="facilities_file").upload("f.csv", b"lat,lon\n95,0\n30,abc\n")
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    said = app.error[0].value
    assert "row 2" in said
    assert "row 3" in said
    assert "upload it again" in said


def test_own_facilities_replace_the_centres_until_undone(open_page: Open) -> None:
    app = open_page("data.py")
    app.file_uploader(key="facilities_file").upload("f.csv", b"name,lat,lon\nHere,43.08,-107.29\n")
    app.run()
    app.button(key="use_facilities").click().run()
    assert any("own 1 facilities" in info.value for info in app.info)
    app.switch_page("../pages/overview.py").run()
    assert "one of your own facilities" in headline_of(app)
    assert {m.label: m.value for m in app.metric}["Centres counted"] == "1"
    app.button(key="drop_facilities").click().run()
    assert headline_of(app) == headline_of(open_page())


def test_every_page_file_is_registered() -> None:
    assert sorted(PAGE_FILES) == sorted(p.name for p in (ROOT / "pages").glob("*.py"))
