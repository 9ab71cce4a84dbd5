"""Deserts on the real tables: they add up to the headline; links, notes and facts of one."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from dashboard import deserts, map_spec, opportunity, queries
from dashboard.deserts import Land
from dashboard.opportunity import People
from dashboard.queries import Areas
from dashboard.state import Selection, parse
from data import load
from geo.deserts import NONE, Deserts
from geo.results import Floats
from geo.surface import Grid, Window
from geo.travel import StraightLine

MODEL = StraightLine()
VIEW = Selection(model="straight")


@dataclass(frozen=True)
class Case:
    """All that a view's deserts are made of."""

    view: Selection
    areas: Areas
    land: Land
    people: People
    found: Deserts
    frame: pd.DataFrame


@cache
def tables() -> tuple[Areas, Land]:
    """The grid is coarse, so that the tests are quick; cells decide where, not how many."""
    areas, states = queries.load_areas(), load.states()
    windows = [
        Window("Lower 48", -125.0, 24.0, 0.2, 0.2, 128, 292),
        Window("Alaska", -180.0, 51.0, 0.4, 0.2, 103, 127),
        Window("Hawaii", -160.6, 18.6, 0.2, 0.2, 20, 31),
        Window("Puerto Rico", -68.2, 17.6, 0.2, 0.2, 6, 16),
    ]
    return areas, deserts.load_land(Grid.over(states.geometry.to_numpy(), windows), states, areas)


@cache
def case(view: Selection) -> Case:
    areas, land = tables()
    centres = queries.choose_centres(load.treatment_centers(), view.centres)
    blood = map_spec.choose_blood(load.blood_centers(), view)
    everyone = queries.stack_rows(
        areas, view.ages, lambda who: queries.nearest_for(MODEL, areas, centres, who)
    )
    cells: list[Floats] = []
    for who in queries.AUDIENCES[view.ages]:
        treats = centres["treats_adults" if who == "adult" else "treats_children"]
        near = MODEL.nearest(land.grid.points, queries.points_of(centres[treats]))
        cells.append(near.minutes if view.metric == "minutes" else near.distance_km)
    patients = {who: np.outer([1, 2, 4], persons) / 1e4 for who, persons in areas.persons.items()}
    rows = queries.in_state(areas, everyone, view.state)
    people = opportunity.people_of(
        rows, MODEL.nearest(areas.points, queries.points_of(blood)), patients
    )
    found = deserts.find(land, cells, rows, view)
    frame = deserts.table(found, land, areas, people, (centres, blood), view)
    return Case(view, areas, land, people, found, frame)


@pytest.mark.parametrize(
    "view",
    [
        VIEW,
        replace(VIEW, within=30.0, cut="none"),
        replace(VIEW, within=120.0, ages="pediatric"),
        replace(VIEW, within=180.0, ages="adult", state="MT"),
        replace(VIEW, within=45.0, state="TX", cut="none", metric="miles"),
        replace(VIEW, within=300.0, therapy="gene_therapy", state="AK"),
        replace(VIEW, state="DC"),
    ],
    ids=lambda view: view.query_string(),
)
def test_deserts_add_up_to_the_headline(view: Selection) -> None:
    """To the person: everybody beyond the threshold is in exactly one desert, nobody else is."""
    it = case(view)
    total = queries.total(it.people.treatment, view)
    assert it.frame["people"].sum() == total.beyond[0]
    assert it.frame["unreachable"].sum() == total.unreachable[0]
    joint = opportunity.headline(it.people, view)
    assert it.frame["near_blood"].sum() == joint.near
    assert it.frame["patients"].sum() == pytest.approx(joint.patients_beyond[1])
    assert (it.frame["people"] > 0).all()
    assert it.frame["desert"].is_unique
    if view.cut == "state" or view.state:
        assert {len(states) for states in it.frame["states"]} <= {2}
    if view.state:
        assert set(it.frame["states"]) <= {view.state}


def test_states_of_deserts_that_end_at_state_lines_add_up() -> None:
    it = case(VIEW)
    rows = it.people.treatment
    mine = it.frame.groupby("states")["people"].sum()
    states = it.areas.frame["state"].to_numpy()[rows.area]
    beyond = pd.Series(rows.persons * (rows.minutes > VIEW.within)).groupby(states).sum()
    assert mine.to_dict() == beyond[beyond > 0].to_dict()


def test_state_lines_only_ever_split_deserts() -> None:
    cut, whole = case(VIEW), case(replace(VIEW, cut="none"))
    assert len(whole.frame) < len(cut.frame)
    pairs = {
        (int(one), int(other))
        for one, other in zip(cut.found.cell, whole.found.cell, strict=True)
        if one != NONE
    }
    assert len(pairs) == cut.found.count  # each lies in one of the others
    # Land cut off from everybody who is beyond is no longer part of a desert.
    assert not ((cut.found.cell != NONE) & (whole.found.cell == NONE)).any()


def test_one_desert_recounted() -> None:
    it = case(VIEW)
    row = it.frame.iloc[3]
    rows = it.people.treatment
    inside = it.found.row == row["number"]
    assert row["people"] == rows.persons[inside].sum()
    lived = inside & (rows.persons > 0)
    assert row["worst_minutes"] == rows.minutes[lived].max()
    order = np.argsort(rows.minutes[inside])
    half = np.cumsum(rows.persons[inside][order]) >= rows.persons[inside].sum() / 2
    assert row["median_minutes"] == rows.minutes[inside][order][half][0]
    by_area = pd.Series(rows.persons[inside]).groupby(rows.area[inside]).sum()
    assert it.areas.frame["zcta"][by_area.idxmax()] == row["desert"]
    near = it.people.blood.minutes[inside] <= 30
    assert row["near_blood"] == rows.persons[inside][near].sum()
    cells = it.found.cell == row["number"]
    assert row["area_sq_mi"] == pytest.approx(it.land.grid.area_km2[cells].sum() / 1.609344**2)


def test_ranked_by_people() -> None:
    people = case(VIEW).frame["people"].tolist()
    assert people == sorted(people, reverse=True)


def test_small_deserts_are_one_row() -> None:
    it = case(VIEW)
    shown = deserts.shown(it.frame, VIEW)
    small = it.frame[it.frame["people"] < deserts.SMALL]
    assert len(small) > 1
    assert len(shown) == len(it.frame) - len(small) + 1
    assert shown["people"].sum() == it.frame["people"].sum()
    last = shown.iloc[-1]
    assert last["name"] == f"{len(small)} smaller deserts"
    assert pd.isna(last["link"])
    alone = deserts.shown(it.frame[it.frame["people"] >= deserts.SMALL], VIEW)
    assert alone["link"].notna().all()


def test_a_link_reopens_the_view_with_the_desert() -> None:
    view = replace(VIEW, within=90.0, state="TX", role="apheresis", site="TC001")
    parsed = parse(dict(pair.split("=") for pair in deserts.link("79936", view).split("&")))
    assert not parsed.problems
    assert parsed.selection == replace(view, topic="deserts", desert="79936", site="")


def test_every_zip_area_of_a_desert_names_it() -> None:
    it = case(VIEW)
    rows = it.people.treatment
    number = int(it.frame["number"][2])
    inside = np.unique(rows.area[it.found.row == number])
    assert len(inside) > 10
    for area in inside[:: len(inside) // 10]:
        zcta = it.areas.frame["zcta"][area]
        assert deserts.number_of(zcta, it.found, it.areas, rows) == number


def test_why_a_zip_area_is_in_no_desert() -> None:
    it, texas = case(VIEW), case(replace(VIEW, within=45.0, state="TX", cut="none", metric="miles"))

    def note(zcta: str, of: Case) -> str:
        assert deserts.number_of(zcta, of.found, of.areas, of.people.treatment) == NONE
        return deserts.why_not(zcta, of.areas, of.people.treatment, of.view)

    assert "not a ZIP code area" in note("00000", it)
    assert "77030 (Houston, TX) is in no desert" in note("77030", it)
    assert "within 60 minutes" in note("77030", it)
    assert "within 45 miles" in note("77030", texas)
    assert "outside Texas" in note("59901", texas)


def test_facts_of_a_desert() -> None:
    it = case(VIEW)
    first = deserts.card(
        int(it.frame["number"][0]), it.frame, it.found, it.areas, it.people.treatment
    )
    facts = first.facts.set_index("fact")
    assert facts.index[0] == "Rural"
    assert (facts["here"].between(0, 100)).all()
    rows = it.people.treatment
    inside = it.found.row == it.frame["number"][0]
    rural = (it.areas.frame["rurality"] == "rural").to_numpy()[rows.area]
    share = 100 * rows.persons[inside & rural].sum() / rows.persons[inside].sum()
    assert facts["here"]["Rural"] == pytest.approx(share)
    said = deserts.card_sentence(first, VIEW)
    assert str(first.row["centre"]) in said
    assert str(first.row["blood_centre"]) in said


def test_map_of_deserts() -> None:
    it = case(VIEW)
    shapes = deserts.draw(it.land, it.found)
    drawn = deserts.layer(shapes, it.frame, chosen=str(it.frame["desert"][0]))
    assert drawn.kind == "desert"
    assert drawn.ids == tuple(it.frame["desert"])
    people = it.frame["people"].to_numpy()
    assert [int(code) for code in drawn.codes] == [
        sum(count > edge for edge in deserts.EDGES) for count in people
    ]
    south, west, north, east = deserts.bounds(shapes[it.frame["number"][0]])
    area = it.areas.frame.loc[it.areas.frame["zcta"] == it.frame["desert"][0]].iloc[0]
    assert south < area["lat"] < north
    assert west < area["lon"] < east


def test_sentences_for_each_case() -> None:
    it = case(VIEW)
    assert f"in {len(it.frame):,} treatment deserts beyond 60 minutes" in deserts.finding(
        it.frame, VIEW
    )
    assert "One treatment desert" in deserts.finding(it.frame.head(1), VIEW)
    assert "no treatment desert in Texas" in deserts.finding(
        it.frame.head(0), replace(VIEW, state="TX")
    )
    nowhere = case(replace(VIEW, state="DC"))
    assert nowhere.frame.empty
    assert deserts.shown(nowhere.frame, nowhere.view).empty
    roadless = deserts.Card(
        it.frame.iloc[0].copy().replace({it.frame["centre"][0]: ""}), pd.DataFrame()
    )
    assert "No road leads" in deserts.card_sentence(roadless, VIEW)


def test_a_desert_is_named_by_its_largest_places() -> None:
    one = case(VIEW)
    first = one.frame.iloc[0]
    inside = one.found.row == first["number"]
    frame = one.areas.frame.iloc[one.people.treatment.area[inside]]
    persons = pd.Series(one.people.treatment.persons[inside], index=frame.index)
    largest = persons.groupby(frame["city"]).sum().nlargest(3).index.tolist()
    assert first["name"] == f"{largest[0]}, {largest[1]} and {largest[2]}, {first['states']}"
    across = case(replace(VIEW, within=30.0, cut="none")).frame.iloc[0]
    assert across["name"].count("(") == 3
