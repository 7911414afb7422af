"""The documentation is current, and leaves nothing out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import pages
from bot.causes import CAUSES
from bot.pages import DOCS
from bot.rules import RULES
from bot.settings import Settings
from handlers.commands import COMMANDS

ROOT = DOCS.parent
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def words(path: Path) -> str:
    """Return the text of *path* with every run of blanks as one."""
    return " ".join(path.read_text(encoding="utf-8").split())


def written() -> Iterator[Path]:
    """Yield every page that people read."""
    yield from (ROOT / name for name in ("README.md", "CONTRIBUTING.md"))
    yield from sorted(DOCS.rglob("*.md"))


def test_the_generated_pages_are_current() -> None:
    """`make pages` would change nothing."""
    assert pages.stale(DOCS) == []


def test_every_rule_and_cause_has_a_page_and_is_listed() -> None:
    """A finding's name must lead somewhere."""
    for folder, plugins in (("rules", RULES), ("causes", CAUSES)):
        listed = words(DOCS / folder / "README.md")
        names = [item.name for item in plugins]

        assert [name for name in names if f"({name}.md)" not in listed] == []
        assert [
            name for name in names if not (DOCS / folder / f"{name}.md").exists()
        ] == []


def test_every_setting_is_documented() -> None:
    """What nobody can find, nobody can set."""
    told = words(DOCS / "settings.md")
    entries = [field.metadata["entry"] for field in dataclasses.fields(Settings)]

    assert [one.variable for one in entries if f"`{one.variable}`" not in told] == []
    assert [one.variable for one in entries if one.doc not in told] == []


def test_every_setting_in_the_documentation_is_one() -> None:
    """Whoever copies a line must not find that it does nothing."""
    known = {field.metadata["entry"].variable for field in dataclasses.fields(Settings)}
    files = {f"{name}_FILE" for name in known if name.endswith(("_KEY", "_SECRET"))}
    named = {
        hit
        for path in written()
        for hit in re.findall(r"\bMULTIARCH_[A-Z_]+\b", path.read_text())
    }

    assert named - known - files == set()


def test_every_subcommand_is_documented() -> None:
    """The README is where people look."""
    told = words(ROOT / "README.md")
    files = sorted((ROOT / "bot/cli").glob("[a-z]*.py"))

    assert files
    assert [one.stem for one in files if f"multiarch {one.stem}" not in told] == []


def test_every_comment_command_is_documented() -> None:
    """The README is where people look."""
    told = words(ROOT / "README.md")

    assert COMMANDS
    assert [one.usage for one in COMMANDS.values() if one.usage not in told] == []


def test_every_link_leads_somewhere() -> None:
    """Pages move, and what names them stays behind."""
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in written()
        for target in _LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]

    assert dead == []


def test_pages_of_nothing_are_removed_and_others_written(tmp_path: Path) -> None:
    """A rule that is renamed leaves no page behind."""
    docs = tmp_path / "docs"
    pages.write(docs)
    (docs / "rules/gone.md").write_text("# gone\n")
    (docs / "settings.md").write_text("old\n")
    (docs / f"causes/{CAUSES[0].name}.md").unlink()
    (docs / "security.md").write_text("by hand\n")
    wrong = pages.stale(docs)
    pages.write(docs)

    assert wrong == [f"causes/{CAUSES[0].name}.md", "rules/gone.md", "settings.md"]
    assert pages.stale(docs) == []
    assert not (docs / "rules/gone.md").exists()
    assert (docs / "security.md").read_text() == "by hand\n"


@pytest.mark.parametrize("folder", ["rules", "causes"])
def test_pages_can_be_written_where_there_are_none(tmp_path: Path, folder: str) -> None:
    """The folders are made."""
    pages.write(tmp_path)

    assert (tmp_path / folder / "README.md").exists()
    assert pages.stale(tmp_path) == []
