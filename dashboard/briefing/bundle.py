"""A briefing as a ZIP file of all its data and figures, with a manifest."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from dashboard.briefing.document import Briefing
from dashboard.briefing.pictures import Pictures
from dashboard.exports import csv_bytes
from dashboard.exports_book import xlsx_bytes
from dashboard.prints.caption import Kind

KINDS: Final[tuple[Kind, ...]] = ("png", "svg")
"""Of charts; maps are dots alone, since their outlines are ten times as large."""


def bundle(
    briefing: Briefing, pictures: Pictures, documents: Mapping[str, Callable[[], bytes]]
) -> bytes:
    """Write a briefing as a ZIP file.

    Parameters
    ----------
    briefing : Briefing
    pictures : Pictures
        Draws its charts and maps.
    documents : dict of str to callable
        Names and contents of the PDF and the slides.

    Returns
    -------
    bytes
        The documents, data (CSV, XLSX) and figures (PNG; charts as SVG too) of every finding, and
        manifest.json that names each file with its finding, size and SHA-256.
    """
    files: dict[str, tuple[bytes, str]] = {
        name: (make(), briefing.title) for name, make in documents.items()
    }
    for number, finding in enumerate(briefing.findings, start=1):
        stem = f"{number:02d}-{finding.key}"
        files[f"data/{stem}.csv"] = csv_bytes(finding.table, briefing.provenance), finding.sentence
        files[f"data/{stem}.xlsx"] = (
            xlsx_bytes(finding.table, briefing.provenance),
            finding.sentence,
        )
        if finding.figure is not None or finding.map is not None:
            for kind in KINDS if finding.map is None else KINDS[:1]:
                content = pictures.of(finding, kind, "slide")
                files[f"figures/{stem}.{kind}"] = content, finding.sentence
    stamp = briefing.provenance
    manifest = {
        "title": briefing.title,
        "place": briefing.place,
        "settings": briefing.parameters,
        "made": briefing.date,
        "link": stamp.link,
        "source": stamp.source,
        "vintage": stamp.vintage,
        "tables": stamp.dataset,
        "licence": "See NOTICE of the Atlas; roads are from OpenStreetMap contributors (ODbL).",
        "files": [
            {
                "name": name,
                "finding": finding,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, (content, finding) in files.items()
        ],
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))
        for name, (content, _) in files.items():
            archive.writestr(name, content)
    return written.getvalue()
