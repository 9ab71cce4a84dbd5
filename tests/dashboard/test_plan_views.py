"""What the planner's page draws, against the solver's own numbers; its words and figures."""

import json
import math
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import plan_figures, plan_text, plan_views
from dashboard.exports import Provenance
from dashboard.exports_layer import geojson_bytes
from dashboard.plan_history import History, reordered, toggled
from dashboard.plan_state import PlanSettings
from dashboard.services import plan_pages, planner
from dashboard.state import Selection
from geo.siting.curve import Curve
from geo.siting.problem import Plan
from geo.siting.robust import Robust

VIEW: Final = Selection(model="straight", state="NM")
PLAN: Final = PlanSettings(count=3, where="state:NM")


def answered(plan: PlanSettings, view: Selection = VIEW) -> Any:
    job = planner.solving(view, plan)
    assert job.wait(60)
    return job.outcome()


def answer(**changes: Any) -> Plan:
    usual: dict[str, Any] = {
        "question": "mclp",
        "status": "optimal",
        "chosen": np.array([4, 2]),
        "objective": 200_000.0,
        "bound": 200_000.0,
        "gap": 0.0,
        "seconds": 0.31,
        "ceiling": 800_000.0,
        "greedy_objective": 150_000.0,
        "greedy": np.array([4, 1]),
    }
    return Plan(**(usual | changes))


TOTALS: Final = {
    "people": 1_000_000.0,
    "covered_before": 500_000.0,
    "covered_after": 700_000.0,
    "gained": 200_000.0,
    "patients_gained": 41.2,
    "nearer": 300_000.0,
    "mean_saved": 42.0,
    "collection_before": 400_000.0,
    "collection_after": 450_000.0,
}


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"objective": "p-median"},
        {"objective": "patients"},
        {"objective": "hours"},
        {"objective": "dollars", "low_income": 2.0},
        {"objective": "p-center"},
        {"site_role": "collection", "collect_within": 45.0},
        {"site_role": "both"},
        {"site_role": "both", "objective": "p-median"},
        {"site_role": "mixed", "budget": 5.0},
        {"demand": "patients", "rural": 2.0},
        {"objective": "backup"},
        {"objective": "backup", "site_role": "collection"},
        {"objective": "worst-off"},
        {"objective": "capacitated", "capacity": 20_000},
        {"objective": "capacitated", "demand": "patients", "patient_capacity": 10},
        {"objective": "lscp"},
        {"objective": "lscp", "budget": 500.0, "site_role": "mixed"},
    ],
)
def test_value_of_the_best_plan_is_its_objective(changes: dict[str, Any]) -> None:
    plan = replace(PLAN, **changes)
    best = answered(plan)
    found = planner.outcome_of(VIEW, plan, best)
    reached, missing = plan_pages.value_of(VIEW, plan, found)
    assert reached == pytest.approx(best.objective, rel=1e-6)
    assert missing == pytest.approx(0, abs=1e-6)


def test_set_covering_by_hand_counts_whom_it_leaves() -> None:
    plan = replace(PLAN, objective="lscp")
    best = answered(plan)
    found = planner.outcome_of(VIEW, plan, best.chosen[:-1])
    sites, missing = plan_pages.value_of(VIEW, plan, found)
    assert sites == len(best.chosen) - 1
    assert missing > 0


def test_shading_before_after_and_change() -> None:
    found = planner.outcome_of(VIEW, PLAN, answered(PLAN))
    question = planner.setup_of(VIEW, PLAN)
    for level in ("county", "state"):
        was, now, saved = (
            plan_views.shading(question, found, shown, level)
            for shown in ("today", "after", "change")
        )
        assert was.keys() == now.keys() == saved.keys()
        assert not any(now[key] > was[key] for key in was)  # nan where nobody lives
        assert all(value >= 0 for value in saved.values() if not np.isnan(value))
    assert {code for code, value in was.items() if not np.isnan(value)} == {"NM"}
    gain = question.rows.persons * (
        np.minimum(question.rows.minutes, 300) - np.minimum(found.after.minutes, 300)
    )
    assert saved["NM"] == pytest.approx(gain.sum() / question.rows.persons.sum())
    nothing = plan_views.shading(question, planner.outcome_of(VIEW, PLAN, []), "change", "state")
    assert nothing["NM"] == 0


def test_map_numbers_the_sites_and_hides_no_candidate() -> None:
    found = planner.outcome_of(VIEW, PLAN, answered(PLAN))
    spec = plan_pages.map_of(VIEW, PLAN, found, by_hand=False)
    small, above = spec.sites[0], spec.sites[-1]
    assert above.marks == ("1", "2", "3")
    assert above.ids == tuple(found.sites["id"])
    assert set(small.ids) | set(above.ids) == planner.candidates_of(PLAN).ids
    assert not set(small.ids) & set(above.ids)
    kept_out = replace(PLAN, keep_out=small.ids[:1])
    spec = plan_pages.map_of(VIEW, kept_out, found, by_hand=True)
    assert spec.sites[0].codes.count("1") == 1


def test_build_up_ends_at_the_objective() -> None:
    best = answered(PLAN)
    build = plan_pages.build_up(VIEW, PLAN, best)
    assert build[0] == 0
    assert build[-1] == pytest.approx(best.objective)
    added = planner.outcome_of(VIEW, PLAN, best).sites["people_added"]
    assert np.diff(build) == pytest.approx(added.to_numpy())


def test_an_edit_by_hand_needs_no_search() -> None:
    best = answered(PLAN)
    names = planner.outcome_of(VIEW, PLAN, best).sites["id"].tolist()
    same = planner.by_hand(VIEW, PLAN, names)
    assert same.totals == planner.outcome_of(VIEW, PLAN, best).totals
    less = planner.by_hand(VIEW, PLAN, names[1:])
    assert less.totals["gained"] < same.totals["gained"]
    more = planner.by_hand(VIEW, PLAN, [*names, "@34.5,-107.9"])
    assert more.sites["id"].iloc[-1] == "@34.5,-107.9"
    assert more.totals["gained"] >= same.totals["gained"]


def test_names_for_lists_are_told_apart() -> None:
    found = planner.candidates_of(replace(PLAN, source="blood_centers", where=""))
    names = plan_views.names_of(found)
    assert len(set(names.values())) == len(names) == len(found.frame)


def test_geojson_keeps_missing_numbers_empty() -> None:
    frame = pd.DataFrame({"id": ["a"], "cost": [np.nan], "lat": [35.0], "lon": [-106.0]})
    found = json.loads(
        geojson_bytes(plan_views.features(frame), Provenance("s", "v", "d", "count=3"))
    )
    feature = found["features"][0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-106.0, 35.0]}
    assert feature["properties"]["cost"] is None
    assert feature["properties"]["atlas_view"] == "count=3"


# --- Edits --------------------------------------------------------------------------------------

hands = st.none() | st.lists(st.sampled_from("abcd"), unique=True).map(tuple)


@given(st.lists(hands, min_size=1, max_size=8))
def test_undo_leads_back_and_redo_forth(plans: list[Any]) -> None:
    history, now = History(), None
    for plan in plans:
        history, now = history.edited(now), plan
    for expected in [*plans[-2::-1], None]:
        history, now = history.undone(now)
        assert now == expected
    assert history.undone(now) == (history, now)
    for expected in plans:
        history, now = history.redone(now)
        assert now == expected
    assert history.redone(now) == (history, now)


def test_an_edit_forgets_what_was_undone() -> None:
    history, _ = History().edited(None).undone(("a",))
    assert history.future == (("a",),)
    assert not history.edited(None).future


def test_sites_toggle_and_keep_their_order() -> None:
    assert toggled(("a", "b"), "c") == ("a", "b", "c")
    assert toggled(("a", "b", "c"), "b") == ("a", "c")
    assert reordered(("a", "b", "c"), ("c", "x", "a")) == ("a", "c", "x")


# --- Words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ("2 infusion sites would bring 200,000 more people, and 41 patients a year, within 60 "
         "minutes: 70% instead of 50%")),
        ({"hand": ("a",)}, "Your 2 infusion sites would bring 200,000 more people"),
        ({"objective": "lscp"}, ("bring everyone within 60 minutes who has a candidate so near: "
         "200,000 more people, 70% instead of 50%")),
        ({"objective": "capacitated"}, "would have room for 200,000 of 200,000 more people"),
        ({"objective": "p-median"}, "would save 300,000 people 42 min a trip on average"),
        ({"site_role": "collection", "collect_within": 45.0}, "within 45 minutes: 45% instead of 40%"),
        ({"site_role": "both"}, "and within 60 minutes of collection 45% instead of 40%"),
    ],
)  # fmt: skip
def test_headline(changes: dict[str, Any], words: str) -> None:
    plan = PlanSettings(**changes)
    assert words in plan_text.headline(2, TOTALS, answer(), plan, Selection())


def test_headline_of_measures_of_their_own() -> None:
    worst = PlanSettings(objective="worst-off")
    said = plan_text.headline(2, TOTALS, answer(objective=0.415), worst, Selection())
    assert "every group to at least 41.5%" in said
    centre = PlanSettings(objective="p-center")
    said = plan_text.headline(2, TOTALS, answer(objective=367.0), centre, Selection())
    assert "nobody whom a candidate can help would live more than 6 h 7 min away" in said


def test_proof_of_a_proven_plan() -> None:
    said = plan_text.proof(answer(), PlanSettings(), Selection(), 933)
    assert "**Proven best** among all choices of 933 candidates" in said
    assert "gap 0%, 0.3 s" in said
    assert "this plan has 25.0% of that" in said
    assert "would lose 25.0% of it, 50,000 people" in said


@pytest.mark.parametrize(
    ("status", "gap", "words"),
    [
        ("time_limit", 0.0028, "**Best found in the time allowed** (0.3 s): at most 0.3% below"),
        ("cancelled", 0.0001, "**Best found before it was cancelled** (0.3 s): at most 0.1% below"),
        ("cancelled", float("inf"), "how far from the best possible is not known"),
    ],
)
def test_a_plan_without_proof_says_so(status: str, gap: float, words: str) -> None:
    said = plan_text.proof(answer(status=status, gap=gap), PlanSettings(), Selection(), 933)
    assert words in said
    assert "Proven" not in said


def test_less_is_better() -> None:
    plan = PlanSettings(objective="lscp")
    best = answer(objective=461.0, bound=455.0, gap=0.013, status="time_limit",
                  ceiling=float("nan"), greedy_objective=482.0)  # fmt: skip
    said = plan_text.proof(best, plan, Selection(), 933)
    assert "at most 1.3% above the best possible (bound 455 sites)" in said
    assert "Choosing one by one would take 21 sites more." in said
    assert "All 933" not in said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (200_000.0, "As good as the proven plan."),
        (150_000.0, "**50,000 people fewer** than the proven plan of 2 sites: a loss of 25.0%."),
        (240_000.0, "**40,000 people more** than the proven plan."),
        (math.nan, "It brings 10,000 fewer people within 60 minutes"),
    ],
)
def test_a_plan_by_hand_against_the_proven_one(value: float, words: str) -> None:
    plan = PlanSettings(count=2, hand=("a",))
    gained = (190_000.0, 200_000.0)
    assert words in plan_text.by_hand(2, (value, 0.0), gained, answer(), plan, Selection())


@pytest.mark.parametrize(
    ("objective", "reached", "words"),
    [
        ("lscp", (1.0, 300_000.0), "**It leaves 300,000 people beyond 60 minutes** who have a"),
        ("lscp", (3.0, 0.0), "**1 site more** than the proven plan of 2 sites: a loss of 50.0%."),
        ("worst-off", (1.9, 0.0), "**10.00 percentage points lower** than the proven plan"),
        ("p-center", (1.0, 0.0), "**1 min shorter** than the proven plan."),
        ("backup", (1.0, 0.0), "**1 people (second sites counted) fewer** than the proven plan"),
    ],
)
def test_a_plan_by_hand_in_the_measure_of_its_objective(
    objective: Any, reached: tuple[float, float], words: str
) -> None:
    plan = PlanSettings(objective=objective, count=2, hand=("a",))
    best = answer(objective=2.0, bound=2.0)
    assert words in plan_text.by_hand(3, reached, (0.0, 0.0), best, plan, Selection())


def test_no_site_fits_the_budget() -> None:
    plan, totals = PlanSettings(budget=0.5), TOTALS | {"gained": 0.0}
    said = plan_text.headline(0, totals, answer(), plan, Selection())
    assert said.startswith("No new site fits a budget of $0.5 million: ")


def test_a_plan_by_hand_with_too_many_sites() -> None:
    plan = PlanSettings(count=2, hand=("a",))
    said = plan_text.by_hand(5, (1e6, 0.0), (0.0, 0.0), answer(), plan, Selection())
    assert "It has 3 sites more than the 2 asked for." in said


def test_what_makes_a_plan_impossible() -> None:
    said = plan_text.infeasible(answer(status="infeasible", reasons=("a [link](x)", "b")))
    assert said.startswith("- a \\[link](x)\n- b\n\n")


@given(st.floats(0, 1e7, allow_nan=False))
def test_patients_keep_two_digits(count: float) -> None:
    shown = float(plan_text.round_people(count).replace(",", ""))
    assert shown == pytest.approx(count, abs=0.5, rel=0.051)


# --- Figures ------------------------------------------------------------------------------------


def a_curve(**changes: Any) -> Curve:
    usual: dict[str, Any] = {
        "count": np.arange(4),
        "objective": np.array([0.0, 50.0, 80.0, 90.0]),
        "bound": np.array([0.0, 50.0, 80.0, 90.0]),
        "proven": np.ones(4, bool),
        "nested": np.array([True, True, False, True]),
        "greedy": np.array([0.0, 50.0, 75.0, 85.0]),
        "build": np.array([0.0, 45.0, 80.0, 90.0]),
        "plans": tuple(np.array(p, np.int64) for p in ([], [0], [1, 2], [0, 1, 2])),
        "ceiling": 100.0,
        "status": "optimal",
    }
    return Curve(**(usual | changes))


def test_curve_marks_what_is_given_up() -> None:
    figure = plan_figures.curve(a_curve(), np.array([0.0, 45.0, 80.0]), unit="people gained")
    named = {trace.name: trace for trace in figure.data}
    assert list(named["gives up a site of the smaller plan"].x) == [2]
    assert list(named["opening the chosen 2 in this order"].y) == [0, 45, 80]
    assert "not proven" not in named
    assert [shape.y0 for shape in figure.layout.shapes if shape.y0 == shape.y1] == [100]
    high = plan_figures.curve(a_curve(ceiling=5000.0), np.zeros(1), unit="people gained")
    assert "5k (above)" in high.layout.annotations[0].text
    assert not [shape for shape in high.layout.shapes if shape.y0 == shape.y1]


def test_curve_table_names_who_comes_and_goes() -> None:
    table = plan_views.curve_table(a_curve(), {0: "A", 1: "B", 2: "C"})
    assert table["added"].tolist() == ["", "A", "B; C", "A"]
    assert table["left"].tolist() == ["", "", "A", ""]
    said = plan_text.curve(a_curve(), PlanSettings(), Selection())
    assert "Proven at every number of sites from 0 to 3" in said
    assert "at 2 a site of the smaller plan is given up" in said
    assert "falls behind by up to 5 people" in said


def test_map_and_sentence_of_how_sure_each_site_is() -> None:
    table = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "name": ["A", "B", "C", "D"],
            "lat": [30.0, 31.0, 32.0, 33.0],
            "lon": [-90.0, -91.0, -92.0, -93.0],
            "frequency": [1.0, 0.5, 0.49, 0.0],
            "in_plan": [True, False, True, True],
        }
    )
    assert plan_text.robust_map(table) == (
        "Of the 3 sites of the plan, 1 is chosen in at least half of the samples; 1 other site is "
        "too. The least sure of them is D, chosen in 0%."
    )
    spec = plan_pages.robust_map(VIEW, table)
    assert spec.areas is None
    assert len(spec.sites[-1].ids) == 4
    drawn = dict(zip(spec.sites[-1].ids, spec.sites[-1].labels, strict=True))
    assert drawn["b"] == "B: in 50% of the samples"


def test_robust_figure_and_sentence() -> None:
    found = Robust(
        np.array([1.0, 0.5, 0.0]), np.array([0.9, 0.3, 0.0]), np.array([1.0, 0.7, 0.1]),
        20, np.ones(20), 1, "cancelled",
    )  # fmt: skip
    frame = pd.DataFrame(
        {"name": ["A", "B"], "frequency": [1.0, 0.5], "low": [0.9, 0.3], "high": [1.0, 0.7],
         "in_plan": [True, False]}
    )  # fmt: skip
    figure = plan_figures.robust(frame)
    assert [list(trace.x) for trace in figure.data] == [[1.0], [0.5]]
    said = plan_text.robust(found, plan_text.certain_names(frame), 200)
    assert said.startswith(
        "1 site belongs in every plan, chosen in at least 95% of the samples: A."
    )
    assert "20 samples of the 200 asked for, then it was stopped" in said
    assert "1 of them were not proven" in said
