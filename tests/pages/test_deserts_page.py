"""Topic of treatment deserts through the whole app."""

import pandas as pd
import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard import services, text
from dashboard.services import deserts as deserts_answers
from dashboard.state import Selection

VIEW = Selection(model="straight")


def opened(open_page: Open, **query: str) -> AppTest:
    return open_page("gaps.py", topic="deserts", **query)


def table_of(app: AppTest) -> pd.DataFrame:
    found: pd.DataFrame = app.dataframe[-1].value
    return found


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ({}, VIEW),
        ({"cut": "none", "within": "120"}, Selection(model="straight", within=120.0)),
        (
            {"within": "50", "metric": "miles", "ages": "adult", "state": "TX"},
            Selection(model="straight", within=50.0, metric="miles", ages="adult", state="TX"),
        ),
    ],
)
def test_table_adds_up_to_the_headline(
    open_page: Open, query: dict[str, str], view: Selection
) -> None:
    frame = table_of(opened(open_page, **query))
    total = services.coverage.headline(view)
    assert frame["people"].sum() == total.beyond
    assert frame["unreachable"].sum() == total.unreachable


def test_finding_names_the_first_row(open_page: Open) -> None:
    app = opened(open_page)
    first = table_of(app).iloc[0]
    said = next(m.value for m in app.markdown if "treatment deserts" in m.value)
    assert f"the largest, with **{first['name']}**, holds" in said
    assert text.people(first["people"]) in said


def test_a_link_of_the_table_opens_its_desert(open_page: Open) -> None:
    row = table_of(opened(open_page, within="90")).iloc[2]
    query = dict(pair.split("=") for pair in row["link"].removeprefix("?").split("&"))
    app = open_page("gaps.py", **query)
    assert app.subheader[0].value == row["name"]
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Beyond 90 minutes"] == text.people(row["people"])


def test_any_zip_area_of_a_desert_opens_it(open_page: Open) -> None:
    app = opened(open_page, desert="79821", state="TX")  # Anthony, near El Paso
    assert app.subheader[0].value.endswith(", TX")
    assert not app.info


@pytest.mark.parametrize(
    ("zcta", "said"),
    [
        ("77030", "is in no desert with the present settings"),
        ("00000", "is not a ZIP code area with residents"),
    ],
)
def test_a_link_that_no_longer_names_a_desert_says_why(
    open_page: Open, zcta: str, said: str
) -> None:
    app = opened(open_page, desert=zcta)
    assert said in app.info[0].value
    assert not app.subheader


def test_a_state_without_a_desert(open_page: Open) -> None:
    app = opened(open_page, state="DC")
    assert any("no treatment desert in District of Columbia" in m.value for m in app.markdown)


def test_no_centre_at_all_leaves_everybody_in_deserts(open_page: Open) -> None:
    app = opened(open_page, therapy="til", evidence="documented", ages="pediatric")
    view = Selection(model="straight", therapy="til", evidence="documented", ages="pediatric")
    assert table_of(app)["people"].sum() == services.coverage.headline(view).beyond


def test_the_role_of_blood_centres_matters(open_page: Open) -> None:
    anywhere = table_of(opened(open_page))["near_blood"].sum()
    cells = table_of(opened(open_page, role="cell_collection"))["near_blood"].sum()
    farther = table_of(opened(open_page, role="cell_collection", blood="90"))["near_blood"].sum()
    assert cells < anywhere
    assert cells < farther


def test_map_zooms_to_the_desert() -> None:
    frame = deserts_answers.table(VIEW)
    whole = deserts_answers.map_of(VIEW)
    assert whole.selected is None
    chosen = str(frame["desert"][1])
    near = deserts_answers.map_of(Selection(model="straight", desert=chosen))
    assert near.selected == ("desert", chosen)
    assert near.polygons[0].selected == chosen
    assert near.bounds[0] > whole.bounds[0] - 10
    assert near.bounds[2] - near.bounds[0] < whole.bounds[2] - whole.bounds[0]


def test_file_has_every_desert_with_its_link() -> None:
    file = deserts_answers.file(VIEW)
    assert len(file) == len(deserts_answers.table(VIEW))
    assert (file["people"] < 1_000).any()
    assert file["link"].str.contains("desert=").all()
    assert "number" not in file
