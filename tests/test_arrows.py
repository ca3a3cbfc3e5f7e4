"""The house stands as docs/architecture.md draws it: who imports whom, and that no code names a language."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
DRAWING = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
ROW = re.compile(r"^    (\w+) +-> (.+?)(?: {2,}\((.+)\))?$", re.M)

# What the ground floor stands on, by the name that is imported.
LANGUAGES_STAND_ON = {"languages", "icu", "fontTools"}
# The part of `ime` that is a Django app; the rest knows nothing of it.
KEYBOARD_SITE = {
    "apps",
    "models",
    "wagtail_hooks",
    "domain",
    "interfaces",
    "management",
    "migrations",
    "templatetags",
}
# Programs of Keyman whose names begin like a tag.
PROGRAMS = {"km-config", "km-package-install", "km-package-list-installed", "km-package-uninstall"}
# Interface languages are no language of the house's words, and may be named.
INTERFACE_LANGUAGES = {"vi", "en"}


def packages() -> dict[str, set[str]]:
    """Each package of the drawing, with those that it may import (itself among them)."""
    rows = {name: targets for name, targets, _ in ROW.findall(DRAWING)}
    allowed = {}
    for name, targets in rows.items():
        named = set(targets.split(", ")) & set(rows)
        allowed[name] = set(rows) if targets == "everything" else named | {name}
    return allowed


ALLOWED = packages()
FILES = [path for package in sorted(ALLOWED) for path in sorted((REPOSITORY / package).rglob("*.py"))]


def imported(tree: ast.AST, path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports anywhere in it (line, dotted name), relative imports made whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.relative_to(REPOSITORY).parts[: -node.level] if node.level else ()
            yield node.lineno, ".".join([*above, *([node.module] if node.module else [])])
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, name) for name in _imported_by_name(node))


def _imported_by_name(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in {"import_module", "__import__", "import_string"}:
        yield from (
            a.value for a in call.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)
        )


def models_named(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Models named by text (line, app label), as in ForeignKey("dictionary.Entry") or get_model("search.Row")."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    match = re.fullmatch(r"(\w+)\.[A-Z]\w*", argument.value)
                    if match:
                        yield node.lineno, match[1]


def test_the_drawing_is_read_and_agrees_with_the_folders() -> None:
    assert {"config", "access", "jobs", "search", "dictionary", "languages"} <= set(ALLOWED)
    assert ALLOWED["languages"] == {"languages"}
    assert ALLOWED["access"] == {"access"}
    folders = {path.parent.name for path in REPOSITORY.glob("*/__init__.py")} - {"tests"}
    assert folders <= set(ALLOWED), "a package stands outside the drawing"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_import_follows_an_arrow(path: Path) -> None:
    package = path.relative_to(REPOSITORY).parts[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for line, name in imported(tree, path):
        top = name.partition(".")[0]
        assert top != "tests", f"line {line} imports the tests"
        assert top not in ALLOWED or top in ALLOWED[package], f"line {line}: {package} -> {top} is no arrow"
    for line, top in models_named(tree):
        assert top not in ALLOWED or top in ALLOWED[package], f"line {line}: {package} -> {top} is no arrow"


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.is_relative_to(REPOSITORY / "languages")],
    ids=lambda path: path.relative_to(REPOSITORY).as_posix(),
)
def test_the_ground_floor_stands_on_icu_fonttools_and_the_standard_library(path: Path) -> None:
    for line, name in imported(ast.parse(path.read_text(encoding="utf-8")), path):
        top = name.partition(".")[0]
        assert top in LANGUAGES_STAND_ON or top in sys.stdlib_module_names, f"line {line} imports {name}"


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.is_relative_to(REPOSITORY / "ime") and path.parts[-1] != "__init__.py"],
    ids=lambda path: path.relative_to(REPOSITORY).as_posix(),
)
def test_typing_and_targets_of_keyboards_stand_on_languages_alone(path: Path) -> None:
    """All of `ime` but its Django part: it runs where there is no site and no database."""
    if path.relative_to(REPOSITORY / "ime").parts[0].removesuffix(".py") in KEYBOARD_SITE:
        return
    site = {f"ime.{name}" for name in KEYBOARD_SITE}
    for line, name in imported(ast.parse(path.read_text(encoding="utf-8")), path):
        top = name.partition(".")[0]
        assert top not in set(ALLOWED) - {"ime", "languages"}, f"line {line} imports {name}"
        assert top not in {"django", "wagtail", "modelcluster"}, f"line {line} imports {name}"
        assert ".".join(name.split(".")[:2]) not in site, f"line {line} imports {name}"


@pytest.mark.parametrize(
    ("below", "above"), [("models", "interfaces"), ("domain", "interfaces"), ("formats", "interfaces")]
)
def test_inside_an_app_nothing_below_imports_what_is_above(below: str, above: str) -> None:
    for path in FILES:
        parts = path.relative_to(REPOSITORY).with_suffix("").parts
        if len(parts) > 1 and parts[1] == below:
            for line, name in imported(ast.parse(path.read_text(encoding="utf-8")), path):
                assert not name.startswith(f"{parts[0]}.{above}"), f"{path}:{line} imports {name}"


# --- no code names a language ------------------------------------------------------------------------------------


def codes() -> set[str]:
    """The codes, aliases and orthography tags of the profiles, without the interface's own languages."""
    from languages import registry

    found = set()
    for profile in registry().profiles.values():
        found |= {profile.code, *profile.aliases, *(orthography.tag for orthography in profile.orthographies)}
    return {code for code in found if code.partition("-")[0] not in INTERFACE_LANGUAGES}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The texts that stand in a file as values (line, text): string constants, or what is quoted in a template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, node.value
        return
    for number, line in enumerate(text.splitlines(), 1):
        yield from (
            (number, match[1] or match[2] or "") for match in re.finditer(r""""([^"]*)"|'([^']*)'""", line)
        )


def sources() -> Iterator[Path]:
    """All code, templates and scripts of the packages (migrations apart), and what the tests share."""
    yield from (
        path for path in sorted((REPOSITORY / "tests").rglob("*.py")) if not path.name.startswith("test_")
    )
    for package in sorted(ALLOWED):
        for pattern in ("*.py", "*.html", "*.js", "*.css"):
            for path in sorted((REPOSITORY / package).rglob(pattern)):
                parts = path.relative_to(REPOSITORY).parts
                if "migrations" not in parts and "profiles" not in parts:
                    yield path


def test_no_code_and_no_template_names_a_language() -> None:
    forbidden = codes()
    assert len(forbidden) > 8
    named = [
        f"{path.relative_to(REPOSITORY)}:{line}: {text!r}"
        for path in sources()
        for line, text in literals(path)
        if text not in PROGRAMS
        and (text in forbidden or (text.partition("-")[0] in forbidden and re.fullmatch(r"\w+(-\w+)+", text)))
    ]
    assert named == []
