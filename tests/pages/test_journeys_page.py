"""The Journeys page through the whole app: what it says is what the engines say."""

import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard import address, journey_text, text
from dashboard.journey_state import MODELS, Edit, JourneySettings
from dashboard.services import journeys, logistics
from dashboard.services.logistics import Asked
from dashboard.state import Selection
from data import load

STRAIGHT = Selection(model="straight")


def headings(app: AppTest) -> list[str]:
    return [m.value for m in app.markdown if m.value.startswith("### ")]


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.get("download_button")}


def test_legs_say_what_the_engine_says_and_move_with_the_settings(open_page: Open) -> None:
    app = open_page("journeys.py", journeys="legs")
    share = logistics.report(STRAIGHT, Asked()).patients.share
    assert headings(app)[0].startswith(f"### Cells of {text.percent(share)} of patients could be")
    app.slider(key="journeys_leg").set_value(60.0).run()
    shorter = logistics.report(STRAIGHT, Asked(limit=60.0)).patients.share
    assert shorter < share
    assert f"Cells of {text.percent(shorter)} of" in headings(app)[0]
    assert "within 60 minutes" in headings(app)[0]
    assert app.query_params["leg"] == "60"


def test_a_link_to_the_legs_opens_with_role_and_airports(open_page: Open) -> None:
    app = open_page("journeys.py", journeys="legs", collects="any", hubs="large", state="TX")
    assert (
        "of patients in Texas could be driven from the nearest blood centre to" in headings(app)[0]
    )
    sites = app.dataframe[1].value
    large = load.airports().query("hub == 'large'")["iata"]
    assert set(sites["airport"].str[:3]) <= set(large)
    assert (sites["state"] == "TX").sum() > 20
    assert ((sites["state"] == "TX") | (sites["patients"] > 0)).all()


def test_tables_of_legs_add_up_and_all_can_be_downloaded(open_page: Open) -> None:
    app = open_page("journeys.py", journeys="legs")
    parts, sites, legs = (table.value for table in app.dataframe)
    patients = parts.iloc[0]
    assert (
        abs(patients[["within", "beyond", "unreachable", "no_data"]].sum() - patients["total"]) < 3
    )
    assert abs(sites["patients"].sum() - patients["total"]) < 2
    assert abs(legs["patients"].sum() + patients["unreachable"] - patients["total"]) < 2
    assert len(legs) == parts.iloc[1]["total"]
    assert {
        "Shares as CSV", "Collection sites as CSV", "Legs in use as CSV",
        "Every site and centre as CSV", "Every site and airport as CSV",
    } <= labels(app)  # fmt: skip


def test_an_unusable_setting_is_reported_and_the_rest_is_used(open_page: Open) -> None:
    app = open_page("journeys.py", journeys="legs", leg="1e9", collects="apheresis")
    assert len(app.warning) == 1
    assert "30 to 720" in app.warning[0].value
    assert "blood centre with apheresis" in headings(app)[0]


def test_models_say_what_the_engine_says(open_page: Open) -> None:
    app = open_page("journeys.py")
    totals = journeys.totals(STRAIGHT, JourneySettings())
    saved = totals["shared"].saved["hours"][1]
    assert f"{journey_text.amount('hours', saved)} a year" in headings(app)[0]
    table = app.dataframe[0].value
    assert table["label"].tolist() == list(MODELS.values())
    assert abs(table["hours"].iloc[0] - totals["hub"].per_patient("hours")[1]) < 1e-9
    everybody = table[["patients", "unreachable", "no_data"]].sum(axis=1)
    assert everybody.max() - everybody.min() <= 2  # each model has the same patients, rounded
    assert {"Models as CSV", "Stages as CSV"} <= labels(app)


def test_measure_model_and_range_move_the_finding_and_the_link(open_page: Open) -> None:
    app = open_page("journeys.py")
    app.segmented_control(key="care_measure").set_value("dollars").run()
    app.selectbox(key="care_care").set_value("local").run()
    app.segmented_control(key="care_range").set_value("low").run()
    wanted = JourneySettings(model="local", measure="dollars", bound="low")
    totals = journeys.totals(STRAIGHT, wanted)
    assert headings(app)[0] == f"### {journey_text.headline(totals, wanted, STRAIGHT)}"
    assert headings(app)[0].startswith("### All near home would save")
    assert {key: app.query_params[key] for key in ("care", "measure", "range")} == {
        "care": "local", "measure": "dollars", "range": "low",
    }  # fmt: skip


def test_back_is_followed_where_no_setting_of_the_course_is_drawn(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("journeys.py", range="high")
    app.segmented_control(key="journeys_journeys").set_value("legs").run()
    assert app.query_params["range"] == "high"
    monkeypatch.setattr(address, "_went_back", lambda: True)
    del app.query_params["range"]
    app.run()
    assert "range" not in app.query_params


def test_groups_of_a_link_are_ranked_and_downloaded(open_page: Open) -> None:
    app = open_page("journeys.py", journeys="places", group="rurality", measure="nights")
    frame = app.dataframe[0].value
    assert set(frame["label"]) == {"rural", "suburban", "urban", "dense urban"}
    assert frame["nights_saved_per_patient"].is_monotonic_decreasing
    said = next(m.value for m in app.markdown if m.value.startswith("Saved most by"))
    assert frame["label"].iloc[0] in said
    assert "Groups as CSV" in labels(app)


def test_own_assumptions_come_with_the_link_and_can_be_dropped(open_page: Open) -> None:
    app = open_page(
        "journeys.py", journeys="assumptions", measure="dollars", assume="mileage:0.725"
    )
    own = JourneySettings(measure="dollars", edits=(Edit("mileage", 0.725, 0.725, 0.725),))
    totals = journeys.totals(STRAIGHT, own)
    assert journey_text.headline(totals, own, STRAIGHT) in headings(app)[0]
    assert any("1 assumption is your own" in caption.value for caption in app.caption)
    app.button(key="care_reset").click().run()
    assert "assume" not in app.query_params
    plain = JourneySettings(measure="dollars")
    there = journey_text.headline(journeys.totals(STRAIGHT, plain), plain, STRAIGHT)
    assert there in headings(app)[0]
    assert there != journey_text.headline(totals, own, STRAIGHT)


def test_what_cannot_be_assumed_is_reported(open_page: Open) -> None:
    app = open_page("journeys.py", assume="moon:1")
    assert len(app.warning) == 1
    assert "no such parameter" in app.warning[0].value


def test_the_published_study_is_shown_with_its_signed_error(open_page: Open) -> None:
    app = open_page("journeys.py", journeys="study")
    frame = journeys.published_comparison(JourneySettings())
    assert "23% in the published study" in headings(app)[0]
    shown = [table.value for table in app.dataframe]
    assert len(shown) == frame["class"].nunique() == len(headings(app)) - 1
    change = frame[frame["measure"] == "Change of mean travel time"].iloc[0]
    first = shown[0].set_index("measure").loc["Change of mean travel time"]
    assert first["published"] == "-23.0%"
    assert first["atlas"] == text.percent(change["atlas"])
    assert first["error"] == f"{100 * (change['atlas'] - change['published']):+.1f} points"
    assert "Comparison as CSV" in labels(app)
