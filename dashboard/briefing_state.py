"""What the Briefing page puts together, as one frozen value in the URL (pure)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from dashboard import situations, url_fields
from dashboard.briefing.document import MOST

Template = Literal["national", "state", "region"]

FINDINGS: Final = {
    "places": "Worst served places",
    "curve": "People within each threshold",
    "hospitals": "Certified share of hospitals",
    "equity": "Who is beyond, by group",
    "blood": "Blood centres near those beyond",
    "patients": "Patients to 2035",
    "journeys": "What care takes of patients",
    "plan": "What a plan or scenario changes",
    "sites": "Centres that people go to",
    "precedents": "Real examples",
}
"""What a briefing can say after its first page; "plan" needs a plan or scenario."""
OF_TEMPLATE: Final[dict[Template, tuple[str, ...]]] = {
    "national": (
        "places", "curve", "hospitals", "equity", "blood", "patients", "journeys", "plan",
        "precedents",
    ),
    "state": ("places", "curve", "equity", "blood", "patients", "journeys", "plan", "precedents"),
    "region": ("places", "equity", "sites", "plan"),
}  # fmt: skip
"""What each template can say, in its order."""
LABELS: Final[dict[str, dict[str, str]]] = {
    "template": {
        "national": "The nation",
        "state": "A state",
        "region": "A referral region",
    }
}
"""Every closed choice: identifier to the label its widget shows."""


@dataclass(frozen=True, slots=True)
class BriefingSettings(url_fields.Settings):
    """What a briefing says; field metadata `key` is the name in the URL.

    Parameters
    ----------
    template : str
        About the nation, a state, or a hospital referral region.
    findings : tuple of str
        Which findings; none for all of the template.
    situation : str
        Reference of a plan or scenario, see `situations.read`; "" for none.
    """

    template: Template = field(default="national", metadata={"key": "template"})
    findings: tuple[str, ...] = field(default=(), metadata={"key": "findings"})
    situation: str = field(default="", metadata={"key": "with"})

    @property
    def chosen(self) -> tuple[str, ...]:
        """Findings in the order of the template."""
        possible = OF_TEMPLATE[self.template]
        wanted = [name for name in possible if not self.findings or name in self.findings]
        return tuple(name for name in wanted if name != "plan" or self.situation)[:MOST]


KEYS: Final = BriefingSettings.keys()
NAMES: Final = BriefingSettings.names()
DEFAULT: Final = BriefingSettings()
MOST_SAID: Final = 40
"""Characters of a strange word that a message repeats."""


def read(
    key: str,
    texts: Sequence[str],
    known: Mapping[str, Collection[str]] | None = None,  # noqa: ARG001 - names nothing in a table
) -> Any:  # noqa: ANN401 - one value of whichever field
    """Read one setting; raises ValueError with the end of a sentence."""
    if key == "findings":
        words = [word for text in texts for word in text.split(",") if word]
        unknown = [word for word in words if word not in FINDINGS]
        if unknown:
            strange = ", ".join(repr(word[:MOST_SAID]) for word in unknown[:3])
            msg = f"does not know {strange}: choose among {', '.join(FINDINGS)}"
            raise ValueError(msg)
        return tuple(dict.fromkeys(words))
    text = url_fields.only(texts)
    if key in LABELS:
        return url_fields.choice(LABELS[key], text)
    return situations.read(text)
