"""Two situations side by side, through the whole app and by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard import comparison, comparison_text, queries, situations
from dashboard.plan_state import PlanSettings
from dashboard.services import comparison as answers
from dashboard.services import engine, planner
from dashboard.services import scenarios as saved
from dashboard.services.comparison import Asked
from dashboard.state import Selection
from data.store import ADDRESS, Draft

VIEW = Selection(state="MT", model="straight")
PLAN = PlanSettings(count=3, where="state:MT")
QUERY = "planner?model=straight&state=MT&count=3&where=state%3AMT"


@pytest.fixture(autouse=True)
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, f"sqlite:///{tmp_path / 'scenarios.sqlite'}")


def sides() -> tuple[Asked, Asked]:
    job = planner.solving(VIEW, PLAN)
    assert job.wait(60)
    today = answers.situation_of("baseline", VIEW, None)
    planned = answers.situation_of(situations.read(QUERY), VIEW, None)
    return answers.asked(today, None), answers.asked(planned, job.outcome())


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.warning, *app.info))


def test_the_difference_is_what_the_planner_says_it_gains() -> None:
    a, b = sides()
    found = answers.headline(a, b, "treatment")
    outcome = planner.outcome_of(VIEW, PLAN, b.options)
    assert found.difference == pytest.approx(outcome.totals["gained"])
    assert found.gained == pytest.approx(outcome.totals["gained"])
    assert found.lost == 0
    assert found.b.covered == pytest.approx(outcome.totals["covered_after"])
    assert found.covered is not None
    assert found.covered[0] <= found.difference <= found.covered[1]


def test_exchanged_sides_have_the_sign_turned() -> None:
    a, b = sides()
    there, back = answers.headline(a, b, "treatment"), answers.headline(b, a, "treatment")
    assert back.difference == -there.difference
    assert back.saved == pytest.approx(-there.saved)
    assert back.covered == pytest.approx((-there.covered[1], -there.covered[0]))  # type: ignore[index]
    assert (back.gained, back.shorter) == (there.lost, there.longer)


def test_a_situation_beside_itself_differs_in_nothing() -> None:
    a, _ = sides()
    found = answers.headline(a, a, "treatment")
    assert (found.difference, found.gained, found.lost, found.saved) == (0, 0, 0, 0)
    assert found.covered == (0.0, 0.0)
    assert (answers.places(a, a, "treatment", "county")["covered_change"] == 0).all()
    assert set(answers.sites(a, a, "treatment")["where"]) == {"In both"}
    assert "As many people" in comparison_text.finding(found, answers.pair(a, a, "treatment"))


def test_places_sites_and_map_add_up() -> None:
    a, b = sides()
    found = answers.headline(a, b, "treatment")
    counties = answers.places(a, b, "treatment", "county")
    assert counties["covered_change"].sum() == pytest.approx(found.difference, abs=len(counties))
    sites = answers.sites(a, b, "treatment")
    assert (sites["where"] == "Only in B").sum() == len(b.options) == 3
    spec, key = answers.map_of(a, b, "treatment", "travel")
    assert spec.areas is not None
    both = answers.pair(a, b, "treatment")
    values = comparison.shading(both, "travel")
    before, after, persons = comparison.travels(both)
    every = np.nansum(comparison.saved_by(before, after) * persons)
    people = engine.areas_of(engine.tables())
    weights = queries.by_county(people, both.a.rows.take(both.row_a))
    total = np.bincount(weights.county, weights.persons, len(weights.names))
    mean = dict(zip(weights.names, total, strict=True))
    assert -sum(values[name] * mean[name] for name in values) == pytest.approx(every, rel=1e-6)
    assert "Only in B" in key.html


def test_a_plan_of_collection_sites_is_compared_by_travel_to_collection() -> None:
    plan = replace(PLAN, site_role="collection")
    job = planner.solving(VIEW, plan)
    assert job.wait(60)
    a = answers.asked(answers.situation_of("baseline", VIEW, None), None)
    b = answers.asked(answers.situation_of("view", VIEW, plan), job.outcome())
    settings = answers.ComparisonSettings()
    assert answers.way_of(settings, a.situation, b.situation) == "collection"
    found = answers.headline(a, b, "collection")
    outcome = planner.outcome_of(VIEW, plan, b.options)
    gained = outcome.totals["collection_after"] - outcome.totals["collection_before"]
    if plan.collect_within == VIEW.within:
        assert found.difference == pytest.approx(gained)
    assert found.b.covered == pytest.approx(outcome.totals["collection_after"])


def wait_for(app: AppTest, words: str) -> None:
    for _ in range(40):
        if words in said(app):
            return
        app.run()
    pytest.fail(f"{words!r} was never said: {said(app)}")


def test_a_link_compares_today_with_a_plan(open_page: Open) -> None:
    sides()
    app = open_page("compare.py", b=QUERY, state="MT")
    wait_for(app, "## With the linked plan, ")
    assert "more people live within 60 minutes of treatment than today" in said(app)
    assert {"A: open sites", "B: open sites"} <= {metric.label for metric in app.metric}
    labels = {button.label for button in app.get("download_button")}
    assert {"Places as CSV", "Equity as CSV", "Sites as CSV"} <= labels


def test_two_scenarios_are_compared_and_old_data_is_said(open_page: Open) -> None:
    one, _ = saved.opened().create(
        Draft("Near", page="map", query="model=straight&state=TX&within=30", listed=True)
    )
    two, _ = saved.opened().create(
        Draft("Far", page="map", query="model=straight&state=TX&within=90", fingerprint="old")
    )
    app = open_page("compare.py", a=one.token, b=two.token)
    wait_for(app, "## With “Far”, ")
    assert "their thresholds" in said(app)
    assert "B: The data have changed since" in said(app)


def test_nothing_chosen_says_what_to_do(open_page: Open) -> None:
    app = open_page("compare.py")
    assert "Set any two situations side by side" in said(app)
    assert not app.error


def test_a_comparison_to_begin_with_keeps_the_view(open_page: Open) -> None:
    app = open_page("compare.py", state="TX", model="straight", within="90")
    labels = [button.label for button in app.button if button.key.startswith("compare_begin")]
    assert labels == ["10 more sites", "Evidence: documented", "CAR-T", "Road network"]
    app.button("compare_begin_1").click().run()
    expected = "overview?within=90&model=straight&evidence=documented&state=TX"
    assert app.query_params["b"] in (expected, [expected])
    wait_for(app, "fewer people live within 90 minutes")


@pytest.mark.parametrize(
    ("b", "words"),
    [
        ("nonsense token!", "is neither baseline"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "There is no scenario with this link"),
        ("https://a.example/compare?a=x", "is a link to a comparison"),
    ],
)
def test_what_cannot_be_compared_says_why(b: str, words: str, open_page: Open) -> None:
    app = open_page("compare.py", b=b)
    shown = said(app) + " ".join(error.value for error in app.error)
    assert words in shown


def test_a_plan_of_another_state_is_solved_for_its_own() -> None:
    a, b = sides()
    elsewhere = situations.of_view(replace(VIEW, state="WY"), None, reference="baseline")
    found = answers.headline(answers.asked(elsewhere, None), b, "treatment")
    assert found.a.population > 300_000_000  # two states: the whole country is compared
    assert found.gained == pytest.approx(answers.headline(a, b, "treatment").gained, rel=0.5)
