from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.adapters import facts
from data.catalogue import DATASETS
from data.evidence import EVIDENCE_ORDER, Evidence, at_least, best

WORDS = [word.value for word in EVIDENCE_ORDER]


def test_evidence_words_from_best_to_worst():
    assert WORDS == ["documented", "listed_secondary", "believed", "likely", "unknown", "no"]
    assert all(word.meaning for word in Evidence)


@pytest.mark.parametrize("word", WORDS)
def test_at_least_accepts_the_word_and_everything_better(word):
    assert at_least(word) == tuple(WORDS[: WORDS.index(word) + 1])


@given(st.lists(st.sampled_from(WORDS), min_size=1))
def test_best_is_one_of_the_words_and_none_is_better(words):
    chosen = best(words)
    assert chosen in words
    assert not any(Evidence(word).rank < Evidence(chosen).rank for word in words)


def test_no_words_is_unknown_and_a_strange_word_an_error():
    assert best([]) == "unknown"
    with pytest.raises(ValueError, match="certain"):
        best(["certain"])
    with pytest.raises(ValueError, match="certain"):
        at_least("certain")


def test_read_fact_keeps_text_and_misses_empty_cells(tmp_path):
    (tmp_path / "x.csv").write_bytes("\ufeffid,zip,note\n1,00601,NA\n2,,\n".encode())
    frame = facts.read_fact("x", tmp_path)
    assert frame.to_dict("list")["id"] == ["1", "2"]
    assert frame["zip"].iloc[0] == "00601"
    assert frame["note"].iloc[0] == "NA"  # a word, not a missing value
    assert frame.iloc[1][["zip", "note"]].isna().all()
    assert facts.read_numbers("x", ("zip",), tmp_path)["zip"].iloc[0] == 601


def test_treatment_centers_say_whom_they_treat():
    raw = pd.DataFrame(
        {
            "id": ["TC2", "TC1", "TC3"],
            "lat": ["30", "31", "32"],
            "lon": ["-95", "-96", "-97"],
            "beds": ["100", None, "5"],
            "ages_treated": ["adult", "pediatric", "adult+pediatric"],
            **dict.fromkeys(facts.CLAIMS, "unknown"),
            "til": ["no", "unknown", "likely"],
            "car_t": ["documented", "unknown", "believed"],
        }
    )
    frame = facts.treatment_centers(raw)
    assert frame["id"].tolist() == ["TC1", "TC2", "TC3"]
    assert frame["treats_adults"].tolist() == [False, True, True]
    assert frame["treats_children"].tolist() == [True, False, True]
    assert frame["best_evidence"].tolist() == ["unknown", "documented", "believed"]
    assert frame["beds"].tolist()[1:] == [100, 5]


def test_blood_centers_get_roles_and_groups():
    raw = pd.DataFrame(
        {
            "id": ["BC2", "BC1"],
            "lat": ["30", "31"],
            "lon": ["-95", "-96"],
            "roles": ["collection;  cell-therapy/HPC collection", "headquarters; reference lab"],
            "network": ["Versiti / ABC", "somebody new"],
        }
    )
    frame = facts.blood_centers(raw).set_index("id")
    assert frame.loc["BC2", list(facts.ROLES)].tolist() == [True, False, True] + [False] * 4
    assert frame.loc["BC1", list(facts.ROLES)].tolist() == [False] * 5 + [True, True]
    assert frame["network_group"].to_dict() == {"BC1": "independent or other", "BC2": "Versiti"}


def test_every_network_of_the_curated_file_has_a_group():
    assert set(facts.read_fact("blood_centers")["network"]) <= set(facts.NETWORK_GROUPS)


def test_every_role_of_the_curated_file_is_known():
    roles = facts.read_fact("blood_centers")["roles"].str.split(r"\s*;\s*", regex=True).explode()
    assert set(roles) == {*facts.ROLES.values(), "reference lab", "mobile"}


def test_evidence_of_removed_sites_is_left_out():
    raw = pd.DataFrame(
        {
            "id": ["B", "A", "gone", "A"],
            "claim": ["x", "y", "x", "x"],
            "source_url": "u",
            "note": "n",
        }
    )
    kept = facts.evidence(raw, pd.DataFrame({"id": ["A", "B"]}))
    assert kept[["id", "claim"]].to_numpy().tolist() == [["A", "x"], ["A", "y"], ["B", "x"]]


def test_each_published_figure_has_an_id_of_its_own():
    frame = facts.validation_studies(facts.read_fact("validation_studies"))
    assert frame["row_id"].is_unique
    assert frame["row_id"].iloc[0] == "delamater2016_adult__share_within_30_min"


def test_references_are_sorted_and_years_are_numbers():
    frame = facts.method_references(facts.read_fact("method_references"))
    assert frame["key"].is_monotonic_increasing
    assert frame.set_index("key")["year"]["toregas_1971"] == 1971


def test_hospital_counts_keep_the_order_of_the_file():
    raw = pd.DataFrame({"label": ["all", "acute"], "hospitals": ["20", "5"]})
    assert facts.hospital_denominators(raw)["hospitals"].tolist() == [20, 5]


def test_referral_regions_are_sorted_by_number_not_by_text():
    raw = pd.DataFrame({"hrr": ["10", "9", "100"], "city": ["b", "a", "c"]})
    assert facts.hrr_names(raw)["city"].tolist() == ["a", "b", "c"]


def test_numbers_are_read_as_the_catalogue_says():
    raw = pd.DataFrame(
        {"indication": ["x"] * 2, "fraction_low": ["0.5", None], "base_count_us": ["10", None]}
    )
    fields = tuple(f for f in DATASETS["eligibility"].fields if f.name in raw)
    frame = facts.with_numbers(raw, replace(DATASETS["eligibility"], fields=fields))
    assert frame["fraction_low"].tolist()[0] == 0.5
    assert frame["base_count_us"].dtype == "Int64"
    assert frame["base_count_us"].isna().tolist() == [False, True]
    assert frame["indication"].tolist() == ["x", "x"]


def test_assumptions_of_expected_patients_say_that_they_are():
    frame = facts.read_fact("demand_assumptions")
    assert set(frame["evidence"]) == {"recall"}
    assert set(frame["source"]) == {"assumption"}
