"""Files: readable back, with provenance inside, harmless in a spreadsheet program."""

import io
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboard.exports import (
    DANGEROUS,
    PROVENANCE_COLUMNS,
    Layer,
    Provenance,
    Table,
    csv_bytes,
    file_name,
)
from dashboard.exports_book import MAX_ROWS, xlsx_bytes
from dashboard.exports_layer import geojson_bytes, geoparquet_bytes

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


def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_names_of_columns_start_no_formula_either() -> None:
    found = read(csv_bytes(pd.DataFrame({"=cmd()": [1]}), STAMP))
    assert found.columns[0] == "'=cmd()"


def test_workbook_keeps_types_and_says_where_it_is_from() -> None:
    frame = pd.DataFrame(
        {"name": ["Doña Ana", None], "n": [-3, 4], "x": [1.5, np.nan], "far": [np.inf, 2.0],
         "flag": [True, False]}
    )  # fmt: skip
    found = book(Table(lambda: frame, STAMP).linked("https://a.example/gaps?x=1").xlsx())
    assert found.sheetnames == ["Data", "About"]
    rows = list(found["Data"].iter_rows(values_only=True))
    assert rows == [
        ("name", "n", "x", "far", "flag"),
        ("Doña Ana", -3, 1.5, "unreachable", True),
        (None, 4, None, 2, False),
    ]
    about = dict(found["About"].iter_rows(values_only=True))
    assert about["Source"] == "Census"
    assert about["Tables"] == "abc123"
    assert about["Link"] == "https://a.example/gaps?x=1"


@given(st.lists(printable.filter(lambda text: len(text) < 200), min_size=1, max_size=6))
def test_a_workbook_holds_no_formula(cells: list[str]) -> None:
    found = book(xlsx_bytes(pd.DataFrame({"=t": cells}, dtype=object), STAMP))["Data"]
    for row, before in enumerate(cells, start=2):
        cell = found.cell(row, 1)
        assert cell.data_type in ("s", "n" if before == "" else "s")
        assert (cell.value or "") == before
    assert found.cell(1, 1).data_type == "s"


def test_too_many_rows_are_refused_with_advice() -> None:
    with pytest.raises(ValueError, match="take the CSV file"):
        xlsx_bytes(pd.DataFrame({"a": np.zeros(MAX_ROWS + 1)}), STAMP)


LAYER = gpd.GeoDataFrame(
    {"name": ["=1+1", "b", "Mayagüez"], "minutes": [30.5, np.inf, np.nan]},
    geometry=[shapely.box(-100, 40, -99, 41), shapely.Point(-90.123456789, 35), shapely.Polygon()],
    crs="EPSG:4326",
)


def test_geojson_round_trip(tmp_path: Path) -> None:
    content = Layer(lambda: LAYER, STAMP).linked("https://a.example/map").geojson()
    path = tmp_path / "layer.geojson"
    path.write_bytes(content)
    found = gpd.read_file(path)
    assert found.crs.to_epsg() == 4326
    assert found["name"].tolist() == ["=1+1", "b", "Mayagüez"]
    assert found["minutes"].isna().tolist() == [False, True, True]
    assert found.geometry[0].equals(LAYER.geometry[0])
    assert found.geometry[1].x == -90.12346
    assert found.geometry[2] is None
    assert set(found["atlas_view"]) == {"https://a.example/map"}
    assert json.loads(content)["atlas"]["atlas_source"] == "Census"


def test_geoparquet_round_trip() -> None:
    content = geoparquet_bytes(LAYER, STAMP)
    found = gpd.read_parquet(io.BytesIO(content))
    assert found.crs.to_epsg() == 4326
    assert found.geometry.geom_equals(LAYER.geometry).tolist()[:2] == [True, True]
    assert found["minutes"].tolist()[:2] == [30.5, np.inf]
    assert set(found["atlas_vintage"]) == {"2022"}
    metadata = pq.read_schema(io.BytesIO(content)).metadata
    assert metadata[b"atlas_dataset"] == b"abc123"
    assert json.loads(metadata[b"geo"])["primary_column"] == "geometry"


def test_an_empty_layer_is_a_layer(tmp_path: Path) -> None:
    path = tmp_path / "none.geojson"
    path.write_bytes(geojson_bytes(LAYER.head(0), STAMP))
    assert len(gpd.read_file(path)) == 0
