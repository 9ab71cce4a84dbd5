"""What the files in `data/content` hold, as JSON schemas."""

from typing import Any, Final

EVIDENCE: Final = {"enum": ["verified", "abstract", "recall"]}
TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 1_500}
NAME: Final = {"type": "string", "minLength": 1, "maxLength": 200}
MAYBE_TEXT: Final = {"type": ["string", "null"], "maxLength": 1_500}
LINK: Final = {"type": ["string", "null"], "pattern": r"^https?://\S+$"}
DATE: Final = {"type": ["string", "null"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
DAY: Final = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
PLACE: Final = {"type": ["string", "null"], "pattern": r"^[^,]+, [A-Z]{2}$"}
KEY: Final = {"type": "string", "pattern": r"^[a-z0-9][a-z0-9-]{0,60}$"}
ROLES: Final = {"type": "array", "items": {"enum": ["collection", "processing", "infusion"]}}
CAPABILITIES: Final = (
    "donor_recruitment",
    "collection",
    "processing",
    "cryopreservation",
    "testing",
    "logistics",
    "manufacturing",
    "devices",
    "standards",
    "accreditation",
    "training",
    "policy_advocacy",
    "network_of_sites",
    "mobile_collection",
)
PRECEDENT_KINDS: Final = {
    "mobile_collection": "Mobile collection",
    "collection_in_donation_centre": "Collection inside a donation centre",
    "satellite_clinic": "Satellite clinic",
    "community_infusion": "Infusion in a community practice",
}
MEETING_KINDS: Final = {
    "quarterly_meeting": "Quarterly meeting",
    "roundtable": "Roundtable",
    "panel": "Panel",
    "milestone": "Milestone",
}


def _record(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """Describe an entry; a member that is not named is a mistake of spelling."""
    return {
        "type": "object",
        "required": list(required),
        "properties": required | (optional or {}),
        "additionalProperties": False,
    }


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_CAPABILITY: Final = _record(
    {"tag": {"enum": list(CAPABILITIES)}, "detail": TEXT, "source": LINK, "evidence": EVIDENCE},
    {"year": {"type": "integer"}},
)
_PERSON: Final = _record({"name": NAME, "title": NAME})
_MEMBER: Final = _record(
    {
        "name": NAME,
        "short": NAME,
        "role": NAME,
        "website": NAME,
        "joined": DATE,
        "joined_evidence": EVIDENCE,
        "membership_source": LINK,
        "capabilities": _list(_CAPABILITY),
    },
    {
        "headquarters": NAME,
        "headquarters_evidence": EVIDENCE,
        "website_evidence": EVIDENCE,
        "advanced_therapies_website": NAME,
        "joined_basis": TEXT,
        "joined_note": TEXT,
        "subsidiaries": _list(NAME),
        "people": _list(_PERSON),
        "note": TEXT,
    },
)
_ARTICLE: Final = _record(
    {
        "title": NAME,
        "publisher": NAME,
        "date": DATE,
        "url": LINK,
        "type": NAME,
        "evidence": EVIDENCE,
    },
    {"author": NAME, "people": _list(NAME), "title_basis": TEXT, "note": TEXT},
)
_STEP: Final = _record(
    {
        "id": KEY,
        "step": NAME,
        "what": TEXT,
        "when": TEXT,
        "who": TEXT,
        "citation": TEXT,
        "url": LINK,
        "evidence": EVIDENCE,
    },
    {"roles": ROLES, "note": TEXT},
)
_STANDARD: Final = _record(
    {"standard": NAME, "body": NAME, "url": LINK, "evidence": EVIDENCE}, {"note": TEXT}
)

SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "consortium.yaml": _record(
        {
            "consortium": _record(
                {
                    "name": NAME,
                    "short_name": NAME,
                    "type": TEXT,
                    "launched": DATE,
                    "purpose": _list(TEXT),
                    "meeting_rhythm": TEXT,
                    "source": LINK,
                    "evidence": EVIDENCE,
                },
                {
                    "press_release_dateline": NAME,
                    "website": LINK,
                    "name_variants": _list(_record({"name": NAME, "where": TEXT}, {"note": TEXT})),
                },
            ),
            "capability_vocabulary": _list({"enum": list(CAPABILITIES)}),
            "members": _list(_MEMBER),
            "articles": _list(_ARTICLE),
        },
        {
            "related_organizations_membership_not_verified": _list(
                _record(
                    {"name": NAME, "reason": TEXT, "source": LINK, "evidence": EVIDENCE},
                    {"website": NAME},
                )
            ),
            "member_milestones": _list(
                _record(
                    {
                        "date": DATE,
                        "member": NAME,
                        "what": TEXT,
                        "source": LINK,
                        "evidence": EVIDENCE,
                    },
                    {"note": TEXT},
                )
            ),
            "figures_quoted_by_members": _list(
                _record(
                    {"value": NAME, "what": TEXT, "who": NAME, "url": LINK, "evidence": EVIDENCE},
                    {"note": TEXT},
                )
            ),
        },
    ),
    "meetings.yaml": _record(
        {
            "rhythm": TEXT,
            "meetings": _list(
                _record(
                    {
                        "id": KEY,
                        "date": DAY,
                        "kind": {"enum": list(MEETING_KINDS)},
                        "title": NAME,
                        "place": PLACE,
                        "briefing": {"type": "string", "pattern": r"^(national|[A-Z]{2})$"},
                        "source": LINK,
                        "evidence": EVIDENCE,
                    },
                    {"until": DAY, "note": TEXT},
                )
            ),
        }
    ),
    "precedents.yaml": _record(
        {
            "precedents": _list(
                _record(
                    {
                        "id": KEY,
                        "kind": {"enum": list(PRECEDENT_KINDS)},
                        "title": NAME,
                        "place": {"type": "string", "pattern": r"^[^,]+, [A-Z]{2}$"},
                        "what": TEXT,
                        "source": LINK,
                        "evidence": EVIDENCE,
                    },
                    {"citation": TEXT, "note": TEXT},
                )
            )
        }
    ),
    "regulatory_path.yaml": _record(
        {
            "as_of": TEXT,
            "developer_path": _list(_STEP),
            "site_path": _list(_STEP),
            "policy_pipeline": _list(_record({"what": TEXT, "url": LINK, "evidence": EVIDENCE})),
        }
    ),
    "standards_sops.yaml": _record(
        {
            "families": _list(
                _record(
                    {
                        "id": KEY,
                        "family": NAME,
                        "roles": ROLES,
                        "topics": _list(NAME),
                        "governing": _list(_STANDARD),
                    },
                    {"note": TEXT},
                )
            )
        }
    ),
}
"""By name of the file."""
