"""Who has a slot today, counted by hand, and the assumptions that two pages share."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard import patients, plan_slots, plan_state, slots
from dashboard.patients import Patients
from dashboard.queries import Rows
from data import load


@pytest.fixture
def sick() -> Patients:
    """8 and 6 adult patients of two areas, 4 and 20 children."""
    one = replace(patients.TODAY[0], key="dlbcl", label="dlbcl")
    counts = {
        "adult": np.array([[[8.0, 6.0]] * 3]),
        "pediatric": np.array([[[4.0, 20.0]] * 3]),
    }
    return Patients((one,), counts, (), np.zeros((1, 3)))


def share(sick: Patients, ages: str) -> list[float]:
    """One centre for adults with 10 slots, one for children with 15."""
    centres = pd.DataFrame(
        {
            "id": ["a", "c"],
            "name": ["Adults", "Children"],
            "lat": [0.0, 0.0],
            "lon": [0.0, 1.0],
            "beds": [20.0, 100.0],
            "treats_adults": [True, False],
            "treats_children": [False, True],
        }
    )
    minutes = np.array([[0.0, 50.0], [70.0, 10.0]], np.float32)
    table = load.slot_assumptions()
    return plan_slots.share_with_slot(minutes, centres, sick, ages, table, 60.0).tolist()


def test_centres_take_the_nearest_of_those_they_treat(sick: Patients) -> None:
    # The 8 adults at the door and 2 of the other 6; children of the first area live too far away.
    assert share(sick, "all") == pytest.approx([1, 2 / 6, 0, 15 / 20])
    assert share(sick, "adult") == pytest.approx([1, 2 / 6, 0, 0])


def test_rows_take_the_share_of_their_area_and_age(rows: Rows) -> None:
    found = plan_slots.of_rows(np.arange(8) / 10, rows)
    expected = [
        (0 if adult else 0.4) + area / 10 for adult, area in zip(rows.adult, rows.area, strict=True)
    ]
    assert found.tolist() == pytest.approx(expected)


def test_a_new_site_has_the_slots_of_the_table() -> None:
    assumed = slots.assumption(load.slot_assumptions(), "new_site")
    assert plan_state.DEFAULT.patient_capacity == assumed
