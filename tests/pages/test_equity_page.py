"""Equity through the whole app: findings, figures, tables, a state in focus, empty views."""

import pandas as pd
import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard.fairness import DIMENSIONS
from dashboard.state import LABELS
from data import load

FIGURES = {
    "equity_curves", "equity_medians", "equity_states", "equity_concentration", "equity_lorenz",
}  # fmt: skip


def said(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


def charts(app: AppTest) -> set[str]:
    return {str(chart.proto.id).rsplit("-", 1)[-1] for chart in app.get("plotly_chart")}


def table_with(app: AppTest, *columns: str) -> pd.DataFrame:
    return next(t.value for t in app.dataframe if set(columns) <= set(t.value.columns))


@pytest.mark.parametrize("by", DIMENSIONS)
def test_every_dimension_has_findings_charts_and_tables(by: str, open_page: Open) -> None:
    app = open_page("gaps.py", topic="equity", by=by)
    assert not app.error
    assert app.segmented_control(key="by").value == by
    assert f"How far people travel, by {LABELS['by'][by].lower()}" in said(app)
    assert "90% band" in said(app)
    assert "Concentration index of travel" in said(app)
    assert "Gini index" in said(app)
    assert charts(app) == FIGURES
    groups = table_with(app, "median_low", "p90")
    everybody = load.zcta()["population"].sum()
    totals = groups.groupby("dimension")["population"].sum()
    assert totals.to_numpy() == pytest.approx([everybody] * len(DIMENSIONS), abs=10)
    gaps = table_with(app, "dimension_label", "percent", "median_difference")
    assert gaps["dimension"].tolist() == list(DIMENSIONS)
    states = table_with(app, "state", "percent")
    assert (states["gap"].diff().dropna() <= 0).all()
    assert (states[["people", "people_reference"]] >= 10_000).all(axis=None)
    indexes = table_with(app, "index", "value")
    assert len(indexes) == 5
    assert (indexes["low"] <= indexes["value"]).all()
    assert (indexes["value"] <= indexes["high"]).all()


def test_pressing_another_dimension_compares_by_it(open_page: Open) -> None:
    app = open_page("gaps.py", topic="equity")
    assert app.segmented_control(key="by").value == "race"
    app.segmented_control(key="by").set_value("rurality").run()
    assert not app.exception
    assert "people in urban areas to live more than 60 minutes" in said(app)


def test_breakdowns_without_a_reference_fall_back_to_the_first(open_page: Open) -> None:
    app = open_page("gaps.py", topic="equity", by="county")
    assert not app.error
    assert app.segmented_control(key="by").value == "race"


def test_topics_can_be_changed_to_and_fro(open_page: Open) -> None:
    app = open_page("gaps.py", by="county")
    app.segmented_control(key="topic").set_value("equity").run()
    assert not app.exception
    app.segmented_control(key="by").set_value("poverty").run()
    app.segmented_control(key="topic").set_value("groups").run()
    assert not app.exception
    assert app.selectbox(key="by").value in LABELS["by"]


def test_a_state_in_focus_is_compared_with_the_country(open_page: Open) -> None:
    app = open_page("gaps.py", topic="equity", by="rurality", state="TX")
    assert "Texas and the whole country" in said(app)
    assert "In Texas the gap between people in rural areas and people in urban areas" in said(app)
    both = table_with(app, "state", "percent")
    assert both["label"].tolist() == ["Texas", "United States"]
    assert charts(app) == FIGURES - {"equity_states"}
    groups = table_with(app, "median_low", "p90")
    zcta = load.zcta()
    texans = zcta.loc[zcta["state"] == "TX", "population"].sum()
    assert groups[groups["dimension"] == "age"]["population"].sum() == pytest.approx(texans, abs=9)


def test_groups_that_nobody_belongs_to_are_explained(open_page: Open) -> None:
    app = open_page("gaps.py", topic="equity", by="age", ages="pediatric", state="WY")
    assert not app.error
    assert "Age group: no two groups with at least 10,000 people" in said(app)
    assert "Choose other groups above" in said(app)


def test_without_a_centre_everybody_is_beyond_and_nothing_fails(open_page: Open) -> None:
    app = open_page("data.py", ages="pediatric")
    app.file_uploader(key="facilities_file").upload(
        "f.csv", b"lat,lon,ages_treated\n43.08,-107.29,adult\n"
    )
    app.run()
    app.button(key="use_facilities").click().run()
    app.switch_page("../pages/gaps.py").run()
    app.segmented_control(key="topic").set_value("equity").run()
    assert not app.exception
    assert "No group is more likely than White children" in said(app)
    assert "Nobody here has a way to a centre." in said(app)


def test_miles_and_kilometres_are_named(open_page: Open) -> None:
    app = open_page("gaps.py", topic="equity", metric="miles", units="km", within="50")
    assert "of all kilometres" in said(app)
    assert "Within 50 miles (80 km) live" in said(app)
