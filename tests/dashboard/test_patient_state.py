"""Settings of the patients page in the URL, edits of its table, and all settings together."""

from dataclasses import fields

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import patient_edits, patient_state, state, url_settings
from dashboard.patient_state import (
    DEFAULT,
    INDICATIONS,
    PRESETS,
    REPLACES,
    Eligible,
    PatientSettings,
    Slots,
    Uptake,
)

KEYS = st.sampled_from(list(INDICATIONS))
SHARE = st.floats(0, 1).map(lambda x: float(f"{x:.6g}"))
CURVES = st.builds(
    Uptake, KEYS, st.integers(2020, 2040), SHARE, SHARE, st.integers(1, patient_state.MOST_RAMP)
)


def in_order(items, key):
    found = {key(item): item for item in items}
    return tuple(found[name] for name in INDICATIONS if name in found)


SETTINGS = st.builds(
    PatientSettings,
    part=st.sampled_from(["demand", "capacity"]),
    preset=st.sampled_from(list(PRESETS)),
    on=st.sets(KEYS).map(lambda keys: in_order(keys, str)),
    off=st.sets(KEYS).map(lambda keys: in_order(keys, str)),
    uptake=st.lists(CURVES, max_size=4).map(lambda items: in_order(items, lambda one: one.key)),
    eligible=st.lists(st.builds(Eligible, KEYS, SHARE), max_size=4).map(
        lambda items: in_order(items, lambda one: one.key)
    ),
    renewal=st.none() | st.floats(0, 1),
    year=st.integers(2026, 2035),
    growth=st.floats(-5, 5).map(lambda x: x + 0.0),
    slots=st.dictionaries(st.sampled_from(["TC001", "TC002"]), st.integers(0, 500)).map(
        lambda found: tuple(Slots(site, found[site]) for site in sorted(found))
    ),
    new_slots=st.none() | st.integers(0, 1000),
)


def parse(query, **known):
    return url_settings.parse_one(url_settings.PATIENTS, query, **known)


@given(SETTINGS)
def test_a_link_reopens_the_settings(settings):
    again, problems = parse(settings.query())
    assert problems == ()
    assert again == settings


def test_defaults_are_left_out_of_the_link():
    assert DEFAULT.query() == {}


def test_no_two_pages_share_a_key():
    every = [key for module in (state, *url_settings.MODULES) for key in module.NAMES]
    assert len(every) == len(set(every))
    assert set(patient_state.KEYS) == {one.name for one in fields(PatientSettings)}


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ({"year": "2036"}, "is not a year from 2026 to 2035"),
        ({"uptake": "sle:2027,0,2,5"}, "is not a number from 0 to 1"),
        ({"uptake": "sle"}, "is not of the form"),
        ({"uptake": "sle:2027,0,.1,0"}, "is not a whole number from 1 to 20"),
        ({"uptake": "sle:2027,0,1.2.3,1"}, "is not a number from 0 to 1"),
        ({"eligible": "dlbcl"}, "is not a number from 0 to 1"),
        ({"eligible": "zz:0.1"}, "is not of the form dlbcl:0.18"),
        ({"slots": "TC001"}, "is not of the form TC001:120"),
        ({"slots": "TC001:1000000"}, "is not of the form"),
        ({"on": "measles"}, "is not one of"),
        ({"growth": "nan"}, "is not a number from -5 to 5"),
        ({"added": "<script>"}, "holds what is no name of a site"),
        ({"preset": ["today", "all"]}, "is given more than once"),
    ],
)
def test_what_cannot_be_used_is_said_and_left_out(query, complaint):
    settings, problems = parse(query)
    assert settings == DEFAULT
    assert len(problems) == 1
    assert complaint in problems[0]


def test_slots_of_a_site_that_does_not_exist():
    known = {"site": frozenset({"TC001"})}
    settings, problems = parse({"slots": ["TC001:10", "TC999:10"]}, known=known)
    assert settings == DEFAULT
    assert "no such site" in problems[0]


@given(SETTINGS)
def test_the_same_people_are_never_counted_twice(settings):
    for pool, starts in REPLACES.items():
        assert not {pool, starts} <= set(settings.chosen)
    assert list(settings.chosen) == [key for key in INDICATIONS if key in settings.chosen]


def test_one_url_holds_the_settings_of_all_pages():
    query = {"within": "90", "preset": "All approved", "count": "7", "zz": "1", "year": "1"}
    found = url_settings.parse(query)
    assert found.selection.within == 90
    assert found.own == {"count": "7", "preset": "all"}
    assert len(found.problems) == 2


ROW = pd.Series(
    {"key": "ra", "start": 2030, "before_percent": 0.0, "peak_percent": 3.0, "years_to_peak": 6}
)


def test_an_edit_of_one_cell_keeps_the_rest_of_the_curve():
    found = patient_edits.apply(DEFAULT, ROW, {"peak_percent": 10})
    assert found.uptake == (Uptake("ra", 2030, 0.0, 0.1, 6),)
    again = patient_edits.apply(found, ROW, {"eligible_percent": 200, "start": 1900})
    assert again.eligible == (Eligible("ra", 1.0),)
    assert again.uptake == (Uptake("ra", 2020, 0.0, 0.03, 6),)
    assert parse(again.query()) == (again, ())


def test_an_emptied_cell_changes_nothing():
    assert patient_edits.apply(DEFAULT, ROW, {"peak_percent": None, "on": None}) == DEFAULT


@given(SETTINGS, KEYS, st.booleans())
def test_switching_an_indication_does_what_it_says(settings, key, on):
    found = patient_edits.switched(settings, key, on=on)
    assert (key in found.chosen) == on
    rivals = REPLACES | {starts: pool for pool, starts in REPLACES.items()}
    others = set(settings.chosen) - {key}
    assert set(found.chosen) - {key} == (others - {rivals.get(key)} if on else others)


def test_switching_the_pool_on_switches_the_starts_off_and_back():
    pool = patient_edits.switched(DEFAULT, "sickle_cell_stock", on=True)
    assert "sickle_cell" not in pool.chosen
    assert patient_edits.switched(pool, "sickle_cell", on=True) == DEFAULT
