"""The vocabulary of the catalogue: what a field and a dataset are."""

from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

from data.sources import Licence

FieldType = Literal["string", "integer", "number", "boolean", "geometry"]
Storage = Literal["", "int8", "int16", "int32", "float32"]

_ARROW: Final[dict[FieldType, pa.DataType]] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "geometry": pa.binary(),
}
_ARROW_STORAGE: Final[dict[str, pa.DataType]] = {
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "float32": pa.float32(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of a table, with every rule that its values obey.

    Parameters
    ----------
    name : str
        Column name; carries the unit where there is one.
    type : {"string", "integer", "number", "boolean", "geometry"}
        Type in the sense of Table Schema.
    description : str
        What it says, for a reader.
    unit : str
        Unit in words, empty for none.
    required : bool
        Missing values are not allowed.
    unique : bool
        No value occurs twice.
    minimum, maximum : float or None
        Bounds, both allowed.
    pattern : str
        Regular expression that the whole text matches.
    enum : tuple of str
        The only values allowed.
    storage : str
        Narrower storage than the default 64 bits.
    quality : str
        Known weakness, for the Data page.
    """

    name: str
    type: FieldType
    description: str
    unit: str = ""
    required: bool = True
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    enum: tuple[str, ...] = ()
    storage: Storage = ""
    quality: str = ""

    @property
    def arrow(self) -> pa.Field:
        """Column of the Parquet file."""
        kind = _ARROW_STORAGE[self.storage] if self.storage else _ARROW[self.type]
        return pa.field(self.name, kind, nullable=not self.required)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """Values of `field` occur in `reference` of another table (missing values are allowed)."""

    field: str
    table: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One committed table.

    Parameters
    ----------
    name : str
        Name of the table; its file is ``<name>.parquet``.
    title, description : str
        For a reader.
    sources : tuple of str
        Keys of `data.sources.SOURCES`.
    vintage : str
        The time that the values describe.
    licence : Licence
        Terms of this table, the strictest of its sources.
    derived : str
        How it is made of its sources.
    fields : tuple of Field
        Columns in order.
    primary_key : tuple of str
        Columns that identify a row.
    rules : tuple of str
        Expressions over the columns that hold in every row (syntax of `DataFrame.eval`).
    foreign_keys : tuple of ForeignKey
        Links to other tables.
    quality : tuple of str
        Known weaknesses, one sentence each.
    """

    name: str
    title: str
    description: str
    sources: tuple[str, ...]
    vintage: str
    licence: Licence
    derived: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    rules: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    quality: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """Name of the file in the folder of tables."""
        return f"{self.name}.parquet"

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return [field.name for field in self.fields]

    @property
    def has_geometry(self) -> bool:
        """Whether this is a GeoParquet file."""
        return any(field.type == "geometry" for field in self.fields)

    @property
    def arrow_schema(self) -> pa.Schema:
        """Explicit schema of the Parquet file."""
        return pa.schema([field.arrow for field in self.fields])
