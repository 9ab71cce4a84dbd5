"""Patients a year on the committed tables, against the totals that the facts publish."""

import numpy as np
import pandas as pd
import pytest

from dashboard import patient_diseases, patients
from data import load


@pytest.fixture(scope="module")
def facts():
    return patients.load_facts(load.zcta())


@pytest.fixture(scope="module")
def found(facts):
    return patients.expected(facts)


@pytest.fixture(scope="module")
def table(found, facts):
    return patients.reconciliation(found, facts).set_index("label")


def test_people_by_age_are_all_the_people(facts):
    areas = load.zcta()
    np.testing.assert_allclose(facts.persons.sum(axis=1), areas["population"], rtol=1e-12)
    assert (facts.persons[:, 0] == areas["children"]).all()
    assert (facts.persons >= 0).all()
    share = facts.persons[:, 3].sum() / areas["population"].sum()
    assert share == pytest.approx(0.1659, abs=2e-4)  # residents of 65 and over


def test_ages_of_an_area_without_adults():
    one = pd.DataFrame(
        {
            "children": [10, 10],
            "adults": [0, 90],
            "age_under_18_share": [1.0, 0.1],
            "age_18_24_share": [0.0, 0.09],
            "age_65_plus_share": [0.0, 0.27],
        }
    )
    np.testing.assert_allclose(patients.by_age(one), [[10, 0, 0, 0], [10, 9, 54, 27]])


def test_national_totals_are_the_published_ones_within_four_percent(table):
    # the population has grown since the counts; nothing else should differ
    assert table["difference"].abs().max() < 0.04
    assert (table["cases"] / table["published_cases"] - 1).abs().max() < 0.04


def test_each_range_holds_its_centre_and_the_sum_is_the_national_total(table, found):
    assert (table["patients_low"] < table["patients"]).all()
    assert (table["patients"] < table["patients_high"]).all()
    np.testing.assert_allclose(table["adults"] + table["children"], table["patients"])
    columns = ["patients_low", "patients", "patients_high"]
    np.testing.assert_allclose(table[columns].sum(), patients.national(found))


def test_products_for_adults_have_no_children(table):
    lymphoid = [entry.label for entry in patients.TODAY[:5]]
    assert (table.loc[lymphoid, "children"] == 0).all()
    young = table.loc["Acute lymphoblastic leukaemia, to 25 years"]
    assert young["children"] > 0.9 * young["patients"]


def test_every_figure_names_its_sources_and_that_assumptions_are_in_it(table):
    assert (table["source"].str.len() > 20).all()
    assert set(table["evidence"]) == {"recall"}


def test_patients_follow_who_lives_there(facts, found):
    old = facts.persons[:, 3] / facts.persons.sum(axis=1)
    black = facts.shares[:, 1]
    people = facts.persons.sum(axis=1)

    def rate(key, where):
        both = found.of("adult", key=key) + found.of("pediatric", key=key)
        return both[where].sum() / people[where].sum()

    large = people > 1000
    assert rate("myeloma", large & (old > 0.3)) > 1.5 * rate("myeloma", large & (old < 0.1))
    assert rate("sickle_cell", black > 0.8) > 20 * rate("sickle_cell", black < 0.05)
    assert rate("myeloma", black > 0.8) > rate("myeloma", (black < 0.1) & (old < 0.2))


def test_myeloma_is_twice_as_common_in_black_people_as_published(facts):
    ratios = facts.ratios[facts.ratios["indication"] == "multiple myeloma"]
    men, women = patient_diseases.race_ratios(ratios)
    assert men[:2].tolist() == [1.0, 1 / 0.5]
    assert women[:2].tolist() == [1.0, 1 / 0.4]


def test_per_area_is_the_sum_of_the_indications(found):
    areas = load.zcta()
    low = patients.per_area(areas, "adult", "low")
    keys = [entry.key for entry in patients.TODAY]
    np.testing.assert_allclose(low, sum(found.of("adult", "low", key) for key in keys))
    assert low.shape == (len(areas),)
    assert (low <= patients.per_area(areas, "adult")).all()


def test_sickle_cell_starts_are_far_fewer_than_those_eligible(facts, table):
    pool = patient_diseases.SICKLE_CELL_POOL
    stock = patient_diseases.eligibility_of(facts, pool)["implied_central"]
    assert table.loc["Sickle cell disease", "patients"] == pytest.approx(stock / 100, rel=0.02)
