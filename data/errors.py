"""Errors of the data layer; each lists every problem found, not only the first."""

from geo.errors import AtlasError, InputError

__all__ = [
    "AtlasError",
    "BuildError",
    "DataError",
    "IntegrityError",
    "SchemaError",
    "UnknownDatasetError",
    "UserFileError",
]


class DataError(InputError):
    """Base of the data layer's errors; `problems` lists all of them."""


class SchemaError(DataError):
    """A table breaks its schema: each problem names table, column, rule, rows and an example."""


class IntegrityError(DataError):
    """A table is missing, or its bytes are not those that `datapackage.json` describes."""


class UnknownDatasetError(DataError, KeyError):
    """No dataset of this name is in the catalogue."""

    # KeyError would print the message as a quoted representation.
    __str__ = Exception.__str__


class UserFileError(DataError):
    """A user's own file cannot be used as it is; each problem names its row."""


class BuildError(DataError):
    """A source could not be fetched, or is not what the build expects."""
