"""The page Patients and capacity, its topic of demand, run as a reader would."""

import io
from collections.abc import Callable

import pandas as pd
import pytest
from opening import Open
from streamlit.testing.v1 import AppTest

from dashboard.patient_state import PatientSettings, Uptake
from dashboard.services import patient_pages
from dashboard.state import Selection


@pytest.fixture
def page(open_page: Open) -> Callable[..., AppTest]:
    return lambda **query: open_page("patients.py", **query)


def headline(app: AppTest) -> str:
    return next(m.value for m in app.markdown if m.value.startswith("## "))


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def table(app: AppTest, column: str) -> pd.DataFrame:
    return next(one.value for one in app.dataframe if column in one.value.columns)


def test_today_names_the_patients_and_says_what_is_assumed(page):
    app = page()
    assert headline(app) == (
        "## 38,300 patients in the US are candidates for cell and gene therapy in 2026, about as "
        "many as in every year from 2026 to 2035."
    )
    assert "recall" in said(app)
    assert "within 10% of the published one, farthest for multiple sclerosis (+9.9%)" in said(app)
    found = table(app, "published_cases").set_index("key")
    assert found.loc["ra", "status"] == "In trials"
    assert found.loc["ra", "patients"] == 0
    assert found.loc["dlbcl", "patients"] == 3994


def test_a_link_opens_scenario_year_state_and_breakdown(page):
    app = page(preset="all", year="2035", state="TX", split="race", of="sle", bound="high")
    assert headline(app).startswith("## 5,500 patients in Texas")
    assert "with every assumption high" in headline(app)
    groups = table(app, "per_100k")
    assert set(groups["label"]) >= {"White", "Black", "Hispanic"}
    assert "most patients with lupus in 2035 are counted for Hispanic" in said(app)


def test_choices_reach_the_address_and_the_figures(page):
    app = page()
    app.button_group(key="patients_preset").set_value("autoimmune").run()
    app.slider(key="patients_year").set_value(2035).run()
    assert not app.exception
    assert app.query_params["preset"] == "autoimmune"
    assert app.query_params["year"] == "2035"
    assert headline(app).startswith("## 41,300 patients")
    assert any(metric.label == "Eligible, not yet treated" for metric in app.metric)
    app.number_input(key="patients_renewal").set_value(0.0).run()
    assert app.query_params["renewal"] == "0"
    app.button(key="patients_reset").click().run()
    assert "renewal" not in app.query_params


def test_settings_are_there_again_after_another_page(page):
    app = page(preset="autoimmune")
    app.switch_page("../pages/data.py").run()
    app.switch_page("../pages/patients.py").run()
    assert app.query_params["preset"] == "autoimmune"


def test_what_cannot_be_used_is_said(page):
    app = page(year="2050", uptake="sle:never")
    assert any("is not a year from 2026 to 2035" in one.value for one in app.warning)
    assert headline(app).startswith("## 38,300")


def test_everything_off_is_said_and_not_a_fault(page):
    app = page(off=list(PatientSettings().chosen))
    assert "No patients are counted in 2026" in said(app)
    assert headline(app).startswith("## 0 patients")


def test_files_carry_the_view_the_sources_and_the_mark_of_assumption():
    view = Selection(state="TX")
    settings = PatientSettings(preset="autoimmune", uptake=(Uptake("sle", 2026, 0, 0.2, 1),))
    for make in (
        patient_pages.by_year,
        patient_pages.by_indication,
        patient_pages.by_group,
        patient_pages.assumptions,
    ):
        frame = pd.read_csv(io.BytesIO(patient_pages.table_of(make, view, settings).csv()))
        assert frame["rests_on"].str.startswith("assumption").all()
        assert frame["atlas_view"].iloc[0] == (
            "state=TX&preset=autoimmune&uptake=sle%3A2026%2C0%2C0.2%2C1"
        )
    edited = patient_pages.assumptions(view, settings).set_index("key")["edited"]
    assert edited["sle"]
    assert not edited["ra"]
