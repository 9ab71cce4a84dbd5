"""Tables of one region as a reader sees them."""

import numpy as np
import pandas as pd
import pytest

from dashboard import places, region_tables
from dashboard.places import Index
from dashboard.state import Selection, parse
from data import load

BAND = {"share_beyond": [0.25, 0.5], "share_low": [0.7, 0.4], "share_high": [0.8, 0.6]}


def test_region_beside_its_state() -> None:
    frame = pd.DataFrame(
        {"label": ["Here", "Texas"], "population": [1_000.0, 40.0], "beyond": [250.0, 20.0]} | BAND
    ).assign(median=[61.2, np.inf])
    shown = region_tables.compared(frame, Selection())
    assert shown["People"].tolist() == ["1,000", "40"]
    assert shown["90% band"].tolist() == ["20.0% to 30.0%", "40.0% to 60.0%"]
    assert shown["Half live within"].tolist() == ["61 min", "no road"]


def test_a_breakdown_is_named_once() -> None:
    frame = pd.DataFrame(
        {"by": ["age", "age"], "label": ["a", "b"], "population": [5.0, 6.0], "beyond": [1.0, 3.0]}
        | BAND
    ).assign(nation_share_beyond=[0.1, np.nan])
    shown = region_tables.groups(frame)
    assert shown["By"].tolist() == ["Age group", ""]
    assert shown["Nation"].tolist() == ["10.0%", "no data"]


def test_own_facilities_have_no_evidence_words() -> None:
    shown = region_tables.treatment(pd.DataFrame({"id": ["A"], "name": ["Mine"]}))
    assert shown.to_numpy().tolist() == [["Mine", "", "", "your own"]]


def test_blood_centres_that_collect_cells_come_first() -> None:
    shown = region_tables.blood(load.blood_centers())
    assert shown["Roles"].iloc[0].count("cell-therapy/HPC collection") == 1
    assert len(shown) == 530


def test_ranking_leaves_out_a_median_without_a_road() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "median_minutes": [30.0, np.inf]} | BAND)
    shown = region_tables.ranking(frame, "minutes")
    assert shown["percent_beyond"].tolist() == [25.0, 50.0]
    assert shown["median"].isna().tolist() == [False, True]


@pytest.fixture(scope="module")
def index() -> Index:
    return places.index_of_all(
        load.zcta(),
        load.places(),
        load.counties(),
        load.hrr_names(),
        load.treatment_centers(),
        load.blood_centers(),
    )


def test_every_name_that_is_offered_may_stand_in_the_url(index: Index) -> None:
    refused = [
        match.label for match in index.names.matches if parse({"near": match.label}).problems
    ]
    assert refused == []
