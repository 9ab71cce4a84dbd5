"""Rules that hold for the repository as a whole: layers, pins, documents, paths, sizes."""

import ast
import doctest
import importlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dashboard.arguments import parser
from data.catalogue import DATASETS
from data.load import TABLES
from docs import examples

ROOT = Path(__file__).resolve().parents[1]
CODE = ("geo", "data", "dashboard", "pages")
OURS = {*CODE, "bench", "docs", "tests"}
SOURCES = sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))
PLUMBING = {"__init__", "errors", "validate", "crs", "units", "results", "compiled", "order"}
"""Modules of geo without a formula of their own."""
FREE_TO_PRINT = {"dashboard/__main__.py", "data/build.py"}
LARGEST_TABLES = 15_000_000
LARGEST_PICTURE = 400_000


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def tracked() -> tuple[Path, ...]:
    """Files under version control that exist."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return tuple(ROOT / name for name in listed if name and (ROOT / name).is_file())


@cache
def text_files() -> dict[str, str]:
    found = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found[ids(path)] = content.decode("utf-8", errors="replace")
    return found


def imported_packages(paths: list[Path]) -> set[str]:
    """Top-level names that the files import, without the standard library's and our own."""
    names = set()
    for path in paths:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    siblings = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    return names - set(sys.stdlib_module_names) - OURS - siblings


class TestLayers:
    def test_contracts_are_kept(self):
        command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
        )
        assert done.returncode == 0, done.stdout
        assert "0 broken" in done.stdout

    def test_the_application_imports_no_test_or_benchmark(self):
        for path in SOURCES:
            for node in ast.walk(parsed(path)):
                if isinstance(node, ast.ImportFrom):
                    top = (node.module or "").split(".")[0]
                    assert top not in {"tests", "bench", "docs", "pages"}, ids(path)

    @pytest.mark.parametrize("path", SOURCES, ids=ids)
    def test_no_print_and_no_pickle(self, path):
        for node in ast.walk(parsed(path)):
            where = f"{ids(path)} line {getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                assert name != "print" or ids(path) in FREE_TO_PRINT, where
                assert "pickle" not in name, where
                for keyword in node.keywords:
                    is_true = ast.unparse(keyword.value) == "True"
                    assert not (keyword.arg == "allow_pickle" and is_true), where
        assert not imported_packages([path]) & {"joblib", "dill", "cloudpickle"}
        assert not re.search(
            r"^\s*(import|from) (pickle|shelve|marshal)\b", path.read_text(), re.MULTILINE
        )


def public_functions():
    for path in sorted((ROOT / "geo").glob("*.py")):
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                marks = {ast.unparse(mark) for mark in node.decorator_list}
                if "overload" not in marks:
                    yield pytest.param(node, id=f"{path.stem}.{node.name}")


class TestDocuments:
    @pytest.mark.parametrize("function", list(public_functions()))
    def test_public_function_of_geo_is_documented(self, function):
        doc = ast.get_docstring(function) or ""
        assert doc.split("\n")[0].endswith((".", ":")), "the first line is a sentence"
        arguments = [a.arg for a in (*function.args.args, *function.args.kwonlyargs)]
        returns = function.returns and ast.unparse(function.returns) != "None"
        # One line is enough where the names of one or two arguments say everything.
        if len(arguments) > 2 or "\n" in doc:
            if "Parameters\n---" in doc:
                described = doc.split("Parameters\n")[1].split("\n\n")[0]
                missing = [name for name in arguments if not re.search(rf"\b{name}\b", described)]
                assert not missing
                assert not returns or "Returns\n---" in doc
            else:
                assert len(arguments) <= 2, "Parameters are not described"

    @pytest.mark.parametrize(
        "name", sorted({path.stem for path in (ROOT / "geo").glob("*.py")} - PLUMBING)
    )
    def test_module_with_formulas_has_its_place_in_methods(self, name):
        assert f"`geo/{name}.py`" in (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        "path", [path for path in SOURCES if ">>> " in path.read_text(encoding="utf-8")], ids=ids
    )
    def test_examples_in_docstrings(self, path):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        result = doctest.testmod(importlib.import_module(name))
        assert result.attempted > 0
        assert result.failed == 0

    def test_examples_of_the_readme_are_real(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        assert len(examples.BLOCK.findall(text)) >= 2
        # The name of the tables may change without any number that is shown here.
        shown, now = (
            re.sub(r"Tables [0-9a-f]{12}", "Tables", version)
            for version in (text, examples.refreshed(text))
        )
        assert shown == now, "renew them with `make examples`"

    @pytest.mark.parametrize(
        "name", [name for name in text_files() if name.endswith(".md")] + [".ci/run"]
    )
    def test_commands_exist(self, name):
        text = text_files()[name]
        targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        for line in re.findall(r"(?:^|`|exec )make ([a-z][a-z ]*)", text, re.MULTILINE):
            words = line.strip().split(" ")
            assert set(words) <= targets, f"make {line}"
        commands = parser()._subparsers._group_actions[0].choices
        for arguments in re.findall(r"python -m dashboard ([^`\n]+)", text):
            assert shlex.split(arguments)[0] in {*commands, "..."}, arguments

    @pytest.mark.parametrize("name", [name for name in text_files() if name.endswith(".md")])
    def test_links_lead_somewhere(self, name):
        for target in re.findall(r"\]\(([^)#\s]+)", text_files()[name]):
            if "://" not in target:
                assert (ROOT / name).parent.joinpath(target).exists(), target

    def test_decisions_are_all_in_the_index(self):
        folder = ROOT / "docs" / "adr"
        files = sorted(path.name for path in folder.glob("0*.md"))
        assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
        index = (folder / "README.md").read_text(encoding="utf-8")
        listed = re.findall(r"\[(\d+)\]\((\S+)\) \| (.+) \|", index)
        assert [name for _, name, _ in listed] == files
        for number, name, title in listed:
            text = (folder / name).read_text(encoding="utf-8")
            assert text.splitlines()[0] == f"# {number}. {title}"
            assert all(f"\n{part}. " in text for part in ("Context", "Decision", "Consequences"))

    def test_changes_are_dated_newest_first(self):
        text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        dates = re.findall(r"^## \S+ \((\d{4}-\d{2}-\d{2})\)$", text, re.MULTILINE)
        assert dates
        assert dates == sorted(dates, reverse=True)
        assert len(dates) == len(re.findall(r"^## ", text, re.MULTILINE))
        version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
        assert f"## {version} (" in text


@cache
def pins(name: str) -> dict[str, str]:
    found = {}
    for line in (ROOT / name).read_text().splitlines():
        requirement = line.split("#")[0].strip()
        if requirement:
            wanted = Requirement(requirement)
            (specifier,) = wanted.specifier
            assert specifier.operator == "==", line
            found[canonicalize_name(wanted.name)] = specifier.version
    return found


@cache
def declared(extra: str = "") -> tuple[Requirement, ...]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    listed = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return tuple(Requirement(line) for line in listed)


def needed(requirements: tuple[Requirement, ...]) -> set[str]:
    """Everything that comes along with some packages."""
    found: set[str] = set()
    waiting = [(canonicalize_name(r.name), frozenset(r.extras)) for r in requirements]
    seen = set()
    while waiting:
        name, extras = item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        found.add(name)
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": e}) for e in (*extras, "")):
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return found


class TestPins:
    @pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
    def test_are_what_is_installed(self, name):
        found = {package: metadata.version(package) for package in pins(name)}
        assert found == pins(name)

    def test_are_what_the_code_needs_and_no_more(self):
        assert set(pins("requirements.txt")) == needed(declared())
        assert set(pins("requirements-dev.txt")) == needed((*declared(), *declared("dev")))

    def test_agree(self):
        assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()

    def test_every_import_of_the_application_is_declared_and_the_reverse(self):
        owners = metadata.packages_distributions()
        wanted = {
            canonicalize_name(owners[name][0]) for name in imported_packages(SOURCES) if name in owners
        }  # fmt: skip
        unknown = {name for name in imported_packages(SOURCES) if name not in owners}
        assert unknown == set()
        direct = {canonicalize_name(requirement.name) for requirement in declared()}
        # Read through importlib.resources: see map_assets.py and prints/fonts.py.
        # The driver of PostgreSQL is imported by name, see data/store.py.
        files_only = {"xstatic-leaflet", "font-source-sans-pro", "psycopg"}
        assert wanted | files_only == direct

    def test_every_import_of_the_tests_is_declared(self):
        owners = metadata.packages_distributions()
        paths = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").glob("*.py")]
        wanted = {canonicalize_name(owners[name][0]) for name in imported_packages(sorted(paths))}
        direct = {canonicalize_name(r.name) for r in (*declared(), *declared("dev"))}
        assert wanted <= direct


class TestFiles:
    def test_no_path_of_one_machine(self):
        homes = "work|root|home|Users"
        pattern = re.compile(rf"(?<![\w.~:/)-])/({homes})/|\.\./{'shared'}")
        found = {
            name: match[0]
            for name, text in text_files().items()
            if (match := pattern.search(text)) is not None
        }
        assert found == {}

    def test_nothing_is_left_for_later(self):
        words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
        code = {n: t for n, t in text_files().items() if n.endswith((".py", ".js", ".md", ".toml"))}
        assert [name for name, text in code.items() if words.search(text)] == []

    def test_tables_are_small_and_described(self):
        files = [path for path in TABLES.iterdir() if path.is_file()]
        assert sum(path.stat().st_size for path in files) < LARGEST_TABLES
        expected = {entry.file_name for entry in DATASETS.values()} | {"datapackage.json"}
        assert {path.name for path in files} == expected

    def test_scripts_can_be_run(self):
        for name in (".ci/run", ".ci/setup"):
            assert os.access(ROOT / name, os.X_OK), name
            subprocess.run(["bash", "-n", str(ROOT / name)], check=True)
        assert "make test" in (ROOT / ".ci" / "run").read_text()

    def test_screenshot_is_as_the_script_makes_it(self):
        content = (ROOT / "docs" / "screenshot.png").read_bytes()
        assert len(content) <= LARGEST_PICTURE
        width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
        assert (width, height) == (1280, 800)

    def test_code_imports_only_files_that_are_tracked(self):
        names = {ids(path) for path in tracked()}
        assert [ids(path) for path in SOURCES if ids(path) not in names] == []
