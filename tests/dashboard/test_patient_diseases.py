"""Rates by age, sex and race on the committed tables, counted again from the facts."""

import numpy as np
import pytest

from dashboard import patient_diseases, patient_facts, patient_state, patients
from dashboard.patient_diseases import EVERY
from data import load
from geo.demand import over_sexes


@pytest.fixture(scope="module")
def facts():
    return patients.load_facts(load.zcta())


@pytest.fixture(scope="module")
def every(facts):
    return patients.expected(facts, EVERY)


@pytest.fixture(scope="module")
def table(every, facts):
    return patients.reconciliation(every, facts).set_index("key")


def of(every, key):
    return every.diseases[[entry.key for entry in EVERY].index(key)]


def test_settings_list_the_same_indications_in_the_same_order():
    assert {entry.key: entry.label for entry in EVERY} == patient_state.INDICATIONS
    assert [entry.key for entry in EVERY] == list(patient_state.INDICATIONS)
    assert {entry.key for entry in EVERY if entry.status == "trials"} == set(patient_state.TRIALS)


def test_men_by_age_are_those_of_the_reference_population(facts):
    share = patient_facts.men(facts)
    # 2019: 642 cases of boys at 1.539 and 311 of girls at 0.778 per 100,000
    boys, girls = 642 / 1.539, 311 / 0.778
    assert share[0] == pytest.approx(boys / (boys + girls))
    assert share[3] < 0.46  # women live longer
    assert 0.49 < share[2] < share[1]


@pytest.mark.parametrize(
    ("sex", "race", "published"),
    [
        (1, 0, 84.7), (1, 1, 230.9), (1, 2, 120.7), (1, 3, 84.4), (1, 4, 270.6), (1, 5, 84.4),
        (1, 6, 128.7), (0, 0, 8.9), (0, 1, 26.7), (0, 2, 18.0), (0, 4, 53.8), (0, 6, 14.6),
    ],
)  # fmt: skip
def test_lupus_has_the_published_rate_of_each_sex_and_race(facts, every, sex, race, published):
    rates = of(every, "sle").by_sex[:, sex, race, 1]
    people = facts.persons.sum(axis=0)
    assert rates @ people / people.sum() == pytest.approx(published)
    children = rates[0] * people[0] / (rates @ people)
    assert children == pytest.approx(0.02)


def test_lupus_range_is_that_of_the_published_rate(every):
    by_sex = of(every, "sle").by_sex
    np.testing.assert_allclose(by_sex[..., 0] / by_sex[..., 1], 65.3 / 72.8)
    np.testing.assert_allclose(by_sex[..., 2] / by_sex[..., 1], 81.0 / 72.8)


def test_arthritis_by_sex_is_as_published_and_no_child_has_it(every):
    rates = of(every, "ra").by_sex
    np.testing.assert_allclose(rates[1:, 0], np.broadcast_to([290, 300, 310], (3, 7, 3)))
    np.testing.assert_allclose(rates[1:, 1], np.broadcast_to([730, 755, 780], (3, 7, 3)))
    assert not rates[0].any()


def test_multiple_sclerosis_keeps_the_rate_of_each_race_and_the_ratio_of_the_sexes(facts, every):
    by_sex = of(every, "ms").by_sex
    np.testing.assert_allclose(by_sex[1:, 1] / by_sex[1:, 0], 450.1 / 159.7)
    people = facts.persons[:, 1:].sum(axis=0)
    share = patient_facts.men(facts)[1:] @ people / people.sum()
    adults = share * by_sex[1, 0, :, 1] + (1 - share) * by_sex[1, 1, :, 1]
    np.testing.assert_allclose(adults, [374.8, 298.4, 161.2, 197.7, 197.7, 197.7, 197.7])


def test_myeloma_has_the_published_rates_of_each_sex_before_the_spread_over_races(facts, every):
    men = of(every, "myeloma").by_sex[3, 0, :, 1]
    people = (facts.persons[:, 3][:, None] * facts.shares).sum(axis=0)
    together = men @ people / people.sum()
    reference = patient_facts.reference(facts, "M")[3:]
    expected = np.array([34.66, 52.9]) @ reference / reference.sum()
    assert together == pytest.approx(expected, rel=0.01)  # level: 27,799 of 27,798
    np.testing.assert_allclose(men[1] / men[0], 1 / 0.5)


def test_both_sexes_together_are_the_rates_that_areas_get(facts, every):
    for disease in every.diseases:
        np.testing.assert_allclose(
            over_sexes(disease.by_sex, patient_facts.men(facts)), disease.rates
        )
        assert (np.diff(disease.by_sex, axis=-1) >= 0).all()
        assert (np.diff(disease.fraction, axis=-1) >= 0).all()


def test_diseases_in_trials_are_near_the_published_number_of_people_with_them(table):
    # none is scaled to it: rates of 2010 to 2018 meet the people of 2018 to 2022
    off = table.loc[list(patient_state.TRIALS), "cases_difference"]
    assert off.between(0.03, 0.10).all()
    assert off["ms"] == pytest.approx(0.099, abs=0.005)  # adults have grown by a tenth since 2010
    assert (table.loc[list(patient_state.TRIALS), "status"] == "trials").all()


def test_every_total_is_within_a_tenth_of_the_published_one(table):
    assert table["cases_difference"].abs().max() < 0.1
    assert table["difference"].abs().max() < 0.1
    assert (table["published_source"].str.len() > 5).all()
    assert (table["products"].str.len() > 5).all()


def test_starts_of_today_are_drawn_from_the_pool(table):
    for pool, starts in patient_state.REPLACES.items():
        assert table.loc[starts, "patients"] < 0.02 * table.loc[pool, "patients"]
        assert table.loc[pool, "cases"] == pytest.approx(table.loc[starts, "cases"])
        assert table.loc[pool, "pool"]
        assert not table.loc[starts, "pool"]


def test_patients_by_area_agree_with_a_loop_over_every_group(facts, every):
    share = patient_facts.men(facts)
    for area in (0, 7_000, 21_000):
        for at, disease in enumerate(every.diseases):
            expected = {"adult": np.zeros(3), "pediatric": np.zeros(3)}
            for age in range(4):
                for sex, part in enumerate((share[age], 1 - share[age])):
                    for race in range(7):
                        people = facts.persons[area, age] * part * facts.shares[area, race]
                        cases = people * disease.by_sex[age, sex, race] / 100_000
                        who = "adult" if age else "pediatric"
                        expected[who] += cases * disease.fraction[age]
            for who, value in expected.items():
                np.testing.assert_allclose(
                    every.counts[who][at, :, area], value, rtol=1e-9, atol=1e-15
                )


def test_evidence_is_the_weakest_of_all_inputs(every):
    assert {disease.evidence for disease in every.diseases} == {"recall"}
    assert patient_diseases.MARKS == ("verified", "abstract", "recall")
