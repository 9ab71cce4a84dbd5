"""Briefings opened with other programs: structure, words, charts, and what they look like."""

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pikepdf
import plotly.graph_objects as go
import pypdfium2
import pytest
from pptx import Presentation

from dashboard import figures
from dashboard.briefing.document import Briefing, Finding
from dashboard.briefing.native import MOST_BARS
from dashboard.briefing.pdf import pdf
from dashboard.briefing.pictures import Pictures
from dashboard.briefing.slides import pptx
from dashboard.briefing_state import BriefingSettings
from dashboard.exports import Provenance
from dashboard.services import briefing as answers
from dashboard.services import coverage, planner, prints
from dashboard.state import Selection
from geo.errors import InputError
from geo.siting.problem import Control

LINK = "https://atlas.example/briefing?template=state&state=TX"
TEXAS = Selection(state="TX", model="straight")
HOSTILE = (
    '#panic("run") $ #import "x" *bold* _it_ <b>x</b> \\ "quoted" \N{RIGHT-TO-LEFT OVERRIDE}'
    "\N{SKULL} \x0b =1+1 & more"
)


def finding(key: str, rows: int = 3, **changes: Any) -> Finding:
    names = [f"Place {i}" for i in range(rows)]
    shares = np.linspace(0.9, 0.1, rows).tolist()
    made = Finding(
        key,
        "Heading",
        f"Finding {key} says something.",
        "Detail.",
        "Bars of places",
        pd.DataFrame({"place": names, "share": shares}),
        figure=figures.bars(names, shares, [f"{share:.0%}" for share in shares], title="Share"),
    )
    return replace(made, **changes)


def briefing(*findings: Finding, **changes: Any) -> Briefing:
    made = Briefing(
        place="Texas",
        parameters="Within 60 minutes by road",
        figures=(("People", "30 million"), ("Beyond", "10 million")),
        findings=findings,
        provenance=Provenance("The Atlas", "2022", "abcdef0123456789", "state=TX", LINK),
        date="2026-11-23",
    )
    return replace(made, **changes)


def written(made: Briefing) -> tuple[bytes, bytes]:
    pictures = Pictures(made, answers._draw)
    return pdf(made, pictures), pptx(made, pictures)


def native_chart(figure: go.Figure) -> Any:
    _, slides = written(briefing(finding("a", figure=figure)))
    deck = Presentation(io.BytesIO(slides))
    (chart,) = [shape.chart for shape in deck.slides[0].shapes if shape.has_chart]
    return chart


def words_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_bounded() for page in document]


@pytest.fixture(scope="module")
def texas() -> tuple[Briefing, dict[str, bytes]]:
    made = answers.gather(BriefingSettings("state"), TEXAS, None, LINK)
    return made, answers.files(made, ("pdf", "pptx"))


class TestPdf:
    def test_is_sound_tagged_and_archival(self, texas: tuple[Briefing, dict[str, bytes]]) -> None:
        with pikepdf.open(io.BytesIO(texas[1]["pdf"])) as document:
            assert document.check_pdf_syntax() == []
            root = document.Root
            assert bool(root["/MarkInfo"]["/Marked"])
            assert str(root["/Lang"]).startswith("en")
            assert "/StructTreeRoot" in root
            assert str(document.docinfo["/Title"]) == texas[0].title
            with document.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert metadata["pdfaid:part"] == "2"
            assert 1 <= len(document.pages) <= 6
            pictures = [
                element for element in structure(root["/StructTreeRoot"])
                if element.get("/S") == "/Figure"
            ]  # fmt: skip
            assert len(pictures) == len(texas[0].findings)
            assert all(str(element["/Alt"]) for element in pictures)

    def test_first_page_stands_alone(self, texas: tuple[Briefing, dict[str, bytes]]) -> None:
        first, *rest = (" ".join(page.split()) for page in words_of(texas[1]["pdf"]))
        made = texas[0]
        for part in (made.title, made.parameters, "Source: ", made.date, LINK):
            assert part in first
        for _, value in made.figures:
            assert value in first
        for one in made.findings[1:]:
            assert one.sentence in first
            assert one.sentence in " ".join(rest)

    def test_numbers_are_those_of_the_pages(self, texas: tuple[Briefing, dict[str, bytes]]) -> None:
        found = coverage.headline(TEXAS)
        assert f"{found.beyond / 1e6:.1f} million people in Texas" in texas[0].title
        places = next(one for one in texas[0].findings if one.key == "places")
        assert places.table["beyond"].sum() == pytest.approx(found.beyond, abs=300)

    def test_looks_like_a_page(self, texas: tuple[Briefing, dict[str, bytes]]) -> None:
        for page in pypdfium2.PdfDocument(texas[1]["pdf"]):
            assert_drawn(np.asarray(page.render(scale=1).to_pil().convert("L"), dtype=float))

    @pytest.mark.parametrize("count", [1, 2, 10])
    def test_one_to_six_pages(self, count: int) -> None:
        made = briefing(*(finding(f"f{i}") for i in range(count)))
        pages = words_of(written(made)[0])
        assert 1 <= len(pages) <= 6

    def test_words_are_never_markup(self) -> None:
        made = briefing(
            finding("a", sentence=HOSTILE, detail=HOSTILE), finding("b", sentence=HOSTILE),
            place=HOSTILE, parameters=HOSTILE, cautions=(HOSTILE,),
        )  # fmt: skip
        content, slides = written(made)
        said = " ".join(words_of(content))
        for part in ('#panic("run")', "*bold*", "<b>x</b>", "=1+1"):
            assert part in said
        deck = Presentation(io.BytesIO(slides))
        assert "*bold*" in deck.slides[0].shapes.title.text_frame.text


def structure(node: Any) -> list[Any]:
    """All elements of a tree of tags."""
    found = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary):
            found.append(one)
            if "/K" in one:
                waiting.append(one["/K"])
    return found


def assert_drawn(grey: Any) -> None:
    """A page has ink on it, but is no blot, and keeps its margins."""
    ink = (grey < 160).mean()
    assert 0.005 < ink < 0.5
    assert (grey[:, :8] > 250).all()
    assert (grey[:, -8:] > 250).all()


class TestSlides:
    def test_charts_are_native_and_hold_the_figures(
        self, texas: tuple[Briefing, dict[str, bytes]]
    ) -> None:
        made, files = texas
        deck = Presentation(io.BytesIO(files["pptx"]))
        assert len(deck.slides) == len(made.findings)
        for one, slide in zip(made.findings, deck.slides, strict=True):
            assert slide.shapes.title.text_frame.text == one.sentence
            notes = slide.notes_slide.notes_text_frame.text
            assert LINK in notes
            assert made.parameters in notes
            charts = [shape for shape in slide.shapes if shape.has_chart]
            assert len(charts) == (one.figure is not None)
            pictures = [shape for shape in slide.shapes if shape.shape_type == 13]
            assert len(pictures) == (one.map is not None)
            for shape in (*charts, *pictures):
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")

    def test_a_bar_is_as_long_as_the_page_says(self) -> None:
        deck = Presentation(io.BytesIO(written(briefing(finding("a")))[1]))
        (chart,) = [shape.chart for shape in deck.slides[0].shapes if shape.has_chart]
        assert list(chart.plots[0].categories) == ["Place 0", "Place 1", "Place 2"]
        assert list(chart.plots[0].series[0].values) == pytest.approx([0.9, 0.5, 0.1])
        assert chart.value_axis.tick_labels.number_format == "0%"
        labels = chart.plots[0].data_labels
        assert (labels.show_value, labels.number_format) == (True, "0%")

    @pytest.mark.parametrize(
        ("values", "ticks", "pattern"),
        [([7.4, 12], None, "#,##0.0"), ([740, 12], None, "#,##0"), ([0.02, 0.04], ".0%", "0.0%")],
    )
    def test_small_numbers_keep_a_decimal(
        self, values: list[float], ticks: str | None, pattern: str
    ) -> None:
        figure = go.Figure(go.Bar(x=values, y=["A", "B"], orientation="h"))
        figure.update_xaxes(tickformat=ticks)
        assert native_chart(figure).plots[0].data_labels.number_format == pattern

    def test_errors_of_bars_are_native_in_the_order_of_the_bars(self) -> None:
        frame = pd.DataFrame(
            {
                "label": ["Rural & remote", "City"],
                "share_beyond": [0.7, 0.2],
                "share_covered": [0.3, 0.8],
                "share_low": [0.25, 0.78],
                "share_high": [0.4, 0.81],
                "beyond": [7.0, 2.0],
            }
        )
        chart = native_chart(figures.gaps(frame, average=0.4))
        element = chart.plots[0].series[0]._element
        errors = {
            tag: [float(value.text) for value in element.xpath(f"c:errBars/c:{tag}//c:v")]
            for tag in ("plus", "minus")
        }
        assert errors["plus"] == pytest.approx([0.05, 0.02])
        assert errors["minus"] == pytest.approx([0.1, 0.01])
        order = [child.tag.rpartition("}")[2] for child in element]
        assert order.index("errBars") == order.index("cat") - 1
        assert not chart.plots[0].has_data_labels  # they would lie on the errors

    def test_a_band_has_its_edges_as_lines(self) -> None:
        thresholds = np.array([30.0, 60.0, 90.0])
        share, low, high = np.array([[0.3, 0.6, 0.8], [0.2, 0.5, 0.7], [0.4, 0.7, 0.9]])
        figure = figures.coverage_curve(
            thresholds, (share, low, high), at=(60.0, 0.6), unit="minutes"
        )
        series = list(native_chart(figure).plots[0].series)
        assert [one.name for one in series] == ["Share within", "90% band, high", "90% band, low"]
        for one, values in zip(series, (share, high, low), strict=True):
            assert list(one.values) == pytest.approx(values)
            xs = [float(x.text) for x in one._element.xpath("c:xVal//c:v")]
            assert xs == thresholds.tolist()

    def test_a_long_chart_says_that_it_is_cut(self) -> None:
        deck = Presentation(io.BytesIO(written(briefing(finding("a", rows=40)))[1]))
        (chart,) = [shape.chart for shape in deck.slides[0].shapes if shape.has_chart]
        assert len(list(chart.plots[0].categories)) == MOST_BARS
        notes = deck.slides[0].notes_slide.notes_text_frame.text
        assert f"first {MOST_BARS} of 40" in notes

    def test_opens_in_an_office_and_looks_like_slides(
        self, texas: tuple[Briefing, dict[str, bytes]], tmp_path: Path
    ) -> None:
        office = shutil.which("soffice")
        assert office, "LibreOffice is missing: .ci/setup office installs it"
        (tmp_path / "deck.pptx").write_bytes(texas[1]["pptx"])
        subprocess.run(
            [office, "--headless", f"-env:UserInstallation=file://{tmp_path / 'profile'}",
             "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")],
            check=True, capture_output=True, timeout=150,
        )  # fmt: skip
        document = pypdfium2.PdfDocument(tmp_path / "deck.pdf")
        assert len(document) == len(texas[0].findings)
        for page, one in zip(document, texas[0].findings, strict=True):
            grey = np.asarray(page.render(scale=1).to_pil().convert("L"), dtype=float)
            assert 0.005 < (grey < 160).mean() < 0.5
            # The chart or the map fills the middle of the slide.
            height, width = grey.shape
            middle = grey[int(0.3 * height) : int(0.85 * height), int(0.1 * width) : -width // 10]
            assert (middle < 240).mean() > 0.02, one.key


class TestGathering:
    def test_a_template_without_its_place_says_what_to_choose(self) -> None:
        for template, words in (("state", "Choose the state"), ("region", "referral region")):
            with pytest.raises(InputError, match=words):
                answers.gather(BriefingSettings(template), Selection(), None, LINK)  # type: ignore[arg-type]

    def test_a_region_is_briefed_whole(self) -> None:
        view = Selection(region="hrr:19", model="straight")
        made = answers.gather(BriefingSettings("region"), view, None, LINK)
        assert "referral region" in made.title
        assert made.figures[0][0] == "People"
        assert {one.key for one in made.findings} <= {"headline", "areas", "groups", "sites"}
        assert len(made.findings) > 1

    def test_chosen_findings_come_in_the_order_of_the_template(self) -> None:
        settings = BriefingSettings("state", findings=("equity", "places", "plan"))
        assert settings.chosen == ("places", "equity")
        assert BriefingSettings("state", situation="baseline").chosen[-2:] == ("plan", "precedents")

    def test_progress_is_told_and_cancel_is_obeyed(self) -> None:
        told: list[float] = []
        settings = BriefingSettings("state", findings=("places",))
        answers.gather(settings, TEXAS, None, LINK, Control(60, lambda p: told.append(p.done)))
        assert told == sorted(told)
        assert len(told) == 2
        with pytest.raises(planner.CancelledError):
            answers.gather(settings, TEXAS, None, LINK, Control(60, cancelled=lambda: True))
        made = briefing(finding("a"))
        with pytest.raises(planner.CancelledError):
            answers.files(made, ("pdf",), Control(60, cancelled=lambda: True))

    def test_a_map_is_drawn_as_the_page_draws_it(self) -> None:
        made = answers.gather(BriefingSettings("state", findings=("places",)), TEXAS, None, LINK)
        first = made.findings[0]
        assert first.map is not None
        caption = Pictures(made, answers._draw).caption(first)
        assert caption.title == made.title
        assert prints.of_map(*first.map, caption, "png", "figure").startswith(b"\x89PNG")
