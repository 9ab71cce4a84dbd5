"""Pictures: what they say, in every format and size, whatever the words are."""

import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pikepdf
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dashboard import figures, map_spec, services
from dashboard.map_layers import NO_DATA_CODE, UNREACHABLE_CODE
from dashboard.prints import atlas_map, chart, fonts, projections
from dashboard.prints.caption import KINDS, SIZES, Caption, Size
from dashboard.prints.chart import UnknownPictureError
from dashboard.services import prints
from dashboard.state import Selection

LINK = "http://localhost:8501/gaps?within=90&ages=adult"
CAPTION = Caption(
    "Half of Idaho lives too far.",
    "Within 90 minutes by road; adults",
    "The Atlas",
    "2022",
    "abcdef0123456789",
    "2026-11-23",
    LINK,
)
SVG = "{http://www.w3.org/2000/svg}"
BARS = figures.bars(
    ["Idaho", "Utah", "Ohio"], [0.5, 0.25, 0.125], ["50%", "25%", "12%"], title="Share beyond"
)


def words_of(sheet: Any) -> str:
    return " ".join(text.get_text() for text in sheet.figure.findobj(match=_is_text))


def _is_text(artist: Any) -> bool:
    return hasattr(artist, "get_text") and artist.get_visible()


class TestFiles:
    def test_png_has_twice_the_pixels_of_a_slide_and_says_what_it_is(self) -> None:
        image = Image.open(io.BytesIO(chart.chart(BARS, CAPTION, kind="png", size="slide")))
        assert image.size == (2560, 1440)
        said = image.text  # type: ignore[attr-defined]  # of a PNG file
        assert said["Title"] == CAPTION.title
        assert said["Source"] == LINK
        assert "Within 90 minutes by road; adults" in said["Description"]
        assert "tables abcdef012345; made 2026-11-23" in said["Description"]

    def test_pdf_carries_its_fonts_a_link_and_its_words(self) -> None:
        with pikepdf.open(io.BytesIO(chart.chart(BARS, CAPTION, kind="pdf"))) as pdf:
            assert len(pdf.pages) == 1
            assert str(pdf.docinfo["/Title"]) == CAPTION.title
            resources = pdf.pages[0]["/Resources"]["/Font"]
            names = [str(font["/BaseFont"]) for font in resources.values()]
            assert any("SourceSansPro" in name for name in names)
            for font in resources.values():
                inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
                descriptor = inner["/FontDescriptor"]
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys())
            links = [str(one["/A"]["/URI"]) for one in pdf.pages[0]["/Annots"]]
            assert set(links) == {LINK}

    def test_svg_needs_no_font_and_speaks(self) -> None:
        content = chart.chart(BARS, CAPTION, kind="svg")
        root = ET.fromstring(content)
        assert root.tag == f"{SVG}svg"
        assert root.get("role") == "img"
        assert root.get("aria-label") == CAPTION.title
        assert CAPTION.subtitle in (root.find(f"{SVG}desc").text or "")
        assert root.findall(f".//{SVG}text") == []
        assert LINK in content.decode().replace("&amp;", "&")

    @pytest.mark.parametrize("size", list(SIZES))
    def test_every_word_around_the_picture_is_on_it(self, size: Size) -> None:
        sheet, _ = chart.drawn(BARS, CAPTION, size)
        said = re.sub(r"\s+", " ", words_of(sheet)).replace("\\$", "$")
        for part in (CAPTION.title, CAPTION.subtitle, "Source: The Atlas", "Idaho", "50%"):
            assert part in said
        assert LINK.replace(" ", "") in said.replace(" ", "")

    def test_the_same_picture_is_the_same_file(self) -> None:
        first, second = (chart.chart(BARS, CAPTION, kind="svg") for _ in range(2))
        assert first == second


class TestCharts:
    def test_bars_have_their_lengths_order_and_names(self) -> None:
        _, axes = chart.drawn(BARS, CAPTION, "figure")
        bars = sorted(axes.containers[0].patches, key=lambda bar: bar.get_y())
        if axes.yaxis_inverted():
            pass
        else:
            bars.reverse()
        assert [bar.get_width() for bar in bars] == [0.5, 0.25, 0.125]

    def test_a_long_list_on_a_slide_says_that_it_is_not_all(self) -> None:
        names = [f"County {i}" for i in range(60)]
        many = figures.bars(names, list(np.linspace(1, 0.1, 60)), [""] * 60, title="Share")
        slide, axes = chart.drawn(many, CAPTION, "slide")
        shown = len(axes.containers[0].patches)
        assert f"The first {shown} of 60; all are in the table." in words_of(slide)
        _, axes = chart.drawn(many, CAPTION, "column")
        assert len(axes.containers[0].patches) == 60

    def test_series_differ_without_colour(self) -> None:
        stacked = go.Figure(
            [go.Bar(name=name, x=[1, 2], y=["a", "b"], orientation="h") for name in "uvw"],
            layout={"barmode": "stack"},
        )
        _, axes = chart.drawn(stacked, CAPTION, "figure")
        hatches = {container.patches[0].get_hatch() for container in axes.containers}
        assert len(hatches) == 3

    def test_what_is_not_known_is_refused_not_left_out(self) -> None:
        with pytest.raises(UnknownPictureError, match="pie"):
            chart.chart(go.Figure(go.Pie(values=[1, 2])), CAPTION)

    @settings(deadline=None, max_examples=15)
    @given(st.text(max_size=120), st.text(max_size=60))
    def test_any_words_can_be_drawn(self, title: str, label: str) -> None:
        figure = figures.bars([label or "x"], [0.5], [label], title=title)
        content = chart.chart(figure, Caption(title, label, label, label), kind="svg")
        assert content.startswith(b"<?xml")

    def test_a_word_longer_than_the_sheet_is_cut_and_kept(self) -> None:
        sheet, _ = chart.drawn(BARS, Caption("x" * 400), "column")
        assert words_of(sheet).count("x") >= 400

    def test_dollars_and_formulas_stay_words(self) -> None:
        assert fonts.plain("$42 and $43") == r"\$42 and \$43"


class TestMaps:
    @pytest.mark.parametrize("state", ["", "AK", "RI"])
    def test_every_band_of_the_screen_is_on_paper(self, state: str) -> None:
        view = Selection(state=state, model="straight")
        spec = services.maps.full_map(view)
        key = map_spec.legend(view, blood=True)
        sheet, axes = atlas_map.drawn(spec, key, prints.outlines, CAPTION, "figure")
        drawn = {
            collection.get_gid()
            for part in axes
            for collection in part.collections
            if (collection.get_gid() or "").startswith("band-")
        }
        assert spec.areas is not None
        if not state:
            assert drawn == {f"band-{code}" for code in set(spec.areas.codes)}
        assert drawn
        said = words_of(sheet)
        for _, name in key.bands:
            assert name in said
        for style in key.sites:
            assert style.label.split()[0] in said

    def test_the_nation_has_its_insets(self) -> None:
        names = [
            frame.name
            for frame in projections.frames_of(services.maps.full_map(Selection()).bounds)
        ]
        assert names == ["lower48", "AK", "HI", "PR"]

    def test_a_frame_is_equal_area(self) -> None:
        for south in (26.0, 46.0):
            box = np.array([[-100, south], [-99, south], [-99, south + 1], [-100, south + 1]])
            x, y = projections.project(
                projections.metres_of(projections.CONUS), box[:, 0], box[:, 1]
            )
            area = 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 1e6
            # R^2 * dlon * (sin(lat2) - sin(lat1)) on the sphere of the same area.
            sphere = (
                6371.007**2 * np.radians(1) * np.diff(np.sin(np.radians([south, south + 1])))[0]
            )
            assert area == pytest.approx(sphere, rel=0.005)

    def test_every_kind_of_file(self) -> None:
        view = Selection(state="VT", model="straight")
        spec, key = services.maps.full_map(view), map_spec.legend(view, blood=True)
        starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
        for kind in KINDS:
            assert prints.of_map(spec, key, CAPTION, kind, "column").startswith(starts[kind])


class TestLayers:
    def test_areas_keep_their_values_bands_and_shapes(self) -> None:
        view = Selection(model="straight")
        spec, key = services.maps.full_map(view), map_spec.legend(view, blood=True)
        table = prints.features(spec, key)
        counties = table[table["layer"] == "county"].set_index("id")
        source = services.maps.areas_frame(view).set_index("county")
        known = counties["value"].dropna()
        expected = source.loc[known.index, "median_minutes"]
        assert (known - expected).abs().max() <= 0.5
        names = dict(enumerate(name for _, name in key.bands))
        codes = dict(zip(counties.index, spec.areas.codes, strict=True))  # type: ignore[union-attr]
        for fips, code in list(codes.items())[::97]:
            if code not in (NO_DATA_CODE, UNREACHABLE_CODE):
                assert counties.loc[fips, "band"] == names[int(code)]
        assert counties.geometry.is_valid.all()
        sites = table[table["layer"] == "site"]
        assert len(sites) == sum(len(layer.ids) for layer in spec.sites)
        houston = sites[sites["name"].str.contains("MD Anderson")].iloc[0]
        assert houston.geometry.x == pytest.approx(-95.4, abs=0.05)
        assert table.crs.to_epsg() == 4326
