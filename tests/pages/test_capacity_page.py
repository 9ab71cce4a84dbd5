"""The page Patients and capacity, its topic of capacity, run as a reader would."""

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard.patient_state import PatientSettings, Slots
from dashboard.services import capacity, capacity_pages
from dashboard.state import Selection

VIEW = Selection(model="straight")


@pytest.fixture
def page(open_page: Open) -> Callable[..., AppTest]:
    return lambda **query: open_page("patients.py", part="capacity", **query)


def headline(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("## "))


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def table(app: AppTest, column: str) -> pd.DataFrame:
    return next(one.value for one in app.dataframe if column in one.value.columns)


def test_the_page_says_who_finds_a_slot_and_when_the_network_is_full(page):
    app = page()
    assert "of 38,300 patients in the US find a slot in 2026" in headline(app)
    assert "**With today's 202 centres, the network " in said(app)
    assert "evidence mark *recall*" in said(app)
    years = table(app, "left_percent")
    assert years["year"].to_list() == list(range(2026, 2036))
    parts = years[["treated", "left_over", "too_far", "unreachable", "no_data"]].sum(axis=1)
    assert np.allclose(parts, years["patients"], atol=3)  # rounded
    sites = table(app, "fills")
    assert len(sites) == 202
    assert sites["share"].round(9).is_monotonic_decreasing


def test_a_link_opens_rule_limit_year_state_and_slots(page):
    app = page(
        rule="nearest", limit="120", year="2030", state="TX", split="race", slots="TC001:5",
        slots_percent="50",
    )  # fmt: skip
    assert "patients in Texas find a slot in 2030" in headline(app)
    assert "have a centre within 2 hours, and no slot there" in headline(app)
    assert "Everybody goes to the nearest centre within the limit" in said(app)
    sites = table(app, "over")
    assert set(sites["state"]) == {"TX"}
    assert "Farthest beyond their slots: " in said(app)
    # Races live in the same places: the table falls back to places, counties in one state.
    assert "Harris County" in " ".join(table(app, "untreated_share")["label"])


def test_own_slots_and_rule_reach_the_address_and_the_figures(page):
    app = page(limit="60")
    before = headline(app)
    app.button_group(key="patients_rule").set_value("nearest").run()
    assert app.query_params["rule"] == "nearest"
    assert headline(app) != before
    app.number_input(key="patients_slots_percent").set_value(200.0).run()
    assert app.query_params["slots_percent"] == "200"
    assert not app.exception


def test_new_sites_by_name_are_counted_and_unknown_ones_are_told(page):
    app = page(added=["@35.1,-106.6", "cbsa:99999x"], new_slots="77")
    assert any("cbsa:99999x" in warning.value for warning in app.warning)
    sites = table(app, "fills").set_index("id")
    assert sites.loc["@35.1,-106.6", "slots"] == 77
    assert len(sites) == 203
    assert "With this site" in said(app)
    app.button(key="patients_added").click().run()
    assert "added" not in app.query_params


def test_new_sites_never_make_the_network_full_earlier():
    settings = PatientSettings(preset="all", rule="overflow")
    today = capacity.question(VIEW, settings)
    asked = capacity.question(VIEW, settings, ("@18.4,-66.1", "@35.1,-106.6"))
    before, after = capacity.every_year(today), capacity.every_year(asked)
    same = capacity_pages.within_today(asked, after, before)
    today_years = capacity_pages.nationwide(today, before)
    assert (same["left_over"] <= today_years["left_over"] + 1e-6).all()
    # Those of Puerto Rico and New Mexico who come within the limit are not among them.
    assert same["patients"].iloc[0] < today_years["patients"].iloc[0]


def test_one_year_is_answered_as_all_years_are():
    settings = PatientSettings(preset="all", year=2031, limit=120.0)
    asked = capacity.question(VIEW, settings)
    whole, one = capacity.every_year(asked), capacity.of_year(asked, 2031)
    at = whole.row(2031)
    assert whole.left_over[at].sum() == pytest.approx(one.left_over[0].sum(), abs=1e-6)
    assert whole.minutes[at] == pytest.approx(one.minutes[0], rel=1e-9)


def test_files_carry_the_assumptions_and_the_link():
    settings = PatientSettings(slots=(Slots("TC001", 5),))
    frame = capacity_pages.slots_table(VIEW, settings)
    content = capacity_pages.table_of(lambda: frame, VIEW, settings).csv().decode()
    found = pd.read_csv(io.StringIO(content), comment="#")
    assert set(found["rests_on"]) == {capacity_pages.RESTS_ON}
    assert found.set_index("id").loc["TC001", "slots"] == 5
    assert "slots=TC001" in content
    assert "slot_assumptions" in content


def test_ages_decide_whose_patients_and_which_centres_take_part(page):
    app = page(ages="pediatric")
    assert "(children only)" in headline(app)
    sites = table(app, "fills").set_index("id")
    adults_only = sites[sites["ages"] == "adult"]
    assert (adults_only["load"] == 0).all()
