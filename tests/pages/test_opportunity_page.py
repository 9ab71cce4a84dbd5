"""The topic of blood centres near people who live far from treatment, through the whole app."""

import re

import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard import map_spec, text
from dashboard.state import Selection
from data import load
from geo.opportunity import Limits, joint_coverage
from geo.travel import Points, StraightLine


def finding(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("### ") and "beyond" in m.value)


def open_topic(open_page: Open, **query: str) -> AppTest:
    return open_page("gaps.py", topic="opportunity", **query)


def near_in_a_line(within: float, blood_within: float, role: str = "any") -> tuple[float, float]:
    """Adults beyond a threshold, and those near a blood centre, from the tables and geo alone."""
    zcta = load.zcta()
    centres = load.treatment_centers()
    keep = (
        (centres["confidence"] != "low")
        & centres["treats_adults"]
        & centres["best_evidence"].isin(["documented", "listed_secondary", "believed"])
    )
    blood = map_spec.choose_blood(load.blood_centers(), Selection(role=role))  # type: ignore[arg-type]
    homes = Points(zcta["lat"].to_numpy(), zcta["lon"].to_numpy())

    def minutes(frame: object) -> object:
        sites = Points(frame["lat"].to_numpy(), frame["lon"].to_numpy())  # type: ignore[index]
        return StraightLine().nearest(homes, sites).minutes

    found = joint_coverage(
        minutes(centres[keep]),
        minutes(blood),
        zcta["adults"].to_numpy(dtype=float),
        limits=Limits(within, blood_within),
    )
    return float(found.beyond[0]), float(found.near[0])


def test_finding_is_what_geo_says_and_moves_with_the_slider(open_page: Open) -> None:
    app = open_topic(open_page, ages="adult")
    for blood_within in (30.0, 60.0):
        app.slider(key="blood").set_value(blood_within).run()
        beyond, near = near_in_a_line(60, blood_within)
        assert finding(app).startswith(
            f"### {text.people(near)} of the {text.people(beyond)} adults in the United States"
        )
        assert f"within {blood_within:g} minutes of a blood centre" in finding(app)


def test_parts_and_tables_add_up(open_page: Open) -> None:
    app = open_topic(open_page, places="county")
    said = {metric.label: metric.value for metric in app.metric}
    places, centres = app.dataframe[1].value, app.dataframe[2].value
    assert (places["beyond"] == places["near"] + places["far"] + places["unknown"]).all()
    assert text.people(places["beyond"].sum()) == said["Beyond 60 minutes of treatment"]
    assert text.people(places["near"].sum()) == said["Within 30 minutes of a blood centre"]
    assert abs(centres["people"].sum() - places["near"].sum()) <= len(centres)
    assert centres["people"].is_monotonic_decreasing


def test_roles_side_by_side_hold_the_chosen_one(open_page: Open) -> None:
    app = open_topic(open_page, role="apheresis")
    roles = app.dataframe[0].value.set_index("role")
    assert roles.loc["any", "near"] >= roles.loc["apheresis", "near"]
    assert roles.loc["apheresis", "near"] >= roles.loc["cell_collection", "near"] > 0
    assert text.people(roles.loc["apheresis", "near"]) in finding(app)
    assert "a blood centre with apheresis" in finding(app)


def test_a_state_in_focus_shows_its_counties(open_page: Open) -> None:
    app = open_topic(open_page, state="TX")
    assert "in Texas" in finding(app)
    assert app.segmented_control(key="places").value == "county"
    # some ZIP areas reach over the border into counties of a neighbour
    assert app.dataframe[1].value["label"].str.endswith(", TX").mean() > 0.95
    app.selectbox(key="state").set_value("").run()
    assert app.segmented_control(key="places").value == "state"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"role": "testing", "network": "NMDP"}, "Choose another role or network"),
        ({"within": "300", "state": "DC"}, "Choose a shorter threshold"),
    ],
)
def test_nothing_to_show_says_why_and_what_next(
    open_page: Open, query: dict[str, str], words: str
) -> None:
    app = open_topic(open_page, **query)
    said = [e.value for e in app.info] + [m.value for m in app.markdown]
    assert any(words in sentence for sentence in said)
    assert not app.dataframe


def test_a_number_of_minutes_out_of_range_is_reported(open_page: Open) -> None:
    app = open_topic(open_page, blood="121")
    assert len(app.warning) == 1
    assert "1 to 120" in app.warning[0].value
    assert app.slider(key="blood").value == 30


def test_every_table_has_a_download_and_the_caption_warns(open_page: Open) -> None:
    app = open_topic(open_page)
    labels = [button.label for button in app.get("download_button")]
    assert {"Roles as CSV", "Places as CSV", "Blood centres as CSV"} <= set(labels)
    assert any("believed unless" in c.value for c in app.caption)
    assert re.search(r"90% band: [\d.]+ to [\d.]+ million", " ".join(m.value for m in app.markdown))
