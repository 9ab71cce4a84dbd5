"""Projection and the tables of the page: small cases by hand, then the committed tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard import patient_growth, patient_text, patient_views, patients, queries
from dashboard.patient_diseases import EVERY
from dashboard.patient_growth import YEARS
from dashboard.patient_state import (
    DEFAULT,
    PRESETS,
    Eligible,
    PatientSettings,
    Uptake,
)
from dashboard.state import Selection
from data import load

BOTH: tuple[patients.Audience, ...] = ("adult", "pediatric")


@pytest.fixture(scope="module")
def areas():
    return queries.load_areas()


@pytest.fixture(scope="module")
def facts(areas):
    return patients.load_facts(areas.frame)


@pytest.fixture(scope="module")
def every(facts):
    return patients.expected(facts, EVERY)


@pytest.fixture(scope="module")
def uptake():
    return load.uptake_assumptions()


@pytest.fixture(scope="module")
def national(every, facts):
    return patient_views.sums(every, facts, np.ones(len(facts.persons), dtype=bool))


def projected(every, table, **changes):
    return patient_growth.projection(every, table, replace(DEFAULT, **changes))


def test_today_is_what_the_rest_of_the_atlas_counts(every, uptake, areas):
    found = projected(every, uptake)
    for bound in ("low", "central", "high"):
        expected = patients.per_area(areas.frame, "adult", bound)
        for year in (2026, 2035):
            np.testing.assert_allclose(found.patients("adult", bound, year), expected)


def test_series_are_the_years_and_the_keys_add_up(every, uptake):
    found = projected(every, uptake, preset="all", growth=0.7)
    series = found.series("pediatric", "high")
    assert series.shape == (len(YEARS), every.counts["adult"].shape[2])
    np.testing.assert_allclose(series[4], found.patients("pediatric", "high", 2030))
    parts = sum(found.patients("pediatric", "high", 2030, key) for key in found.keys)
    np.testing.assert_allclose(series[4], parts)


def test_lupus_by_hand(every, uptake):
    curve = Uptake("sle", 2027, 0.0, 0.2, 2)
    found = projected(every, uptake, preset="autoimmune", uptake=(curve,), renewal=0.1)
    pool = found.base["adult"][found.keys.index("sle"), 1].sum()
    # 2027: a tenth of the pool is treated; 0.9 left, 0.81 stay, 0.1 come in
    # 2028: a fifth of 0.91
    for year, part in ((2026, 0.0), (2027, 0.1), (2028, 0.2 * 0.91)):
        treated = found.patients("adult", "central", year, "sle").sum()
        assert treated == pytest.approx(part * pool)
    assert found.pools["sle"].end[1] == pytest.approx(0.91)


def test_growth_of_the_population_counts_for_all_that_are_new(every, uptake):
    grown, same = projected(every, uptake, growth=1.0), projected(every, uptake)
    np.testing.assert_allclose(
        grown.patients("adult", "central", 2029), 1.01**3 * same.patients("adult", "central", 2029)
    )


def test_own_share_stands_for_the_whole_range(every, uptake):
    found = projected(every, uptake, eligible=(Eligible("dlbcl", 0.284),))
    plain = projected(every, uptake)
    args = ("adult", "central", 2026, "dlbcl")
    np.testing.assert_allclose(found.patients(*args), 2 * plain.patients(*args))
    low = found.patients("adult", "low", 2026, "dlbcl").sum()
    assert low == pytest.approx(2.84 * plain.patients("adult", "low", 2026, "dlbcl").sum())
    assert (found.scale[1:] == 1).all()


def test_every_preset_has_a_curve_of_its_own_or_an_earlier_one(uptake):
    for preset, keys in PRESETS.items():
        found = patient_growth.courses(uptake, PatientSettings(preset=preset))
        assert set(keys) <= set(found)
    early = patient_growth.courses(uptake, PatientSettings(preset="all"))["ra"].curve
    late = patient_growth.courses(uptake, PatientSettings(preset="autoimmune"))["ra"].curve
    assert early.start < late.start
    assert early.peak > late.peak
    shown = patient_growth.courses(uptake, PatientSettings(preset="today"))["ra"].curve
    assert shown == late  # switched on by hand, it comes as in the scenario nearest to today


def test_pools_never_treat_more_than_there_are(every, uptake):
    curves = tuple(Uptake(key, 2020, 1.0, 1.0, 1) for key in ("sle", "ra"))
    found = projected(every, uptake, preset="autoimmune", uptake=curves, renewal=0.0)
    at = [found.keys.index(key) for key in ("sle", "ra")]
    np.testing.assert_allclose(found.factor[at].sum(axis=1), 1.0)


@pytest.mark.parametrize("preset", list(PRESETS))
def test_places_and_groups_add_up_to_the_total(preset, every, uptake, areas, national):
    settings = PatientSettings(preset=preset, year=2033)
    found = patient_growth.projection(every, uptake, settings)
    years = patient_views.by_year(found, national, EVERY, BOTH).set_index("year")
    columns = ["patients_low", "patients", "patients_high"]
    total = years.loc[2033, columns].to_numpy(dtype=float)
    np.testing.assert_allclose(years.loc[2033, list(patient_views.FAMILIES)].sum(), total[1])
    inside = np.ones(len(areas.frame), dtype=bool)
    for by in ("state", "county", "hrr", "rurality", "region"):
        split = patient_views.split_of(areas, by)
        frame = patient_views.by_place(found, split, replace(settings, split=by), inside, BOTH)
        np.testing.assert_allclose(frame[columns].sum(), total)
        assert frame["population"].sum() == pytest.approx(areas.frame["population"].sum())
    races = list(queries.RACES.values())
    for by in ("race", "age", "sex"):
        chosen = replace(settings, split=by)
        frame = patient_views.by_group(found, national, chosen, BOTH, races)
        np.testing.assert_allclose(frame[columns].sum(), total)
        assert frame["population"].sum() == pytest.approx(areas.frame["population"].sum(), rel=1e-6)


def test_adults_of_a_state_alone(every, uptake, areas, facts):
    texas = (areas.frame["state"] == "TX").to_numpy()
    found = projected(every, uptake)
    here = patient_views.sums(every, facts, texas)
    years = patient_views.by_year(found, here, EVERY, ("adult",))
    expected = patients.per_area(areas.frame, "adult")[texas].sum()
    assert years["patients"].iloc[0] == pytest.approx(expected)
    split = patient_views.split_of(areas, "county")
    counties = patient_views.by_place(found, split, DEFAULT, texas, ("adult",))
    assert counties["patients"].sum() == pytest.approx(expected)
    assert counties["label"].str.endswith("TX").mean() > 0.95  # a few areas reach over the line


def test_a_county_by_hand(every, uptake, areas):
    split = patient_views.split_of(areas, "county")
    frame = patient_views.by_place(
        projected(every, uptake), split, DEFAULT, np.ones(len(areas.frame), dtype=bool), BOTH
    ).set_index("group")
    pairs = areas.pairs[areas.pairs["county_fips"] == "48201"]
    values = {who: projected(every, uptake).patients(who, "central", 2026) for who in BOTH}
    expected = 0.0
    for area, adult, young in zip(pairs["area"], pairs["adult"], pairs["pediatric"], strict=True):
        for who, count in (("adult", adult), ("pediatric", young)):
            people = areas.persons[who][area]
            expected += values[who][area] * count / people if people else 0.0
    assert frame.loc["48201", "patients"] == pytest.approx(expected)
    assert frame.loc["48201", "per_100k"] == pytest.approx(
        expected / frame.loc["48201", "population"] * 1e5
    )


def test_lupus_is_of_women_and_of_black_people(every, uptake, national):
    settings = PatientSettings(preset="autoimmune", year=2035, of="sle", split="sex")
    found = patient_growth.projection(every, uptake, settings)
    sexes = patient_views.by_group(found, national, settings, BOTH, []).set_index("label")
    rates = sexes["per_100k"]
    assert rates["Women and girls"] / rates["Men and boys"] == pytest.approx(8, rel=0.1)
    by_race = replace(settings, split="race")
    races = list(queries.RACES.values())
    frame = patient_views.by_group(found, national, by_race, BOTH, races).set_index("label")
    assert frame["per_100k"]["Black"] > 2 * frame["per_100k"]["White"]


def test_table_of_diseases_has_every_one_with_its_published_total(every, uptake, national, facts):
    published = patients.reconciliation(every, facts)
    found = projected(every, uptake, preset="autoimmune", year=2030)
    frame = patient_views.by_indication(
        found, national, published, BOTH, PatientSettings(year=2030)
    ).set_index("key")
    assert len(frame) == len(EVERY)
    assert not frame.loc["sickle_cell_stock", "counted"]
    assert frame.loc["sickle_cell_stock", "patients"] == 0
    assert frame["waiting"].notna().sum() == 4
    assert frame.loc["ra", "published_cases"] == 1_320_000
    assert frame.loc["ra", "patients"] == pytest.approx(0.005 * frame.loc["ra", "eligible"])
    assert set(frame["status"]) == {"Approved", "In trials"}
    readable = patient_text.readable(frame.reset_index())
    assert readable["patients"].mod(1).eq(0).all()


def test_sentences():
    years = pd.DataFrame(
        {
            "year": YEARS,
            "patients": np.linspace(1000.0, 1450.0, 10),
            "patients_low": 900.0,
            "patients_high": 2000.0,
        }
    )
    say = patient_text.finding
    assert say(years, Selection(), PatientSettings(year=2028)) == (
        "1,100 patients in the US are candidates for cell and gene therapy in 2028; in 2035 it is "
        "1,450, 45% more than in 2026."
    )
    assert say(years, Selection(state="TX", ages="adult"), PatientSettings(year=2035)) == (
        "1,450 patients in Texas are candidates for cell and gene therapy in 2035 (adults only), "
        "45% more than in 2026."
    )
    assert say(years, Selection(), PatientSettings(bound="low")).endswith(
        "with every assumption low, about as many as in every year from 2026 to 2035."
    )
    own = PatientSettings(uptake=(Uptake("ra", 2030, 0, 1, 1),), eligible=(Eligible("ra", 0.1),))
    assert "You have changed assumptions of 1 disease." in patient_text.scenario(own)
    nobody = pd.DataFrame({"label": ["a"], "patients": [0.0], "population": [5.0]})
    assert patient_text.places(nobody, PatientSettings(of="ra"), Selection()) == (
        "No patients with rheumatoid arthritis are counted in the US in 2026."
    )


def test_the_bound_chosen_decides_stack_rank_and_rate(every, uptake, national, areas):
    settings = PatientSettings(bound="high", split="hrr")
    found = patient_growth.projection(every, uptake, settings)
    years = patient_views.by_year(found, national, EVERY, BOTH, "high")
    np.testing.assert_allclose(
        years[list(patient_views.FAMILIES)].sum(axis=1), years["patients_high"]
    )
    split = patient_views.split_of(areas, "hrr")
    inside = np.ones(len(areas.frame), dtype=bool)
    frame = patient_views.by_place(found, split, settings, inside, BOTH)
    assert frame["patients_high"].is_monotonic_decreasing
    np.testing.assert_allclose(
        frame["per_100k"], 1e5 * frame["patients_high"] / frame["population"]
    )
