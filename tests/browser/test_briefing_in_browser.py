"""Files of the pages for sharing, made and opened as a reader does it."""

import io
import json
import re
import zipfile

import pikepdf
import pytest
from atlas_reader import Reader
from icalendar import Calendar
from playwright.sync_api import expect
from pptx import Presentation

pytestmark = pytest.mark.browser


def test_a_briefing_is_made_and_every_file_opens(reader: Reader) -> None:
    reader.open("/briefing", template="state", state="VT", findings="places", model="straight")
    reader.main.get_by_role("button", name="Make the briefing").click()
    button = reader.main.get_by_role("button", name="PDF", exact=True)
    expect(button).to_be_visible(timeout=60_000)
    name, content = reader.download(button)
    assert re.fullmatch(r"bcar-atlas-briefing-vermont-[0-9-]+\.pdf", name)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "people in Vermont" in str(pdf.docinfo["/Title"])
    _, content = reader.download(reader.main.get_by_role("button", name="Slides (PPTX)"))
    deck = Presentation(io.BytesIO(content))
    assert "people in Vermont" in deck.slides[0].shapes.title.text_frame.text
    assert "/briefing?" in deck.slides[0].notes_slide.notes_text_frame.text
    _, content = reader.download(
        reader.main.get_by_role("button", name="All data and figures (ZIP)")
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert (
            len(json.loads(archive.read("manifest.json"))["files"]) == len(archive.namelist()) - 1
        )


def test_the_calendar_opens_in_a_calendar(reader: Reader) -> None:
    reader.open("/consortium", register="calendar")
    name, content = reader.download(
        reader.main.get_by_role("button", name="All dates for a calendar (iCal)")
    )
    assert name == "bcar-meetings.ics"
    events = Calendar.from_ical(content).walk("VEVENT")
    assert events
    assert all("/briefing" in str(event["url"]) for event in events)
