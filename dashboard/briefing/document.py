"""What a briefing is (pure; imports nothing that draws)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from dashboard.exports import Provenance
from dashboard.map_key import MapKey
from dashboard.map_layers import MapSpec

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST: Final = 10
"""Findings besides the first: two a page, and six pages in all."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One thing that a briefing says.

    Parameters
    ----------
    key : str
        Names its files.
    heading : str
        A few words.
    sentence : str
        The finding.
    detail : str
        What stands behind it, in one paragraph.
    alt : str
        What its picture shows, for readers who cannot see it.
    table : DataFrame
        The figures.
    figure : Figure, optional
        A chart of plotly.
    map : tuple of MapSpec and MapKey, optional
        A map, in place of a chart.
    """

    key: str
    heading: str
    sentence: str
    detail: str
    alt: str
    table: pd.DataFrame
    figure: "go.Figure | None" = None
    map: tuple[MapSpec, MapKey] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Briefing:
    """A briefing.

    Parameters
    ----------
    place : str
        What it is about.
    parameters : str
        Threshold, people, centres that count, in one line.
    figures : tuple of (str, str)
        Key figures: name and value.
    findings : tuple of Finding
        The first stands alone on the first page.
    provenance : Provenance
        With the link that reopens the view.
    date : str
        Day, YYYY-MM-DD.
    cautions : tuple of str
        What a reader must know, such as plans that are not proven.
    """

    place: str
    parameters: str
    figures: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    provenance: Provenance
    date: str
    cautions: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """The main finding."""
        return self.findings[0].sentence

    @property
    def source(self) -> str:
        """Source, vintage and version of the tables in one line."""
        stamp = self.provenance
        return (
            f"Source: {stamp.source}; data of {stamp.vintage}; tables {stamp.dataset[:12]}; "
            f"made {self.date}"
        )
