"""Sorting by counting must give what comparing gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.order import ascending

NUMBERS = st.floats(allow_nan=False, allow_infinity=True)
NEAR = st.sampled_from([60.0, np.nextafter(60.0, 61.0), np.nextafter(60.0, 59.0), 0.0, -0.0])


@given(arrays(np.float64, st.integers(0, 60), elements=NUMBERS | NEAR))
def test_same_as_a_stable_comparing_sort(values):
    assert ascending(values).tolist() == np.argsort(values, kind="stable").tolist()


@pytest.mark.parametrize("decimals", [0, 3, 12])
def test_many_travel_times(decimals):
    values = np.random.default_rng(7).gamma(2, 40, 20_000).round(decimals)
    values[::50] = np.inf
    assert ascending(values).tolist() == np.argsort(values, kind="stable").tolist()
