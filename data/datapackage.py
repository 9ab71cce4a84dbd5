"""`datapackage.json`: the catalogue and the files' checksums in Frictionless' words."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from data.catalogue import DATASETS
from data.errors import IntegrityError
from data.fetch import sha256
from data.fields import Dataset, Field
from data.sources import SOURCES, Licence

FILE_NAME: Final = "datapackage.json"
PROFILE: Final = "https://specs.frictionlessdata.io/schemas/data-package.json"


def describe(folder: Path) -> dict[str, Any]:
    """Describe the tables in a folder.

    Parameters
    ----------
    folder : Path
        Holds the file of every dataset of the catalogue.

    Returns
    -------
    dict
        A Data Package with one resource for each table.
    """
    licences = {entry.licence.name: entry.licence for entry in DATASETS.values()}
    return {
        "$schema": PROFILE,
        "profile": "data-package",
        "name": "bcar-access-atlas",
        "title": "BCAR Access Atlas: access to advanced cell and gene therapy in the US",
        "licenses": [_licence(licences[name]) for name in sorted(licences)],
        "sources": [_source(key) for key in sorted(SOURCES)],
        "resources": [_resource(entry, folder) for entry in DATASETS.values()],
    }


def write_datapackage(folder: Path) -> Path:
    """Write `datapackage.json` for the tables in a folder.

    Parameters
    ----------
    folder : Path
        Holds the file of every dataset of the catalogue.

    Returns
    -------
    Path
        The file.
    """
    path = folder / FILE_NAME
    text = json.dumps(describe(folder), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


@lru_cache(maxsize=8)
def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each table, as `datapackage.json` records it.

    Parameters
    ----------
    folder : Path
        Folder of tables.

    Returns
    -------
    dict of str to str
        Keyed by dataset name.

    Raises
    ------
    IntegrityError
        The file is missing or no Data Package.
    """
    path = folder / FILE_NAME
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        return {
            resource["name"]: resource["hash"].removeprefix("sha256:")
            for resource in package["resources"]
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path.name} cannot be read ({error}): rebuild with `python -m data.build`"
        raise IntegrityError(msg) from error


def _licence(licence: Licence) -> dict[str, str]:
    return {"name": licence.name, "title": licence.title, "path": licence.url}


def _source(key: str) -> dict[str, str]:
    source = SOURCES[key]
    version = {"version": source.version} if source.version else {}
    return {"title": source.title, "path": source.url, **version, "attribution": source.attribution}


def _resource(entry: Dataset, folder: Path) -> dict[str, Any]:
    path = folder / entry.file_name
    return {
        "name": entry.name,
        "title": entry.title,
        "description": entry.description,
        "path": entry.file_name,
        "profile": "data-resource",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "vintage": entry.vintage,
        "derived": entry.derived,
        "quality": list(entry.quality),
        "licenses": [_licence(entry.licence)],
        "sources": [_source(key) for key in entry.sources],
        "schema": table_schema(entry),
    }


def table_schema(entry: Dataset) -> dict[str, Any]:
    """Describe the columns of a table in the words of Table Schema.

    Parameters
    ----------
    entry : Dataset
        Catalogue entry.

    Returns
    -------
    dict
        A Table Schema; `unit`, `quality` and `rules` are extensions.
    """
    schema: dict[str, Any] = {"fields": [_field(field) for field in entry.fields]}
    if entry.primary_key:
        schema["primaryKey"] = list(entry.primary_key)
    if entry.foreign_keys:
        schema["foreignKeys"] = [
            {"fields": key.field, "reference": {"resource": key.table, "fields": key.reference}}
            for key in entry.foreign_keys
        ]
    if entry.rules:
        schema["rules"] = list(entry.rules)
    return schema


def _field(field: Field) -> dict[str, Any]:
    constraints = {
        "required": field.required or None,
        "unique": field.unique or None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": field.pattern or None,
        "enum": list(field.enum) or None,
    }
    described = {
        "name": field.name,
        "type": "any" if field.type == "geometry" else field.type,
        "format": "wkb" if field.type == "geometry" else None,
        "description": field.description,
        "unit": field.unit or None,
        "quality": field.quality or None,
        "constraints": {key: value for key, value in constraints.items() if value is not None},
    }
    return {key: value for key, value in described.items() if value is not None}
