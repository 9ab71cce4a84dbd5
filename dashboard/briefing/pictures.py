"""Pictures of the findings of a briefing, drawn once for all of its files."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.briefing.document import Briefing, Finding
from dashboard.prints.caption import Caption, Kind, Size

Draw = Callable[[Finding, Caption, Kind, Size], bytes]
"""Draws the chart or the map of a finding."""


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Draws the pictures of a briefing.

    Parameters
    ----------
    briefing : Briefing
    draw : callable
    """

    briefing: Briefing
    draw: Draw

    def caption(self, finding: Finding) -> Caption:
        """Give what stands around the picture of a finding."""
        stamp = self.briefing.provenance
        return Caption(
            title=finding.sentence,
            subtitle=self.briefing.parameters,
            source=stamp.source,
            vintage=stamp.vintage,
            dataset=stamp.dataset,
            date=self.briefing.date,
            link=stamp.link,
        )

    def of(self, finding: Finding, kind: Kind, size: Size) -> bytes:
        """Draw the picture of a finding."""
        return self.draw(finding, self.caption(finding), kind, size)


def kind_of(finding: Finding) -> Kind:
    """Choose the format within a document: outlines of 3,000 counties are better as dots."""
    return "png" if finding.map else "svg"
