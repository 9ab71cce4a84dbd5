"""A country of four areas on the equator, small enough to count on fingers.

One degree of longitude on the equator is 111.2 km, that is 83.4 minutes at 80 km/h in a straight
line. Areas A, B, C, D lie at 0, 1, 2 and 10 degrees east; one hospital for adults stands at A, one
for children at C. So, in degrees to the nearest hospital that treats them:

==== ====== ======== ======= ==========
area adults children adults' children's
==== ====== ======== ======= ==========
A    100    10       0       2
B    200    20       1       1
C    300    30       2       0
D    400    40       10      8
==== ====== ======== ======= ==========

B lies in two counties: a quarter of its people in county 01001, the rest in 01003.
"""

import signal

import numpy as np
import pandas as pd
import pytest

from dashboard.queries import Areas, Rows, nearest_for, points_of, stack_rows
from dashboard.services import cache
from geo.travel import StraightLine


@pytest.fixture(autouse=True, scope="module")
def _own_caches() -> None:
    """No file sees what another has cached."""
    cache.clear()


@pytest.fixture
def areas() -> Areas:
    adults = np.array([100.0, 200.0, 300.0, 400.0])
    children = adults / 10
    frame = pd.DataFrame(
        {
            "zcta": ["00001", "00002", "00003", "00004"],
            "lat": 0.0,
            "lon": [0.0, 1.0, 2.0, 10.0],
            "state": ["AL", "AL", "AL", "WY"],
            "city": ["Aville", "Bville", "Cville", "Dville"],
            "cbsa_code": ["10000", "10000", None, None],
            "cbsa_name": ["Metro", "Metro", None, None],
            "hrr": ["1", "2", "2", None],
            "region": ["South", "South", "South", "West"],
            "rurality": ["urban", "urban", "rural", "rural"],
            "median_household_income_usd": [90_000.0, 70_000.0, 50_000.0, np.nan],
            "poverty_share": [0.1, 0.2, 0.3, np.nan],
            "no_vehicle_share": [0.5, 0.0, 0.0, 0.0],
            "white_share": [0.5, 0.5, 0.5, 1.0],
            "black_share": [0.5, 0.0, 0.0, 0.0],
            "hispanic_share": [0.0, 0.5, 0.5, 0.0],
            "asian_share": 0.0,
            "native_american_share": 0.0,
            "pacific_islander_share": 0.0,
            "other_or_multiple_share": 0.0,
            "age_under_18_share": 1 / 11,
            "age_18_24_share": 1 / 11,
            "age_65_plus_share": 4 / 11,
        }
    )
    pairs = pd.DataFrame(
        {
            "area": [0, 1, 1, 2, 3],
            "county_fips": ["01001", "01001", "01003", "01003", "56001"],
            "adult": [100.0, 50.0, 150.0, 300.0, 400.0],
            "pediatric": [10.0, 5.0, 15.0, 30.0, 40.0],
        }
    )
    return Areas(
        frame=frame,
        points=points_of(frame),
        persons={"adult": adults, "pediatric": children},
        spread_km=np.zeros(4),
        pairs=pairs,
    )


@pytest.fixture
def centres() -> pd.DataFrame:
    unknown = {"fact_accreditation": "unknown", "nmdp_center": "unknown", "til": "unknown"}
    rows = [
        {
            "id": "TC001", "name": "Adult hospital", "city": "Aville", "state": "AL",
            "lat": 0.0, "lon": 0.0, "ages_treated": "adult", "treats_adults": True,
            "treats_children": False, "hct": None, "car_t": "documented",
            "hemoglobinopathy_gene_therapy": "no", "confidence": "high", "ccn": "010001",
        },
        {
            "id": "TC002", "name": "Children's hospital", "city": "Cville", "state": "AL",
            "lat": 0.0, "lon": 2.0, "ages_treated": "pediatric", "treats_adults": False,
            "treats_children": True, "hct": "allo+auto", "car_t": "believed",
            "hemoglobinopathy_gene_therapy": "documented", "confidence": "high", "ccn": "010002",
        },
        {
            "id": "TC003", "name": "Doubtful hospital", "city": "Dville", "state": "WY",
            "lat": 0.0, "lon": 10.0, "ages_treated": "adult+pediatric", "treats_adults": True,
            "treats_children": True, "hct": "auto", "car_t": "likely",
            "hemoglobinopathy_gene_therapy": "unknown", "confidence": "low", "ccn": None,
        },
    ]  # fmt: skip
    return pd.DataFrame([unknown | row for row in rows])


@pytest.fixture
def rows(areas: Areas, centres: pd.DataFrame) -> Rows:
    two = centres.iloc[:2]
    return stack_rows(areas, "all", lambda who: nearest_for(StraightLine(), areas, two, who))


@pytest.fixture
def heard():
    """Let Ctrl-C be heard, also where tests run in the background of a shell, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
