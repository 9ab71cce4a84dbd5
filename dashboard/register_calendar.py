"""The consortium's meetings as a calendar file (RFC 5545)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from data.content_schemas import MEETING_KINDS
from data.register import exact


def ics(meetings: Sequence[Mapping[str, Any]], link_of: Callable[[str], str]) -> bytes:
    """Write meetings as an iCalendar file.

    Parameters
    ----------
    meetings : sequence of dict
        Of the register. Those whose day is not known are left out.
    link_of : callable
        Address of the briefing on "national" or on the code of a state.

    Returns
    -------
    bytes
        Entries of whole days; the same meeting has the same UID in every file, so that a calendar
        that has it already updates it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//BCAR//Access Atlas//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "BCAR meetings")
    for meeting in meetings:
        if not exact(meeting):
            continue
        first = date.fromisoformat(meeting["date"])
        last = date.fromisoformat(meeting.get("until") or meeting["date"])
        entry = Event()
        entry.add("uid", f"{meeting['id']}@bcar-access-atlas")
        entry.add("dtstamp", datetime.combine(first, datetime.min.time(), UTC))
        entry.add("dtstart", first)
        entry.add("dtend", last + timedelta(days=1))  # the day after, as the standard has it
        entry.add("summary", meeting["title"])
        entry.add("categories", [MEETING_KINDS[meeting["kind"]]])
        if meeting["place"]:
            entry.add("location", meeting["place"])
        link = link_of(meeting["briefing"])
        source = f"\nSource: {meeting['source']}" if meeting["source"] else ""
        entry.add("description", f"Briefing: {link}{source}")
        entry.add("url", link)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
