"""The Region page and the search, through the whole app."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard import queries, regions, services, text
from dashboard.services import cache
from dashboard.services import regions as regions_answers
from dashboard.state import Places, Selection

VIEW: Final = Selection(model="straight")


@pytest.fixture
def region(open_page: Open) -> Callable[..., AppTest]:
    return lambda key="", **query: open_page(
        "region.py", **({"region": key} if key else {}), **query
    )


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def headline_of(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("## "))


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize(
    ("key", "inside"),
    [
        ("state:TX", "In Texas "),
        ("hrr:397", "In the Houston, TX referral region "),
        ("cbsa:26420", "In the Houston-Pasadena-The Woodlands, TX metro area "),
        ("county:48201", "In Harris County, TX "),
        ("state:DC", "In the District of Columbia "),
        ("state:PR", "In Puerto Rico "),
        ("cbsa:41980", "In the San Juan-Bayamón-Caguas, PR metro area "),
    ],
)
def test_a_region_of_each_kind(key: str, inside: str, region: Callable[..., AppTest]) -> None:
    app = region(key)
    assert not app.warning
    assert headline_of(app).startswith(f"## {inside}")
    row = services.coverage.breakdown(replace(VIEW, by=key.partition(":")[0]))  # type: ignore[arg-type]
    row = row.set_index("group").loc[key.partition(":")[2]]
    shown = metrics(app)
    assert shown["People"] == text.people(row["population"])
    assert shown["Within 60 minutes"] == text.people(row["covered"])
    assert shown["Beyond it"] == text.people(row["beyond"])
    assert shown["Half live within"] == text.minutes(row["median_minutes"])
    assert f"region={key.replace(':', '%3A')}" in app.code[0].value


@pytest.mark.parametrize("kind", regions.KINDS)
def test_reports_have_the_numbers_of_the_breakdown(kind: Places) -> None:
    cache.clear()
    frame = regions.regions_only(services.coverage.breakdown(replace(VIEW, by=kind)))
    for _, row in frame.iloc[:: max(1, len(frame) // 6)].iterrows():
        found = regions_answers.report(replace(VIEW, region=f"{kind}:{row['group']}"))
        people = found.headline
        assert (people.population, people.covered, people.beyond) == (
            row["population"],
            row["covered"],
            row["beyond"],
        )
        assert people.share_beyond_high == pytest.approx(1 - row["share_low"], abs=1e-6)
        assert found.compared["median"].iloc[0] == row["median_minutes"]
        assert found.areas["beyond"].sum() == pytest.approx(row["beyond"], abs=0.5)
        by_age = found.groups[found.groups["by"] == "age"]
        assert by_age["population"].sum() == pytest.approx(row["population"], abs=3)


def test_regions_of_a_kind_add_up_to_the_nation() -> None:
    everybody = services.coverage.headline(VIEW)
    for kind in regions.KINDS:
        frame = services.coverage.breakdown(replace(VIEW, by=kind))
        assert frame["population"].sum() == everybody.population
        assert frame["covered"].sum() == everybody.covered


def test_region_without_a_centre_names_the_nearest(region: Callable[..., AppTest]) -> None:
    app = region("county:30029")  # Flathead County, Montana
    assert "No treatment centre that counts lies in this region: for " in said(app)
    assert "minutes" in headline_of(app)


def test_unknown_region_is_said_and_near_codes_are_offered(
    region: Callable[..., AppTest],
) -> None:
    app = region("county:48200")
    assert "There is no county 48200 in the tables" in app.warning[0].value
    app.button(key="nearest_county:48201").click().run()
    assert not app.warning
    assert headline_of(app).startswith("## In Harris County, TX ")
    assert app.query_params["region"] == "county:48201"


def test_without_a_region_all_of_the_kind_are_ranked(region: Callable[..., AppTest]) -> None:
    app = region(places="hrr")
    assert headline_of(app) == "## All 306 referral regions, ranked"
    table = app.dataframe[0].value
    assert len(table) == 306
    assert table["share_beyond"].is_monotonic_decreasing
    app.selectbox(key="_region_choice").select("397").run()
    assert headline_of(app).startswith("## In the Houston, TX referral region ")


def test_state_in_focus_shortens_the_list_and_cuts_no_region(
    region: Callable[..., AppTest],
) -> None:
    app = region(places="hrr", state="WY")
    assert headline_of(app).endswith("referral regions with people in Wyoming, ranked")
    labels = app.dataframe[0].value["label"].tolist()
    assert "Casper, WY" in labels
    assert "Houston, TX" not in labels
    whole = region("hrr:457")
    focused = region("hrr:457", state="WY")
    assert metrics(whole) == metrics(focused)
    assert "does not cut this region" in said(focused)


def test_nobody_of_a_kind_in_the_state_in_focus(region: Callable[..., AppTest]) -> None:
    app = region(places="hrr", state="PR")
    assert "choose another kind" in app.info[0].value


def test_a_zip_code_opens_the_region_that_holds_it(region: Callable[..., AppTest]) -> None:
    app = region(places="hrr")
    app.text_input(key="near").input("77030").run()
    assert headline_of(app).startswith("## In the Houston, TX referral region ")
    app.button(key="open_county:48201").click().run()
    assert headline_of(app).startswith("## In Harris County, TX ")
    assert app.segmented_control(key="places").value == "county"


@pytest.mark.parametrize(
    ("near", "inside"),
    [
        ("Cook County, MN", "In Cook County, MN"),
        ("Montana", "In Montana"),
        ("Spokane referral region", "In the Spokane, WA referral region"),
        ("MD Anderson Houston", "In Texas"),
    ],
)
def test_a_link_that_searches(near: str, inside: str, region: Callable[..., AppTest]) -> None:
    assert headline_of(region(near=near)).startswith(f"## {inside} ")


def test_another_kind_closes_the_region(region: Callable[..., AppTest]) -> None:
    app = region("hrr:397")
    app.segmented_control(key="places").select("cbsa").run()
    assert headline_of(app) == "## All 933 metro areas, ranked"
    assert "region" not in app.query_params


def test_what_is_searched_for_in_vain_is_said(open_page: Open) -> None:
    for page in ("map.py", "region.py"):
        app = open_page(page, near="Wichitonga")
        assert "Nothing called" in app.warning[0].value
        assert app.button(key="search_other_0").label


def test_markup_in_a_search_stays_text(open_page: Open) -> None:
    app = open_page("map.py", near="www.example.com (x)")
    assert "www\\.example\\.com" in app.warning[0].value
    app.text_input(key="near").input("<b>[x](y)</b>").run()
    assert "plain punctuation" in app.warning[0].value


def test_only_centres_that_treat_the_people_counted_lie_in_a_region(
    region: Callable[..., AppTest],
) -> None:
    app = region("hrr:397", therapy="til", ages="pediatric")  # Houston Methodist treats adults only
    assert "No treatment centre that counts lies in this region" in said(app)


def test_state_found_on_the_map_offers_focus(open_page: Open) -> None:
    app = open_page("map.py", near="Texas")
    app.button(key="focus_on").click().run()
    assert app.selectbox(key="state").value == "TX"
    assert app.text_input(key="near").value == ""


def test_county_and_site_found_on_the_map_open_their_detail(open_page: Open) -> None:
    assert any(
        s.value == "Harris County, TX" for s in open_page("map.py", near="Harris County").subheader
    )
    app = open_page("map.py", near="TC183")
    assert any(s.value.startswith("UT MD Anderson Cancer Center") for s in app.subheader)


def test_another_name_is_one_click_away(open_page: Open) -> None:
    app = open_page("map.py", near="Springfield")
    assert "From Springfield, MO" in said(app)
    app.button(key="search_other_1").click().run()
    assert "From Springfield, IL" in said(app)
    assert app.text_input(key="near").value == "Springfield, IL"


@pytest.mark.parametrize("level", ["cbsa", "hrr"])
def test_counties_painted_with_the_value_of_their_region(level: str, open_page: Open) -> None:
    view = replace(VIEW, level=level)  # type: ignore[arg-type]
    frame = services.maps.areas_frame(view)
    values = queries.area_values(
        queries.load_areas(),
        services.engine.rows_of(view),
        view,
        level,  # type: ignore[arg-type]
    )
    assert len(frame) > 1_800
    assert (frame["median_minutes"].to_numpy() == values.loc[frame[level]].to_numpy()).all()
    assert not open_page("map.py", level=level).warning
