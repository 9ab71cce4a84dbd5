"""Plans counted on the four areas of conftest.py.

Candidates stand at B, C and D (1, 2 and 10 degrees), each covers what lies within one degree. Not
covered today are the adults of C and D (300, 400) and the children of A and D (10, 40): a site at B
gives 300 + 10, one at C 300, one at D 400 + 40. Cells are collected at A, too: not covered there
are the adults of C and D and the children of D.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from four_areas import DEGREE_KM, DEGREE_MINUTES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import candidates, journey_courses, patients, planning, queries
from dashboard.journey_state import Course
from dashboard.patients import Patients
from dashboard.plan_outcome import compare, outcome
from dashboard.plan_state import PlanSettings
from dashboard.planning import Setup, Travel, options_of, setup, solve
from dashboard.queries import Areas, Rows
from dashboard.state import Selection
from data import load
from data.adapters.user_files import read_candidates
from geo import burden as costs
from geo import journeys
from geo.errors import InputError
from geo.siting.problem import Control
from geo.siting.robust import Spread
from geo.travel import StraightLine
from geo.units import KM_PER_MILE

B, C, D = 0, 1, 2
FILE = b"id,name,lat,lon\nb,B site,0,1\nc,C site,0,2\nd,D site,0,10\n"
VIEW = Selection(within=84)
PLAN = PlanSettings(source="file", own_file="mine.csv", collect_within=84, count=2)
COUNTIES = ["01001", "01003", "01003", "56001"]
Ask = Callable[..., Setup]


@pytest.fixture
def sick() -> Patients:
    """15 patients a year in 100 adults, 30 in 100 children."""
    one = replace(patients.TODAY[0], key="dlbcl", label="dlbcl")
    adults = np.array([15.0, 30.0, 45.0, 60.0])
    children = np.array([3.0, 6.0, 9.0, 12.0])
    bounds = np.array([0.0, 1.0, 3.0])[:, None]
    counts = {"adult": np.array([adults * bounds]), "pediatric": np.array([children * bounds])}
    return Patients((one,), counts, (), np.zeros((1, 3)))


@pytest.fixture
def ask(areas: Areas, rows: Rows, sick: Patients) -> Ask:
    """Make a question: settings of the plan, and if wanted a view, a file and rows."""

    def make(
        view: Selection = VIEW,
        file: bytes = FILE,
        people: Rows = rows,
        burden: Mapping[str, float] | None = None,
        with_slot: list[float] | None = None,
        **changes: object,
    ) -> Setup:
        plan = replace(PLAN, **changes)
        table = read_candidates(file)
        places = candidates.gazette(replace(areas, frame=areas.frame.assign(county_fips=COUNTIES)))
        found = candidates.gather(plan, places, pd.DataFrame(), table)
        reach = StraightLine().reach(areas.points, queries.points_of(found.frame), planning.LONGEST)
        first = queries.impedance(people, view)
        from_a = np.array([0.0, 1.0, 2.0, 10.0])[people.area]
        at_a = from_a * (DEGREE_KM if view.metric == "miles" else DEGREE_MINUTES)
        second = np.full(first.shape, np.inf)
        collecting = np.fmin(people.minutes, from_a * DEGREE_MINUTES)
        travel = Travel(first, second, np.fmin(first, at_a), collecting)
        share = None if with_slot is None else np.array(with_slot)
        return setup(view, plan, found, (areas, people, travel), reach, sick, burden, share)

    return make


def solved(question: Setup) -> tuple[list[str], float]:
    """Names of the sites of the best plan, and its objective; it must be proven."""
    plan = solve(question, Control(30))
    assert plan.status == "optimal"
    assert plan.gap == pytest.approx(0, abs=1e-6)
    frame = question.candidates.frame
    return [frame["id"].iloc[question.site(int(j))[0]] for j in plan.chosen], plan.objective


# --- Each objective -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings_", "sites", "objective"),
    [
        ({"count": 1}, ["d"], 440),
        ({"count": 2}, ["d", "b"], 750),
        ({"objective": "lscp"}, ["d", "b"], 2),
        ({"objective": "lscp", "budget": 9.0, "cost_infusion": 4.0}, ["d", "b"], 8),
        # D saves 440 people the longest trip that counts; B would save 530 people one degree, C saves
        # 300 people two.
        ({"objective": "p-median", "count": 1}, ["d"], 440 * 300),
        (
            {"objective": "p-median", "count": 2},
            ["d", "c"],
            440 * 300 + 600 * DEGREE_MINUTES,
        ),
        # With D open the adults of C and the children of A have two degrees, with B one.
        ({"objective": "p-center", "count": 1}, ["d"], 2 * DEGREE_MINUTES),
        ({"objective": "p-center", "count": 2}, ["d", "b"], DEGREE_MINUTES),
        # B is second to adults of A and B and to children of B and C: 350 people, half each.
        ({"objective": "backup", "count": 1}, ["b"], 310 + 350 / 2),
        ({"objective": "backup", "count": 1, "backup_weight": 0.0}, ["d"], 440),
        ({"objective": "capacitated", "count": 2, "capacity": 250}, None, 500),
        # Rural are C and D, 770 people; covered are the children of C, with D 440 more.
        ({"objective": "worst-off", "count": 1}, ["d"], 470 / 770),
        ({"site_role": "collection", "count": 1}, ["d"], 440),
        ({"site_role": "collection", "objective": "lscp", "keep_out": ("c",)}, ["d", "b"], 2),
        # Each role counts half: B gives 310 of infusion and 300 of collection.
        ({"site_role": "both", "count": 2}, ["d", "b"], 440 + 305),
        ({"demand": "patients", "count": 1}, ["d"], 72),
        ({"objective": "patients", "count": 1}, ["d"], 72),
        ({"objective": "patients", "count": 2}, ["d", "b"], 72 + 48),
        # The rural count twice: B gives 2 x 300 + 10, D gives 2 x 440.
        ({"rural": 2.0, "count": 2}, ["d", "b"], 880 + 610),
        ({"keep_out": ("d",), "count": 1}, ["b"], 310),
        ({"keep_in": ("c",), "count": 2}, ["c", "d"], 740),
    ],
)
def test_the_best_plan(
    ask: Ask, settings_: dict[str, object], sites: list[str] | None, objective: float
) -> None:
    found, reached = solved(ask(**settings_))
    assert reached == pytest.approx(objective)
    if sites is not None:
        assert sorted(found) == sorted(sites)


@pytest.fixture(scope="module")
def two_visits() -> dict[str, float]:
    """Parameters of a course of two visits from home, at a dollar a mile and nothing else."""
    values = journey_courses.values_of(load.journey_parameters(), "central")
    rules = {key: values[key] for key in ("daily_limit", "radius", "day_trip")}
    return dict.fromkeys(values, 0.0) | rules | {"cart.consult": 2.0, "mileage": 1.0}


def test_hours_and_dollars_counted_by_hand(ask: Ask, two_visits: dict[str, float]) -> None:
    # D treats 60 adults and 12 children who have ten degrees today, counted as 300 minutes and
    # 400 km; each of them goes there and back twice.
    hours, miles = 72 * 4 * 300 / 60, 72 * 4 * 400 / KM_PER_MILE
    for objective, value in (("hours", hours), ("dollars", miles)):
        question = ask(objective=objective, count=1, burden=two_visits)
        assert solved(question) == (["d"], pytest.approx(value, rel=1e-3))
        found = outcome(question, [D])
        assert found.totals["hours_saved"] == pytest.approx(hours)
        assert found.totals["dollars_saved"] == pytest.approx(miles, rel=1e-3)
        assert found.sites[f"{objective}_added"].tolist() == pytest.approx([value], rel=1e-3)
    # By miles the same ways count, and the same minutes.
    far = ask(Selection(within=70, metric="miles"), objective="hours", burden=two_visits, count=1)
    assert solved(far) == (["d"], pytest.approx(hours))
    # The rural count twice for the choice; what people save does not change.
    rural = ask(objective="hours", count=1, rural=2.0, burden=two_visits)
    assert solved(rural) == (["d"], pytest.approx(2 * hours))
    assert outcome(rural, [D]).totals["hours_saved"] == pytest.approx(hours)


def spent_by_hand(question: Setup, chosen: Sequence[int], values: Mapping[str, float]) -> float:
    """Weighted hours or dollars that some sites save, patient by patient and way by way."""
    rows, reach, plan = question.rows, question.reach, question.plan
    rules, prices = journey_courses.rules_of(values), journey_courses.prices_of(values)

    def takes(course: Course, minutes: float, km: float) -> float:
        ways = np.full((3, 1), minutes), np.full((3, 1), km)
        amounts = journeys.journey(*ways, journey_courses.phases(course, "hub", values), rules)
        hours = float(amounts[journeys.MINUTES, 0]) / 60
        return hours if plan.objective == "hours" else float(costs.cost(amounts, prices).sum())

    total = 0.0
    for row, area in enumerate(rows.area):
        minutes, km = float(rows.minutes[row]), float(rows.distance_km[row])
        if minutes > 300:
            minutes, km = 300.0, km * 300 / minutes if np.isfinite(minutes) else 400.0
        ways = [(minutes, km)]
        for option in chosen:
            part = range(reach.indptr[option], reach.indptr[option + 1])
            ways += [
                (float(question.trips[entry]), float(reach.distance_km[entry]))
                for entry in part
                if reach.origin[entry] == area
            ]
        outpatient = values["outpatient_share"]
        for course, part in (("cart_outpatient", outpatient), ("cart_inpatient", 1 - outpatient)):
            spent = [part * question.demand.base[row] * takes(course, *way) for way in ways]
            total += (spent[0] - min(spent)) * question.demand.weight[row]
    return total


@pytest.mark.parametrize("objective", ["hours", "dollars"])
@pytest.mark.parametrize("roadless", [False, True])
def test_hours_and_dollars_against_every_plan(
    ask: Ask, rows: Rows, objective: str, roadless: bool
) -> None:
    values = journey_courses.values_of(load.journey_parameters(), "central")
    # All patients on one course, so that each goes to one place.
    values |= {"outpatient_share": 1.0}
    if roadless:
        away = rows.area == 2
        rows = replace(
            rows,
            minutes=np.where(away, np.inf, rows.minutes),
            distance_km=np.where(away, np.inf, rows.distance_km),
        )
    for count in (1, 2, 3):
        question = ask(objective=objective, count=count, rural=1.5, people=rows, burden=values)
        best = max(spent_by_hand(question, p, values) for p in combinations((B, C, D), count))
        plan = solve(question, Control(30))
        assert plan.status == "optimal"
        assert plan.objective == pytest.approx(best, rel=1e-9)
        assert spent_by_hand(question, plan.chosen, values) == pytest.approx(best, rel=1e-9)


def test_what_hours_and_dollars_are_not_asked_of(ask: Ask, two_visits: dict[str, float]) -> None:
    with pytest.raises(InputError, match="whole courses of care"):
        ask(objective="hours", site_role="both", burden=two_visits)
    with pytest.raises(InputError, match="Robust choice"):
        planning.robust(ask(objective="dollars", burden=two_visits), 10, Spread(), Control(5))


def test_the_site_that_adds_most_comes_first(ask: Ask) -> None:
    assert solved(ask(count=3))[0][:2] == ["d", "b"]


def test_a_distance_instead_of_minutes(ask: Ask) -> None:
    question = ask(Selection(within=70, metric="miles"))  # a degree is 69.1 miles
    assert solved(question) == (["d", "b"], 750)
    found = outcome(question, [D, B])
    assert found.sites["minutes_saved"].tolist() == pytest.approx([300, DEGREE_MINUTES])
    assert found.sites["km_saved"].tolist() == pytest.approx([300, DEGREE_KM])
    assert "km_saved" not in outcome(ask(), [D, B]).sites


def test_collection_by_distance_is_the_same_as_by_minutes(ask: Ask) -> None:
    far = ask(Selection(within=70, metric="miles"), site_role="collection", collect_within=70)
    near = ask(site_role="collection")
    assert solved(far) == solved(near) == (["d", "b"], 740)
    by_km, by_minutes = outcome(far, [D, B]), outcome(near, [D, B])
    for name in ("collection_before", "collection_after", "gained", "patients_gained"):
        assert by_km.totals[name] == by_minutes.totals[name]
    for name in ("people_added", "people_nearer", "minutes_saved"):
        assert by_km.sites[name].tolist() == pytest.approx(by_minutes.sites[name].tolist())
    one, other = compare(far, by_km, "state"), compare(near, by_minutes, "state")
    assert one["covered_after"].tolist() == other["covered_after"].tolist()


def test_capacities_of_patients(ask: Ask) -> None:
    # D brings 60 adult and 12 young patients of whom a site can treat 50; B 45 and 3.
    assert solved(ask(objective="capacitated", demand="patients", count=2, patient_capacity=50))[
        1
    ] == pytest.approx(98)


@pytest.mark.parametrize(
    ("count", "capacity", "treated"), [(1, 100, 72), (2, 100, 132), (2, 65, 125), (2, 40, 80)]
)
def test_new_sites_take_patients_without_a_slot(
    ask: Ask, count: int, capacity: int, treated: int
) -> None:
    # Half the adults of B have a slot at a centre that is near, so 15 are left, with 45 of C, 60 of
    # D and 12 children there: 60 near B or C, 72 near D.
    asked = {"objective": "capacitated", "demand": "patients", "patient_capacity": capacity}
    share = [1.0, 0.5, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]
    question = ask(count=count, with_slot=share, **asked)
    plan = solve(question, Control(30))
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(treated)
    assert planning.capped(question, plan.chosen.tolist())[0] == pytest.approx(treated)
    assert outcome(question, plan.chosen.tolist()).totals["without_slot"] == pytest.approx(132)


def test_slots_are_given_out_by_minutes(ask: Ask) -> None:
    with pytest.raises(InputError, match="threshold in minutes"):
        ask(Selection(metric="miles"), objective="capacitated", demand="patients")


def test_costs_and_capacities_of_a_file(ask: Ask) -> None:
    file = b"id,name,lat,lon,cost,capacity\nb,B,0,1,1,40\nc,C,0,2,1,\nd,D,0,10,5,10\n"
    assert solved(ask(file=file, budget=2.0)) == (["b"], 310)
    found, reached = solved(ask(file=file, objective="capacitated", count=1, capacity=200))
    assert (found, reached) == (["c"], 200)


def test_one_site_per_place_and_spacing(ask: Ask) -> None:
    # Adults of C are near B and C; with C forced in, one site per state leaves B out.
    assert sorted(solved(ask(count=3, one_per="state", keep_in=("c",)))[0]) == ["c", "d"]
    near = ask(count=3, spacing_km=112, keep_in=("c",))
    assert sorted(solved(near)[0]) == ["c", "d"]
    assert sorted(solved(ask(count=3, spacing_km=111, keep_in=("c",)))[0]) == ["b", "c", "d"]


def value_of(question: Setup, rows: Rows, chosen: Sequence[int]) -> float:
    """What a plan of mixed roles gains, counted row by row."""
    places = np.array([1.0, 2.0, 10.0])
    homes = np.array([0.0, 1.0, 2.0, 10.0])[rows.area]
    total = 0.0
    for row, weight in enumerate(question.demand.value):
        for role, now in (
            ("infusion", question.travel.first[row]),
            ("collection", question.travel.collection[row]),
        ):
            near = any(
                question.site(option)[1] in (role, "both")
                and abs(places[question.site(option)[0]] - homes[row]) <= 1
                for option in chosen
            )
            if near and not now <= 84:
                total += weight / 2
    return total


@pytest.mark.parametrize("budget", [1.0, 2.5, 3.5, 4.5, 7.0, 20.0])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_mixed_roles_with_weights_and_a_budget_against_every_plan(
    ask: Ask, rows: Rows, budget: float, count: int
) -> None:
    question = ask(
        site_role="mixed", budget=budget, count=count, rural=2.0, low_income=3.0, cost_infusion=2.0
    )
    best = 0.0
    for number in range(count + 1):
        for sites in permutations(range(3), number):
            for kinds in np.ndindex(*[3] * number):
                options = [site + 3 * kind for site, kind in zip(sites, kinds, strict=True)]
                cost = sum((2.0, 1.0, 3.5)[kind] for kind in kinds)
                if cost <= budget:
                    best = max(best, value_of(question, rows, options))
    plan = solve(question, Control(30))
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(best)
    assert value_of(question, rows, plan.chosen.tolist()) == pytest.approx(best)
    assert question.rules.allows(plan.chosen)
    assert outcome(question, plan.chosen.tolist()).totals["cost"] <= budget


# --- Plans by hand, by their own objective --------------------------------------------------------


@pytest.mark.parametrize(
    ("settings_", "options", "reached"),
    [
        ({"objective": "lscp"}, [D], (1, 310)),
        ({"objective": "lscp"}, [], (0, 750)),
        ({"objective": "lscp"}, [B, D], (2, 0)),
        ({"objective": "lscp", "budget": 20.0, "cost_infusion": 4.0}, [B, C, D], (12, 0)),
        # Who has no candidate but one that is kept out is not missing.
        ({"objective": "lscp", "keep_out": ("d",)}, [B], (1, 0)),
        ({"objective": "backup"}, [B], (310 + 350 / 2, 0)),
        ({"objective": "backup"}, [], (0, 0)),
        ({"objective": "worst-off"}, [D], (470 / 770, 0)),
        ({"objective": "worst-off"}, [], (30 / 770, 0)),
        # A second site for the adults of C finds 300 people there, two sites have room for 260.
        ({"objective": "capacitated", "capacity": 130}, [B, C], (260, 0)),
        ({"objective": "capacitated", "capacity": 200}, [B, C], (310, 0)),
        ({"objective": "capacitated"}, [], (0, 0)),
    ],
)
def test_a_plan_by_hand_is_counted_as_the_solver_counts(
    ask: Ask, settings_: dict[str, object], options: list[int], reached: tuple[float, float]
) -> None:
    assert planning.capped(ask(**settings_), options) == pytest.approx(reached)


# --- What cannot be -----------------------------------------------------------------------------


def test_a_plan_that_cannot_be_names_the_sites(ask: Ask) -> None:
    plan = solve(ask(keep_in=("b", "c"), spacing_km=112, count=1, budget=4.0), Control(5))
    assert plan.status == "infeasible"
    assert plan.reasons == (
        "2 sites are forced in, but only 1 may open",
        "the sites forced in cost 6, more than the budget 4",
        "B site (b) and C site (c) are forced in, but may not both open",
    )


def test_curve_and_samples_of_a_plan_that_cannot_be(ask: Ask) -> None:
    question = ask(keep_in=("b", "c"), spacing_km=112)
    told = "B site \\(b\\) and C site \\(c\\) are forced in"
    with pytest.raises(InputError, match=told):
        planning.curve(question, 3, Control(5))
    with pytest.raises(InputError, match=told):
        planning.robust(question, 5, Spread(), Control(5))


def test_all_problems_at_once(ask: Ask) -> None:
    with pytest.raises(InputError) as caught:
        ask(
            Selection(within=70, metric="miles"),
            objective="capacitated",
            site_role="both",
            rural=2.0,
            where="state:NY",
        )
    told = caught.value.problems
    assert [problem.split(":")[0] for problem in told] == [
        "There is no candidate",
        "This objective is about one role",
        "A capacity counts every person once",
    ]
    assert "3 outside the region" in told[0]


def test_nobody_to_serve(ask: Ask, rows: Rows) -> None:
    nobody = replace(rows, persons=np.zeros(8))
    with pytest.raises(InputError, match="Nobody is counted"):
        ask(people=nobody)


# --- What a plan changes ------------------------------------------------------------------------


def test_what_infusion_sites_change(ask: Ask) -> None:
    found = outcome(ask(), [D, B])
    totals = found.totals
    assert {name: totals[name] for name in ("people", "covered_before", "covered_after")} == {
        "people": 1100, "covered_before": 350, "covered_after": 1100,
    }  # fmt: skip
    assert (totals["gained"], totals["patients_gained"], totals["cost"]) == (750, 120, 6)
    assert totals["nearer"] == 440 + 530
    assert totals["mean_saved"] == pytest.approx((440 * 300 + 530 * DEGREE_MINUTES) / 970)
    assert "collection_before" not in totals
    sites = found.sites
    assert sites[["place", "id", "role"]].to_numpy().tolist() == [
        [1, "d", "infusion"],
        [2, "b", "infusion"],
    ]
    assert sites["people_added"].tolist() == [440, 310]
    assert sites["patients_added"].tolist() == [72, 48]
    assert sites["people_nearer"].tolist() == [440, 530]
    assert sites["minutes_saved"].tolist() == pytest.approx([300, DEGREE_MINUTES])
    degrees = found.after.minutes / DEGREE_MINUTES
    assert degrees == pytest.approx([0, 0, 1, 0, 1, 0, 0, 0], abs=1e-6)
    assert found.after.distance_km == pytest.approx(degrees * DEGREE_KM, abs=1e-4)
    assert found.after.site.tolist() == [0, -1, -1, -1, -1, -1, 1, -1]
    assert found.left.empty


def test_what_a_site_adds_depends_on_the_order(ask: Ask) -> None:
    assert outcome(ask(), [B, C]).sites["people_added"].tolist() == [310, 0]
    assert outcome(ask(), [C, B]).sites["people_added"].tolist() == [300, 10]


def test_what_collection_sites_change(ask: Ask) -> None:
    found = outcome(ask(site_role="collection"), [D, B])
    totals = found.totals
    assert (totals["covered_before"], totals["covered_after"]) == (350, 350)
    assert (totals["collection_before"], totals["collection_after"]) == (360, 1100)
    assert (totals["gained"], totals["patients_gained"], totals["cost"]) == (740, 72 + 45, 2)
    assert found.sites["people_added"].tolist() == [440, 300]
    assert found.sites["people_nearer"].tolist() == [440, 520]
    assert found.sites["minutes_saved"].tolist() == pytest.approx([300, DEGREE_MINUTES])
    assert found.left.empty


def test_what_mixed_sites_change(ask: Ask) -> None:
    question = ask(site_role="mixed")
    options = [B + 3, D + 6]  # collection at B, both at D
    assert [question.site(option) for option in options] == [(B, "collection"), (D, "both")]
    found = outcome(question, options)
    assert found.sites["role"].tolist() == ["collection", "both"]
    assert found.sites["people_added"].tolist() == [300, 440]
    assert found.sites["cost"].tolist() == [1.0, 3.5]
    totals = found.totals
    assert (totals["covered_before"], totals["covered_after"]) == (350, 790)
    assert (totals["collection_before"], totals["collection_after"]) == (360, 1100)
    assert totals["gained"] == 440


def test_names_become_options_in_their_fullest_role(ask: Ask) -> None:
    assert options_of(ask(), ["d", "nobody", "b"]) == [D, B]
    assert options_of(ask(site_role="mixed"), ["d"]) == [D + 6]


@pytest.mark.parametrize(
    ("settings_", "expected"),
    [
        ({}, {"A candidate is near, but not within the number of sites": 440}),
        ({"budget": 3.0}, {"A candidate is near, but not within the budget": 440}),
        ({"keep_out": ("d",)}, {"The only candidates near are kept out": 440}),
        (
            {"file": b"id,name,lat,lon\nb,B site,0,1\n"},
            {"No candidate within the threshold": 440},
        ),
    ],
)
def test_why_people_remain(ask: Ask, settings_: dict, expected: dict[str, int]) -> None:
    left = outcome(ask(**settings_), [B]).left
    assert dict(zip(left["reason"], left["persons"], strict=True)) == expected


def test_why_people_remain_without_roads_or_without_data(ask: Ask, rows: Rows) -> None:
    minutes = rows.minutes.copy()
    minutes[[3, 7]] = [np.inf, np.nan]  # adults and children of D
    file = b"id,name,lat,lon\nb,B site,0,1\n"
    left = outcome(ask(people=replace(rows, minutes=minutes), file=file), [B]).left
    assert dict(zip(left["reason"], left["persons"], strict=True)) == {
        "No candidate and no road to any site": 400,
        "Travel not known": 40,
    }


def test_before_and_after_by_state(ask: Ask) -> None:
    question = ask()
    frame = compare(question, outcome(question, [D, B]), "state")
    assert frame["label"].tolist() == ["Wyoming", "Alabama"]
    assert frame["population"].tolist() == [440, 660]
    assert frame["covered_before"].tolist() == [0, 350]
    assert frame["covered_after"].tolist() == [440, 660]
    assert frame["gained"].tolist() == [440, 310]
    assert frame["share_after"].tolist() == [1, 1]


@pytest.mark.parametrize("by", ["state", "county", "cbsa", "hrr", "region", "rurality"])
@pytest.mark.parametrize(("role", "gained"), [("infusion", 750), ("collection", 740)])
def test_every_comparison_adds_up(ask: Ask, by: str, role: str, gained: int) -> None:
    question = ask(site_role=role)
    frame = compare(question, outcome(question, [D, B]), by)
    assert frame["population"].sum() == 1100
    assert frame["gained"].sum() == gained
    assert (frame["covered_before"] + frame["gained"] == frame["covered_after"]).all()
    assert frame["gained"].is_monotonic_decreasing


def test_mean_travel(ask: Ask) -> None:
    question = ask(objective="p-median", count=1)
    plan = solve(question, Control(5))
    # Degrees: adults 0, 1, 2 and far, children 2, 1, 0 and far; far counts 300 minutes.
    now = (200 + 2 * 300 + 2 * 10 + 20) * DEGREE_MINUTES + 440 * 300
    before, after = planning.mean_travel(question, plan)
    assert before == pytest.approx(now / 1100)
    assert after == pytest.approx((now - 440 * 300) / 1100)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    role=st.sampled_from(["infusion", "collection", "both", "mixed"]),
    sites=st.permutations([B, C, D]),
    number=st.integers(0, 3),
    kinds=st.lists(st.integers(0, 2), min_size=3, max_size=3),
    within=st.sampled_from([10.0, 84.0, 170.0, 300.0]),
    seed=st.integers(0, 2**32 - 1),
)
def test_nobody_is_lost_or_counted_twice(
    ask: Ask,
    rows: Rows,
    role: str,
    sites: list[int],
    number: int,
    kinds: list[int],
    within: float,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    minutes = rows.minutes.copy()
    minutes[rng.random(8) < 0.15] = np.inf
    minutes[rng.random(8) < 0.1] = np.nan
    people = replace(rows, minutes=minutes, persons=rng.integers(0, 900, 8) + 1.0)
    question = ask(Selection(within=within), people=people, site_role=role, collect_within=within)
    size = 3 if role == "mixed" else 0
    options = [site + size * kind for site, kind in zip(sites, kinds, strict=True)][:number]
    found = outcome(question, options)
    totals, added = found.totals, found.sites
    everyone = people.persons.sum()
    assert totals["people"] == everyone
    if role == "collection":
        before, after = totals["collection_before"], totals["collection_after"]
    else:
        before, after = totals["covered_before"], totals["covered_after"]
    assert before + totals["gained"] == after
    infusing = added if role == "collection" else added[added["role"] != "collection"]
    assert infusing["people_added"].sum() == totals["gained"]
    assert infusing["patients_added"].sum() == pytest.approx(totals["patients_gained"])
    assert found.left["persons"].sum() == everyone - after
    assert (found.left["persons"] > 0).all()
    known = ~np.isnan(people.minutes)
    assert (found.after.minutes[known] <= people.minutes[known]).all()
    saved = np.fmin(people.minutes, 300) - np.fmin(found.after.minutes, 300)
    by_sites = (infusing["people_nearer"] * infusing["minutes_saved"]).sum()
    if role != "collection":
        assert by_sites == pytest.approx(float((saved * people.persons)[known].sum()))


# --- Many plans ---------------------------------------------------------------------------------


def test_the_curve_of_plans(ask: Ask) -> None:
    found = planning.curve(ask(), 3, Control(10))
    assert found.count.tolist() == [0, 1, 2]  # two sites reach all there is
    assert found.objective.tolist() == [0, 440, 750]
    assert found.proven.all()


def test_sites_that_belong_in_every_plan(ask: Ask) -> None:
    found = planning.robust(ask(count=1), 20, Spread(0, 0, 0, 0), Control(20))
    assert found.frequency.tolist() == [0, 0, 1]
    assert found.certain.tolist() == [D]
    with pytest.raises(InputError, match="one role"):
        planning.robust(ask(site_role="both"), 5, Spread(), Control(5))
