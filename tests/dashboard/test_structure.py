"""Rules of the layers that no linter knows: pages are thin, the registry is complete."""

import ast
import re
from pathlib import Path

import pytest

from dashboard.documents import METHODS, sections, table_cards
from dashboard.navigation import PAGES
from dashboard.navigation import sections as page_sections
from data.catalogue import DATASETS

ROOT = Path(__file__).resolve().parents[2]
PAGE_FILES = sorted((ROOT / "pages").glob("*.py"))
MAX_LINES = 60
FORBIDDEN = {"pandas", "numpy", "scipy", "geopandas", "shapely", "data", "geo", "plotly", "folium"}


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.stem)
def test_page_is_thin(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MAX_LINES
    tree = ast.parse(source)
    for node in ast.walk(tree):
        assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.BinOp) or (
            isinstance(node, ast.BinOp)
            and isinstance(node.left, ast.Constant | ast.Call)
            and isinstance(node.op, ast.Add)
        ), f"{path.name} line {node.lineno} computes or defines something"
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for name in names:
            assert name.split(".")[0] not in FORBIDDEN, f"{path.name} imports {name}"
        assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open")


def test_registry_and_folder_hold_the_same_pages() -> None:
    assert {page.file for page in PAGES} == {path.name for path in PAGE_FILES}
    assert len({page.url_path for page in PAGES}) == len(PAGES)
    assert all(page.url_path == Path(page.file).stem for page in PAGES)
    assert [page for entries in page_sections().values() for page in entries] == list(PAGES)


def test_pages_say_what_they_are_for_without_emoji() -> None:
    for page in PAGES:
        assert 40 < len(page.help) < 240
        assert re.fullmatch(r":material/[a-z_]+:", page.icon)
        assert page.title.isascii()


def test_only_the_seam_caches() -> None:
    for path in (ROOT / "dashboard").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.parent.name != "services":
            assert "@st.cache" not in text, path.name
            assert "lru_cache" not in text, path.name


def test_only_one_module_touches_the_address() -> None:
    for path in (*(ROOT / "dashboard").rglob("*.py"), *PAGE_FILES):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        touched = any(
            isinstance(node, ast.Attribute) and node.attr == "query_params"
            for node in ast.walk(tree)
        )
        assert touched == (path.name == "address.py"), path.name


def test_every_cache_is_bounded() -> None:
    for path in (ROOT / "dashboard" / "services").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "st.cache_" not in text or path.name == "cache.py", path.name
        bounds = re.findall(r"@cached\((.*)\)", text)
        assert text.count("@cached") == len(bounds)
        assert all(re.fullmatch(r"\d+|(engine\.)?[A-Z_]+", bound) for bound in bounds), path.name


def test_pure_modules_know_no_streamlit() -> None:
    pure = "state us places queries details text exports drawings figures studies documents map_spec kept catchment"
    pure += " fairness fairness_text fairness_tables figures_equity"
    pure += (
        " plan_state plan_text plan_views plan_map plan_figures plan_history planning candidates"
        " logistics kept_matrix"
    )
    for name in pure.split():
        text = (ROOT / "dashboard" / f"{name}.py").read_text(encoding="utf-8")
        assert not re.search(r"^(import|from) streamlit", text, flags=re.MULTILINE), name


def test_methods_document_is_split_completely() -> None:
    markdown = METHODS.read_text(encoding="utf-8")
    found = sections(markdown)
    assert [section.title for section in found] == re.findall(
        r"^## (.+)$", markdown, flags=re.MULTILINE
    )
    assert all(section.body for section in found)


def test_every_table_has_a_card_with_every_column() -> None:
    cards = {card.name: card for card in table_cards()}
    assert set(cards) == set(DATASETS)
    for name, card in cards.items():
        assert card.fields["Column"].tolist() == DATASETS[name].columns
        assert any("Licence" in line for line in card.lines)
        assert any("Vintage" in line for line in card.lines)
