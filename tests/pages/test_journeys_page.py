"""The Journeys page through the whole app: what it says is what the engines say."""

from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard import text
from dashboard.services import logistics
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
