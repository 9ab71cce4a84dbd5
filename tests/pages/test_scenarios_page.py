"""Saved scenarios through the whole app: links, the list, what can go wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from opening import Open, waited
from streamlit.testing.v1 import AppTest

from dashboard import scenarios
from dashboard.scenario_shell import FINDING
from dashboard.services import engine
from dashboard.services import scenarios as answers
from dashboard.state import Selection
from data import scenario_file
from data.store import ADDRESS, Draft, Scenario, Store

DRAFT = Draft(
    "Ohio & <b>Utah</b>",
    "=1+1 [x](javascript:1)",
    "gaps",
    "model=straight&state=OH&within=45",
    "",
    "Many live far.",
    listed=True,
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(ADDRESS, f"sqlite:///{tmp_path / 'scenarios.sqlite'}")
    return answers.opened()


def words(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.warning))


def test_a_link_opens_page_settings_and_names_the_scenario(store: Store, open_page: Open) -> None:
    saved, _ = store.create(replace(DRAFT, fingerprint=engine.tables()))
    app = open_page(scenario=saved.token)
    assert any("people in Ohio live more than 45 minutes" in m.value for m in app.markdown)
    assert scenarios.text.literal(DRAFT.name) in words(app)
    assert "data have changed" not in words(app)
    assert "scenario" not in app.query_params
    app.button(key="scenario_close").click().run()
    assert scenarios.text.literal(DRAFT.name) not in words(app)


def test_a_scenario_of_other_data_says_so(store: Store, open_page: Open) -> None:
    saved, _ = store.create(replace(DRAFT, fingerprint="of last year"))
    app = open_page(scenario=saved.token)
    assert "The data have changed since this was saved on 20" in app.warning[0].value
    assert "Many live far" in app.warning[0].value


@pytest.mark.parametrize("token", ["nothing", "' OR 1=1 --", "<script>", "x" * 5_000])
def test_a_link_that_does_not_exist_says_so_and_opens_the_page(
    token: str, store: Store, open_page: Open
) -> None:
    assert store.listed() == []
    app = open_page(scenario=token)
    assert "There is no scenario with this link" in app.warning[0].value
    assert any("people in the United States live" in m.value for m in app.markdown)


def test_settings_of_a_scenario_that_are_no_more_are_named(store: Store, open_page: Open) -> None:
    saved, _ = store.create(replace(DRAFT, query="within=9999&colour=red"))
    app = open_page(scenario=saved.token)
    said = app.warning[0].value
    assert "9999" in said
    assert "colour" in said


def test_only_the_link_to_change_it_offers_to_change_it(store: Store, open_page: Open) -> None:
    saved, key = store.create(DRAFT)
    app = open_page("scenarios.py")
    keys = {button.key for button in app.button}
    assert f"open_{saved.token}" in keys
    assert f"delete_{saved.token}_1" not in keys
    app = open_page(scenario=saved.token, edit=key)
    app.switch_page("../pages/scenarios.py").run()
    assert f"delete_{saved.token}_1" in {button.key for button in app.button}
    wrong = open_page(scenario=saved.token, edit="guess")
    assert "allows changes is wrong" in words(wrong)


def test_delete_can_be_undone_and_a_fork_is_ones_own(store: Store, open_page: Open) -> None:
    saved, key = store.create(DRAFT)
    app = open_page(scenario=saved.token, edit=key)
    app.switch_page("../pages/scenarios.py").run()
    app.button(key=f"delete_{saved.token}_1").click().run()
    assert "No scenario has been saved yet" in words(app)
    app.button(key="scenario_undo").click().run()
    assert "1 scenario is listed" in words(app)
    app.button(key=f"fork_{saved.token}").click().run()
    assert len(store.listed()) == 1
    assert "2 can be changed in this browser tab" in words(app)


def test_a_deletion_that_somebody_else_overtook_says_so(store: Store, open_page: Open) -> None:
    saved, key = store.create(DRAFT)
    app = open_page(scenario=saved.token, edit=key)
    app.switch_page("../pages/scenarios.py").run()
    button = app.button(key=f"delete_{saved.token}_1")
    store.save(saved.token, key, 1, replace(DRAFT, name="Theirs"))
    button.click().run()
    assert store.get(saved.token).name == "Theirs"


def test_a_database_that_is_away_leaves_the_rest(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, "postgresql://nobody@127.0.0.1:9/none")
    app = open_page("scenarios.py")
    assert "cannot be used" in app.error[0].value
    assert "Nothing was saved" in app.error[0].value
    app = open_page(scenario="abcdefgh")
    assert "cannot be used" in app.warning[0].value
    assert any("people in the United States live" in m.value for m in app.markdown)


def test_a_file_of_scenarios_is_taken_in(store: Store, open_page: Open) -> None:
    content = scenario_file.written([Scenario(*("" for _ in range(6)))])
    file = json.loads(content)
    file["scenarios"] = [{"name": f"Number {i}", "page": "map", "query": ""} for i in range(7)]
    app = open_page("scenarios.py")
    app.file_uploader(key="scenarios_file").set_value(
        ("many.json", json.dumps(file).encode(), "application/json")
    ).run()
    assert "7 in the file: Number 0" in words(app)
    app.button(key="scenarios_import").click().run()
    assert "7 can be changed in this browser tab" in words(app)
    assert store.listed() == []


def test_what_a_scenario_cannot_keep_is_said() -> None:
    own = scenarios.cautions({}, replace(Selection(), facilities="abc"))
    assert "stay in this browser tab" in own[0]
    file = scenarios.cautions({"candidates": "file"}, Selection())
    assert "file of your own, which is not kept" in file[0]
    assert scenarios.cautions({"within": "90"}, Selection()) == []


def test_a_draft_holds_the_finding_and_the_state_of_the_data() -> None:
    view = Selection(state="OH", model="straight")
    draft = answers.draft(view, "gaps", "state=OH", name="a", description="", listed=False)
    assert "people in Ohio live more than 60 minutes" in draft.headline
    assert draft.fingerprint == engine.tables()
    assert [figure.label for figure in draft.figures][:2] == ["People", "Within 60 minutes"]


def test_a_draft_of_a_page_with_a_finding_of_its_own_holds_that() -> None:
    said = ("Two sites bring much.", (("New sites", "2"),))
    draft = answers.draft(
        Selection(), "planner", "", said, name="a", description="", listed=False
    )  # fmt: skip
    assert draft.headline == "Two sites bring much."
    assert [(figure.label, figure.value) for figure in draft.figures] == [("New sites", "2")]


@pytest.mark.parametrize(
    ("page", "query", "label"),
    [
        ("patients.py", {"state": "OH"}, "Patients in 2026"),
        ("patients.py", {"state": "OH", "part": "capacity"}, "Find a slot in 2026"),
        ("journeys.py", {"state": "OH"}, "US dollars saved a year"),
        ("journeys.py", {"state": "OH", "topic": "places"}, "US dollars saved a year"),
        ("region.py", {"region": "state:OH"}, "Beyond it"),
        ("planner.py", {"state": "OH", "count": "2", "hand": "-"}, "People gained"),
    ],
)
def test_what_a_page_has_found_is_what_a_scenario_of_it_keeps(
    page: str, query: dict[str, str], label: str, open_page: Open
) -> None:
    app = waited(open_page(page, **query))
    sentence, figures = app.session_state[FINDING]
    headings = [m.value.lstrip("# ") for m in app.markdown if m.value.startswith("##")]
    assert any(sentence.startswith(heading) for heading in headings)
    shown = {metric.label: metric.value for metric in app.metric}
    assert dict(figures)[label] == shown[label]
    app.switch_page("../pages/overview.py").run()
    assert FINDING not in app.session_state
