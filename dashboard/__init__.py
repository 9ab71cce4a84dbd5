"""Composition: the layer that joins data and geo and draws them."""

import os
from pathlib import Path

# Where compiled loops are kept. Their library asks when it is first imported, after this. Where
# the folder may not be written, it takes another, or none: see `geo.compiled`.
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(__file__).resolve().parent.parent / ".cache" / "compiled")
)
