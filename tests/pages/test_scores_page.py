"""The topic of accessibility scores, through the whole app."""

import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard import queries, text
from dashboard.state import CentreQuery
from data import load


def finding(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("### "))


def test_the_table_adds_up_to_the_beds_and_the_people(open_page: Open) -> None:
    app = open_page("gaps.py", topic="scores")
    frame = app.dataframe[0].value
    zcta = load.zcta()
    assert frame["population"].sum() == zcta["population"].sum()
    assert text.people(frame["none"].sum()) in finding(app)
    chosen = queries.choose_centres(load.treatment_centers(), CentreQuery())
    known = chosen["beds"].sum()
    given_out = (frame["mean"] * frame["population"]).sum() / 100_000
    assert known < given_out < 1.1 * known


@pytest.mark.parametrize("score", ["2sfca", "3sfca", "raam"])
def test_another_score_says_something_else(score, open_page: Open) -> None:
    app = open_page("gaps.py", topic="scores")
    before = finding(app)
    app.segmented_control(key="score").set_value(score).run()
    assert not app.exception
    assert finding(app) != before
    kinds = {control.key for control in app.segmented_control}
    assert ("decay" in kinds) == (score == "3sfca")


def test_decay_and_threshold_change_the_number(open_page: Open) -> None:
    app = open_page("gaps.py", topic="scores", decay="gaussian")
    seen = {finding(app)}
    app.segmented_control(key="decay").set_value("gravity").run()
    seen.add(finding(app))
    app.slider(key="within").set_value(120.0).run()
    seen.add(finding(app))
    assert len(seen) == 3
    assert "within 2 hours" in finding(app)


def test_a_state_in_focus_is_counted_alone_but_does_not_compete_alone(open_page: Open) -> None:
    everybody = open_page("gaps.py", topic="scores").dataframe[0].value.set_index("id")
    alone = open_page("gaps.py", topic="scores", state="UT", places="cbsa")
    frame = alone.dataframe[0].value
    assert frame["population"].sum() == everybody.loc["UT", "population"]
    mean = (frame["mean"] * frame["population"]).sum() / frame["population"].sum()
    assert mean == pytest.approx(everybody.loc["UT", "mean"])
    assert any("People of all states compete" in m.value for m in alone.markdown)


def test_nobody_in_reach_is_said_and_not_an_error(open_page: Open) -> None:
    app = open_page("gaps.py", topic="scores", state="WY", within="10")
    assert "Nobody of the people in Wyoming has any beds within 10 minutes" in finding(app)
    assert any("Nobody has any beds within 10 minutes in all" in m.value for m in app.markdown)


def test_own_facilities_count_as_one_each_and_may_serve_nobody(open_page: Open) -> None:
    app = open_page("data.py")
    app.file_uploader(key="facilities_file").upload(
        "f.csv", b"lat,lon,ages_treated\n40.76,-111.89,adult\n40.77,-111.90,adult\n"
    )
    app.run()
    app.button(key="use_facilities").click().run()
    app.switch_page("../pages/gaps.py").run()
    app.segmented_control(key="topic").set_value("scores").run()
    assert not app.exception
    frame = app.dataframe[0].value
    assert (frame["mean"] * frame["population"]).sum() / 1e6 == pytest.approx(2)
    assert any("counts as one unit of capacity" in c.value for c in app.caption)
    for score in ("e2sfca", "raam"):
        app.segmented_control(key="score").set_value(score).run()
        app.segmented_control(key="ages").set_value("pediatric").run()
        assert not app.exception
        assert "treats children" in app.warning[0].value
        frame = app.dataframe[0].value
        assert frame["none"].sum() == frame["population"].sum()


def test_both_tables_have_a_download_and_the_method_its_papers(open_page: Open) -> None:
    app = open_page("gaps.py", topic="scores", metric="miles", units="km", score="raam")
    labels = {button.label for button in app.get("download_button")}
    assert {"Places as CSV", "Every ZIP area as CSV"} <= labels
    assert "km of travel" in finding(app)
    assert any("10.1080/24694452.2019.1629870" in m.value for m in app.markdown)
