"""Who may know what of the outside world, and what must be told about it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.settings import entries, reference
from tests.test_architecture import ROOT, files, imports


def importers(module: str) -> set[str]:
    """Return the places of the program that import *module*."""
    known = [*files("bot"), *files("handlers")]
    return {_place(path) for path in known if module in imports(path)}


def _place(path: Path) -> str:
    """Return the package of *path*, or the module where it is in none."""
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[:2]) if parts[0] == "bot" else parts[0]


@pytest.mark.parametrize(
    ("module", "places"),
    [
        ("handlers", {"bot/app.py", "handlers"}),
        ("dbos", {"bot/jobs"}),
        ("gidgethub", {"bot/github", "bot/web", "handlers"}),
        ("aiohttp.web", {"bot/web"}),
        ("bot.jobs", {"bot/app.py", "bot/jobs"}),
    ],
)
def test_only_its_own_place_knows(module: str, places: set[str]) -> None:
    """What one package alone knows can be replaced; the rest cannot tell."""
    assert importers(module) == places


def _is_nested(node: ast.AST) -> bool:
    """Tell whether *node* is ``data["x"]["y"]``."""
    match node:
        case ast.Subscript(
            value=ast.Subscript(slice=ast.Constant(value=str())),
            slice=ast.Constant(value=str()),
        ):
            return True
    return False


def test_payloads_are_read_at_the_border() -> None:
    """What GitHub calls a thing is known in two places, and nowhere else."""
    found = {
        _place(path)
        for path in [*files("bot"), *files("handlers")]
        if any(map(_is_nested, ast.walk(ast.parse(path.read_text()))))
    }

    assert found <= {"bot/events.py", "bot/github"}


def test_the_page_of_settings_is_current() -> None:
    """A setting that nobody can read about is not there."""
    page = (ROOT / "docs/settings.md").read_text()

    assert page.endswith(reference())
    assert len(entries()) == page.count("\n| `")


def test_the_changelog_says_what_comes_next() -> None:
    """People who use the bot read nothing else."""
    text = (ROOT / "CHANGELOG.md").read_text()
    section = text.partition("## Unreleased")[2].partition("\n## ")[0]

    assert [line for line in section.splitlines() if line.startswith("- ")]
