"""CSV: readable back, with provenance on each row, harmless in a spreadsheet program."""

import io

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.exports import DANGEROUS, PROVENANCE_COLUMNS, Provenance, csv_bytes, file_name

STAMP = Provenance("Census", "2022", "abc123", "within=90")
printable = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\x85\u2028\u2029"
    )
)


def read(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_first_line_is_the_header_and_every_row_has_its_provenance() -> None:
    found = read(csv_bytes(pd.DataFrame({"a": [1, 2]}), STAMP))
    assert list(found.columns) == ["a", *PROVENANCE_COLUMNS]
    assert (found["atlas_source"] == "Census").all()
    assert (found["atlas_view"] == "within=90").all()


def test_an_empty_table_keeps_its_header() -> None:
    assert read(csv_bytes(pd.DataFrame({"a": []}), STAMP)).columns[0] == "a"


def test_own_source_column_stays() -> None:
    found = read(csv_bytes(pd.DataFrame({"source": ["page"], "vintage": ["2020"]}), STAMP))
    assert found["source"].tolist() == ["page"]
    assert found["atlas_source"].tolist() == ["Census"]


def test_numbers_stay_numbers_and_missing_stays_empty() -> None:
    frame = pd.DataFrame({"x": [-1.5, np.nan], "n": [-3, 4], "flag": [True, False]})
    found = read(csv_bytes(frame, STAMP))
    assert found["x"].tolist() == ["-1.5", ""]
    assert found["n"].tolist() == ["-3", "4"]
    assert found["flag"].tolist() == ["True", "False"]


def test_names_survive_as_utf8() -> None:
    content = csv_bytes(pd.DataFrame({"name": ["Mayagüez", "Doña Ana"]}), STAMP)
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content)["name"].tolist() == ["Mayagüez", "Doña Ana"]


@given(st.lists(printable, min_size=1, max_size=6))
def test_no_text_cell_starts_a_formula_and_the_text_is_kept(cells: list[str]) -> None:
    found = read(csv_bytes(pd.DataFrame({"t": cells}, dtype=object), STAMP))["t"].tolist()
    for before, after in zip(cells, found, strict=True):
        assert not after.startswith(DANGEROUS)
        assert after == (f"'{before}" if before.startswith(DANGEROUS) else before)


def test_geometry_is_left_out() -> None:
    frame = pd.DataFrame({"a": [1], "geometry": ["POINT (0 0)"]})
    assert "geometry" not in read(csv_bytes(frame, STAMP)).columns


@given(st.text(max_size=40), st.text(max_size=300))
def test_file_names_are_plain(stem: str, view: str) -> None:
    name = file_name(stem, view)
    assert name.endswith(".csv")
    assert len(name) <= 124
    assert "/" not in name
    assert " " not in name
