"""The commands `brief` and `export`: files without a browser."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dashboard import briefing_state, links, situations, url_fields
from dashboard.briefing_state import FINDINGS, BriefingSettings
from dashboard.exports import Layer, Table
from dashboard.journey_state import JourneySettings
from dashboard.patient_state import PatientSettings
from dashboard.services import (
    bands,
    briefing,
    catchments,
    comparison,
    coverage,
    deserts,
    engine,
    equity,
    journeys,
    maps,
    models,
    opportunity,
    patient_pages,
    prints,
    register,
    scores,
    trust,
)
from dashboard.state import Selection
from data.catalogue import DATASETS
from geo.errors import InputError

TABLES: Final[dict[str, tuple[str, Callable[[Selection], Any]]]] = {
    "areas": ("median travel by county", maps.areas_frame),
    "blood": ("blood centres", maps.blood_centres),
    "catchments": ("whom each treatment centre serves", catchments.file),
    "centres": ("treatment centres that count", engine.counted),
    "coverage-curve": ("share of people within each threshold", coverage.curve_frame),
    "deserts": ("treatment deserts", deserts.table),
    "equity-gaps": ("gaps between groups", equity.gaps),
    "equity-groups": ("median travel of every group", equity.spread),
    "hospitals": ("share of US hospitals that count", coverage.hospital_shares),
    "models": ("the three travel models", models.by_model),
    "opportunity": ("people beyond treatment near blood centres", opportunity.places),
    "opportunity-centres": ("blood centres by people beyond nearby", opportunity.candidates),
    "places": ("people beyond by state or county", coverage.places_frame),
    "scores": ("accessibility scores of ZIP areas", scores.areas_file),
}
"""Tables of the pages by name: what they hold, and what gives them."""


def brief(view: Selection, region: str, situation: str, findings: str, out: Path) -> str:
    """Write a briefing; returns what to print.

    Raises
    ------
    InputError
        Listing every problem of the arguments.
    """
    settings, shown = _settings(view, region, situation, findings)
    query = url_fields.query_string(shown.query() | settings.query())
    found = comparison.situation_of(settings.situation, shown, None) if settings.situation else None
    made = briefing.gather(settings, shown, found, links.reopen("briefing", query))
    kind = out.suffix.lower().removeprefix(".")
    written(out, briefing.files(made, (kind,))[kind])
    lines = [f"{out}: {made.title}", *(f"- {one.sentence}" for one in made.findings[1:])]
    return "\n".join([*lines, *made.cautions])


def _settings(
    view: Selection, region: str, situation: str, findings: str
) -> tuple[BriefingSettings, Selection]:
    problems = []
    chosen: tuple[str, ...] = ()
    try:
        chosen = briefing_state.read("findings", [findings])
    except ValueError as error:
        problems.append(f"--findings {error}")
    reference = ""
    try:
        reference = situations.read(situation)
    except ValueError as error:
        problems.append(f"--with {error}")
    if reference == situations.VIEW:
        problems.append("--with needs a link or a token: there is no page with a present plan here")
    if region.startswith(briefing.REGION):
        settings, shown = BriefingSettings("region"), replace(view, region=region)
    elif region == "US":
        settings, shown = BriefingSettings("national"), view
    else:
        settings, shown = BriefingSettings("state"), replace(view, state=region)
    if problems:
        raise InputError(problems)
    return replace(settings, findings=chosen, situation=reference), shown


def listing() -> str:
    """Name everything that can be exported."""
    lines = ["Tables of the pages, with the settings of the command (.csv, .xlsx):"]
    lines += [f"  {name:22} {what}" for name, (what, _) in TABLES.items()]
    lines += [f"  {name:22} {what}" for name, (what, _) in _MORE.items()]
    lines += ["Layers of the pages (.geojson, .parquet):"]
    lines += [f"  {name:22} {what}" for name, (what, _) in _LAYERS.items()]
    lines += ["Committed tables (.csv, .xlsx; with shapes also .geojson, .parquet):"]
    lines += [f"  {name:22} {entry.title}" for name, entry in DATASETS.items()]
    lines += ["", f"Findings of a briefing: {', '.join(FINDINGS)}"]
    return "\n".join(lines)


def export(view: Selection, name: str | None, out: Path | None) -> str:
    """Write a table or a layer; returns what to print."""
    known = [*TABLES, *_MORE, *_LAYERS, *DATASETS]
    problems = []
    if not name:
        problems.append("NAME is missing; --list names everything there is")
    elif name not in known:
        problems.append(f"there is no table or layer {name!r}; --list names everything there is")
    if out is None:
        problems.append("--out FILE is missing")
    if problems or name is None or out is None:
        raise InputError(problems)
    kind = out.suffix.lower().removeprefix(".")
    wanted = _layer(name, view) if kind in ("geojson", "parquet") else _table(name, view)
    if wanted is None:
        others = ".csv or .xlsx" if kind in ("geojson", "parquet") else ".geojson or .parquet"
        msg = f"{name} cannot be written as .{kind}; end the file in {others}"
        raise InputError(msg)
    linked = wanted.linked(links.reopen("", wanted.provenance.view))
    write = {"geojson": "geojson", "parquet": "geoparquet"}.get(kind, kind)
    written(out, getattr(linked, write)())
    return f"{out}: {name}"


def _table(name: str, view: Selection) -> Table | None:
    if name in TABLES:
        return engine.table_of(TABLES[name][1], view)
    if name in _MORE:
        return _MORE[name][1](view)
    return trust.committed(name) if name in DATASETS else None


def _layer(name: str, view: Selection) -> Layer | None:
    if name in _LAYERS:
        return _LAYERS[name][1](view)
    return trust.committed_layer(name) if name in DATASETS else None


def _map(view: Selection) -> Layer:
    from dashboard import map_spec  # noqa: PLC0415 - with the maps only

    key = map_spec.legend(view, blood=True)
    return Layer(lambda: prints.features(maps.full_map(view), key), engine.provenance(view))


def _deserts(view: Selection) -> Layer:
    from dashboard import deserts as deserts_of  # noqa: PLC0415 - with the maps only

    key = deserts_of.legend(view)
    return Layer(lambda: prints.features(deserts.map_of(view), key), engine.provenance(view))


def _patients(view: Selection) -> Table:
    return patient_pages.table_of(patient_pages.by_year, view, PatientSettings())


def _indications(view: Selection) -> Table:
    return patient_pages.table_of(patient_pages.by_indication, view, PatientSettings())


def _journeys(view: Selection) -> Table:
    settings = JourneySettings()
    return journeys.table_of(lambda: journeys.report(view, settings).comparison, view, settings)


def _gaps(view: Selection) -> Table:  # noqa: ARG001 - as every table
    return register.table_of(register.gaps())


_MORE: Final[dict[str, tuple[str, Callable[[Selection], Table]]]] = {
    "journeys": ("what courses of care take of patients", _journeys),
    "patients-by-year": ("patients a year to 2035", _patients),
    "patients-by-disease": ("patients of a year by disease", _indications),
    "role-gaps": ("states without a blood centre of each role", _gaps),
}
_LAYERS: Final[dict[str, tuple[str, Callable[[Selection], Layer]]]] = {
    "map": ("counties by travel, with all sites", _map),
    "drive-time-bands": ("bands of travel time", bands.layer_of),
    "desert-shapes": ("treatment deserts with their centres", _deserts),
}


def written(out: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(out)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
