import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, Polygon

from data.errors import SchemaError
from data.fields import Dataset, Field, ForeignKey
from data.schema import problems_between, problems_in, validate
from data.sources import MIT


def dataset(*fields, **rest):
    return Dataset(
        name="towns",
        title="Towns",
        description="Towns.",
        sources=("facts",),
        vintage="2026",
        licence=MIT,
        derived="By hand.",
        fields=fields,
        **{"primary_key": (), **rest},
    )


TOWNS = dataset(
    Field(name="code", type="string", description="Code", unique=True, pattern=r"\d{2}"),
    Field(name="people", type="integer", description="People", minimum=0, maximum=1_000),
    Field(name="share", type="number", description="Share", required=False, minimum=0, maximum=1),
    Field(name="kind", type="string", description="Kind", enum=("city", "village")),
    Field(name="open", type="boolean", description="Open"),
    primary_key=("code",),
    rules=("people > share",),
)
GOOD = pd.DataFrame(
    {
        "code": ["01", "02", "03"],
        "people": [10, 20, 30],
        "share": [0.5, None, 1.0],
        "kind": ["city", "city", "village"],
        "open": [True, False, True],
    }
)


def test_a_good_table_passes():
    validate(GOOD.fillna({"share": 0.0}), TOWNS)


def test_one_error_lists_every_problem():
    bad = pd.DataFrame(
        {
            "code": ["01", "01", "3"],
            "people": [-1, 5_000, 20],
            "share": [0.5, 2.0, 3.0],
            "kind": ["city", None, "farm"],
            "extra": [1, 2, 3],
        }
    )
    with pytest.raises(SchemaError) as caught:
        validate(bad, TOWNS)
    assert set(caught.value.problems) == {
        "towns.open: column is missing",
        "towns.extra: column is not in the schema",
        "towns.code: rule `unique` broken in 2 rows, for example row 0 = '01'",
        r"towns.code: rule `pattern \d{2}` broken in 1 row, for example row 2 = '3'",
        "towns.people: rule `>= 0` broken in 1 row, for example row 0 = -1",
        "towns.people: rule `<= 1000` broken in 1 row, for example row 1 = 5000",
        "towns.share: rule `<= 1` broken in 2 rows, for example row 1 = 2.0",
        "towns.kind: rule `missing values` broken in 1 row, for example row 1 = nan",
        "towns.kind: rule `one of city, village` broken in 1 row, for example row 2 = 'farm'",
        "towns.rows: rule `people > share` broken in 1 row, for example row 0",
        "towns.rows: rule `unique code` broken in 2 rows, for example row 0",
    }
    assert str(caught.value).count("\n") == 10


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("people", [1.0, 2.0, 3.0], "integer"),
        ("people", ["1", "2", "3"], "integer"),
        ("share", ["0.1", "0.2", "0.3"], "number"),
        ("code", [1, 2, 3], "string"),
        ("open", [0, 1, 0], "boolean"),
    ],
)
def test_a_wrong_type_is_one_problem_of_its_column(column, values, kind):
    problems = problems_in(GOOD.fillna({"share": 0.0}).assign(**{column: values}), TOWNS)
    assert [p for p in problems if p.startswith(f"towns.{column}:")] == [
        f"towns.{column}: type {kind}"
    ]


AREAS = dataset(Field(name="geometry", type="geometry", description="Outline"))
BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def test_geometries_must_be_valid_present_and_in_degrees():
    areas = gpd.GeoDataFrame(geometry=[BOW_TIE, Polygon(), Point(0, 0).buffer(1)], crs="EPSG:3857")
    problems = problems_in(areas, AREAS)
    assert sorted(p.split(",")[0] for p in problems) == [
        "towns.geometry: CRS EPSG:4326",
        "towns.geometry: rule `not empty` broken in 1 row",
        "towns.geometry: rule `valid geometry` broken in 1 row",
    ]
    good = gpd.GeoDataFrame(geometry=[Point(0, 0).buffer(1)], crs="EPSG:4326")
    assert problems_in(good, AREAS) == []


def test_links_that_lead_nowhere():
    towns = dataset(
        Field(name="state", type="string", description="State", required=False),
        foreign_keys=(
            ForeignKey(field="state", table="states", reference="code"),
            ForeignKey(field="state", table="nowhere", reference="code"),
        ),
    )
    frames = {
        "towns": pd.DataFrame({"state": ["TX", "XX", None, "YY"]}),
        "states": pd.DataFrame({"code": ["TX", "OK"]}),
    }
    assert problems_between(frames, [towns]) == [
        "towns.state: not in states.code in 2 rows, for example 'XX'",
        "towns.state: table nowhere is missing",
    ]
