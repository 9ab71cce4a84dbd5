"""Topic of catchments through the whole app."""

from urllib.parse import parse_qs

import pandas as pd
import pytest
from opening import Open, waited
from streamlit.testing.v1 import AppTest

from dashboard import services, text
from dashboard.services import catchments as catchments_answers
from dashboard.services import openings
from dashboard.state import Selection


def opened(open_page: Open, **query: str) -> AppTest:
    return open_page("gaps.py", topic="catchments", **query)


def table_of(app: AppTest) -> pd.DataFrame:
    found: pd.DataFrame = app.dataframe[-1].value
    return found


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ({}, Selection(model="straight")),
        (
            {"within": "120", "ages": "pediatric", "state": "TX"},
            Selection(model="straight", within=120.0, ages="pediatric", state="TX"),
        ),
        (
            {"within": "50", "metric": "miles"},
            Selection(model="straight", within=50.0, metric="miles"),
        ),
    ],
)
def test_table_adds_up_to_the_headline(
    open_page: Open, query: dict[str, str], view: Selection
) -> None:
    frame = table_of(opened(open_page, **query))
    total = services.coverage.headline(view)
    assert frame["within"].sum() == total.covered
    assert frame["nearest"].sum() == total.population - total.unreachable - total.no_data
    assert frame["lost"].is_monotonic_decreasing


def test_finding_names_the_first_row(open_page: Open) -> None:
    app = opened(open_page)
    first = table_of(app).iloc[0]
    said = next(m.value for m in app.markdown if m.value.startswith("### If"))
    assert f"**{first['name']}** in {first['place']}" in said
    assert text.people(first["lost"]) in said


def test_one_centre_is_its_row(open_page: Open) -> None:
    frame = table_of(opened(open_page))
    row = frame.iloc[1]
    app = opened(open_page, site=str(row["id"]))
    assert app.subheader[0].value == f"{row['name']}, {row['place']}"
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Nearest centre for"] == text.people(row["nearest"])
    assert shown["Beyond 60 minutes without it"] == text.people(row["lost"])


def test_one_centre_on_the_map_page_agrees(open_page: Open) -> None:
    view = Selection(model="straight", site="TC001")
    row = catchments_answers.table(view).set_index("id").loc["TC001"]
    app = open_page("map.py", site="TC001")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Nearest centre for"] == text.people(row["nearest"])
    assert shown["Beyond 60 minutes without it"] == text.people(row["lost"])
    one = catchments_answers.one(view)
    assert one is not None
    assert (one.nearest, one.lost) == (row["nearest"], row["lost"])
    assert one.within >= row["within"]


def test_a_blood_centre_on_the_map_says_what_opening_it_changes(open_page: Open) -> None:
    view = Selection(model="straight", site="BC200")
    found = openings.one(view)
    assert found is not None
    assert found.newly > 0
    app = open_page("map.py", site="BC200")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Newly within 60 minutes"] == text.people(found.newly)
    assert shown["Nearest centre for"] == text.people(found.nearest)
    assert text.opening_sentence(found, view) in [m.value for m in app.markdown]
    assert not app.exception


def test_the_planner_opened_from_a_blood_centre_gives_the_same_people(open_page: Open) -> None:
    view = Selection(model="straight", site="BC200")
    found = openings.one(view)
    assert found is not None
    app = open_page("map.py", site="BC200")
    (link,) = (one for one in app.get("page_link") if one.proto.page == "planner")
    query = {key: values[-1] for key, values in parse_qs(link.proto.query_string).items()}
    planned = waited(open_page("planner.py", **query))
    said = next(m.value for m in planned.markdown if m.value.startswith("## "))
    assert said.startswith(f"## 1 infusion site would bring {text.people(found.newly)} more people")


def test_a_site_that_does_not_count_says_so(open_page: Open) -> None:
    app = opened(open_page, site="BC001")
    assert any("does not count as a treatment centre" in m.value for m in app.markdown)


def test_a_state_without_a_way_to_a_centre_says_so(open_page: Open) -> None:
    app = opened(open_page, state="PR", model="road")
    assert not app.exception
    assert "From Puerto Rico none of the" in app.info[0].value
    assert "Choose all states" in app.info[0].value


def test_a_county_means_the_centre_of_its_people() -> None:
    view = Selection(model="straight")
    harris = catchments_answers.site_at(view, "county", "48201")
    row = catchments_answers.table(view).set_index("id").loc[harris]
    assert row["place"] == "Houston, TX"
    assert catchments_answers.site_at(view, "site", "TC001") == "TC001"
    assert catchments_answers.site_at(view, "background", "") == ""
    drawn = catchments_answers.map_of(Selection(model="straight", site=harris))
    assert "48201" in drawn.catchment
    assert drawn.selected == ("site", harris)
