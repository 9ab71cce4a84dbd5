"""Sizes of the four-area country of conftest.py."""

import numpy as np

from geo.units import EARTH_RADIUS_KM

DEGREE_KM = EARTH_RADIUS_KM * np.pi / 180
DEGREE_MINUTES = DEGREE_KM / 80 * 60
