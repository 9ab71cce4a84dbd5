"""Checks of a table against its catalogue entry, with every problem in one list.

pandera does the checking. Importing it takes about a second, so it is imported only when a table
is really checked (see `data.load`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.errors import SchemaError
from data.fields import Dataset, Field
from geo.crs import GEOGRAPHIC_CRS

if TYPE_CHECKING:
    import pandera.pandas as pa

_LONGEST_EXAMPLE: Final = 60


def validate(frame: pd.DataFrame, dataset: Dataset) -> None:
    """Refuse a table that breaks its schema.

    Parameters
    ----------
    frame : DataFrame
        The table.
    dataset : Dataset
        Its catalogue entry.

    Raises
    ------
    SchemaError
        Lists every broken rule with table, column, rule, number of rows and an example.
    """
    problems = problems_in(frame, dataset)
    if problems:
        raise SchemaError(problems)


def problems_in(frame: pd.DataFrame, dataset: Dataset) -> list[str]:
    """List what is wrong with a table.

    Parameters
    ----------
    frame : DataFrame
        The table.
    dataset : Dataset
        Its catalogue entry.

    Returns
    -------
    list of str
        One sentence for each column and broken rule; empty when all is well.
    """
    import pandera.errors  # noqa: PLC0415

    try:
        _pandera_schema(frame, dataset).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        return _sentences(error.failure_cases, dataset.name)
    return []


def problems_between(frames: Mapping[str, pd.DataFrame], datasets: Sequence[Dataset]) -> list[str]:
    """List links between tables that lead nowhere.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Tables by name.
    datasets : sequence of Dataset
        Entries to check; a link to a table that is not in `frames` is a problem too.

    Returns
    -------
    list of str
        One sentence for each broken link.
    """
    problems = []
    for dataset in datasets:
        for key in dataset.foreign_keys:
            label = f"{dataset.name}.{key.field}"
            if key.table not in frames:
                problems.append(f"{label}: table {key.table} is missing")
                continue
            values = frames[dataset.name][key.field].dropna()
            lost = values[~values.isin(frames[key.table][key.reference])]
            if len(lost):
                problems.append(
                    f"{label}: not in {key.table}.{key.reference} in {len(lost):,} rows, "
                    f"for example {lost.iloc[0]!r}"
                )
    return problems


def _pandera_schema(frame: pd.DataFrame, dataset: Dataset) -> "pa.DataFrameSchema":
    import pandera.pandas as pa  # noqa: PLC0415

    present = set(frame.columns)
    rules = [
        pa.Check(lambda table, rule=rule: table.eval(rule, engine="python"), error=rule)
        for rule in dataset.rules
        if all(name not in rule or name in present for name in dataset.columns)
    ]
    key = list(dataset.primary_key)
    if key and present.issuperset(key):
        rules.append(
            pa.Check(
                lambda table: ~table.duplicated(subset=key, keep=False),
                error=f"unique {', '.join(key)}",
            )
        )
    return pa.DataFrameSchema(
        {field.name: _pandera_column(field) for field in dataset.fields},
        checks=rules,
        strict=True,
    )


def _pandera_column(field: Field) -> "pa.Column":
    import pandera.pandas as pa  # noqa: PLC0415

    kind: Any = pd.api.types
    accepts = {
        "string": kind.is_string_dtype,
        "integer": kind.is_integer_dtype,
        "number": kind.is_numeric_dtype,
        "boolean": kind.is_bool_dtype,
        "geometry": lambda dtype: str(dtype) == "geometry",
    }[field.type]
    checks = [pa.Check(lambda series: bool(accepts(series.dtype)), error=f"type {field.type}")]
    if field.minimum is not None:
        checks.append(_value_check(lambda s: s >= field.minimum, f">= {field.minimum:g}"))
    if field.maximum is not None:
        checks.append(_value_check(lambda s: s <= field.maximum, f"<= {field.maximum:g}"))
    if field.pattern:
        checks.append(
            _value_check(lambda s: s.str.fullmatch(field.pattern), f"pattern {field.pattern}")
        )
    if field.enum:
        checks.append(_value_check(lambda s: s.isin(field.enum), f"one of {', '.join(field.enum)}"))
    if field.type == "geometry":
        checks.append(pa.Check(_is_geographic, error=f"CRS {GEOGRAPHIC_CRS}"))
        checks.append(_value_check(_valid, "valid geometry"))
        checks.append(_value_check(_not_empty, "not empty"))
    return pa.Column(nullable=not field.required, unique=field.unique, checks=checks)


def _value_check(rule: Callable[[pd.Series], Any], label: str) -> "pa.Check":
    """Check values one by one; missing ones are the business of `required` alone."""
    import pandera.pandas as pa  # noqa: PLC0415

    return pa.Check(rule, error=label, ignore_na=True)


def _is_geographic(series: pd.Series) -> bool:
    crs = gpd.GeoSeries(series).crs
    return crs is not None and bool(crs.equals(GEOGRAPHIC_CRS, ignore_axis_order=True))


def _valid(series: pd.Series) -> pd.Series:
    return pd.Series(shapely.is_valid(series.to_numpy()), index=series.index)


def _not_empty(series: pd.Series) -> pd.Series:
    return pd.Series(~shapely.is_empty(series.to_numpy()), index=series.index)


_RULE_WORDS: Final = {
    "column_in_dataframe": "column is missing",
    "column_in_schema": "column is not in the schema",
    "not_nullable": "missing values",
    "field_uniqueness": "unique",
}


def _sentences(cases: pd.DataFrame, table: str) -> list[str]:
    """Turn pandera's failure cases into one sentence for each column and rule."""
    about_table = cases["check"].isin(["column_in_dataframe", "column_in_schema"])
    whole_row = cases["schema_context"].eq("DataFrameSchema") & ~about_table
    column = cases["column"].where(~about_table, cases["failure_case"].astype(str))
    column = column.where(~whole_row, "rows").astype(str)
    wrong_type = set(column[cases["check"].astype(str).str.startswith("type ")])
    problems = []
    for key, group in cases.groupby([column, cases["check"].astype(str)], sort=False):
        name, rule = map(str, key)
        words = _RULE_WORDS.get(rule, rule)
        if name in wrong_type and not rule.startswith("type "):
            continue  # comparing values of the wrong type only repeats the same problem
        index = group["index"].dropna()
        if not len(index):
            problems.append(f"{table}.{name}: {words}")
            continue
        rows = index.nunique()
        example = "" if whole_row[group.index].any() else f" = {_shown(group)}"
        problems.append(
            f"{table}.{name}: rule `{words}` broken in {rows:,} row{'s' if rows > 1 else ''}, "
            f"for example row {index.iloc[0]}{example}"
        )
    return problems


def _shown(group: pd.DataFrame) -> str:
    value = group["failure_case"].iloc[0]
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[:_LONGEST_EXAMPLE]}…"
