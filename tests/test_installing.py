"""What the instructions fetch is held to hashes, down to the tools that build."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.txt"))
PLACES = ("README.md", "Makefile", "CONTRIBUTING.md", ".ci/run")


def installs(name: str) -> list[list[str]]:
    """Return the words of each ``pip install`` in the file *name*."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"\bpip3? install\b([^\n;&|`]*)", text)
    return [words.split() for words in found]


def is_held(words: list[str]) -> bool:
    """Tell whether this fetches what a hash names, or nothing at all.

    A source distribution is built with tools that no hash of ours names.
    """
    if "--require-hashes" in words:
        at = words.index("--only-binary") if "--only-binary" in words else -1
        return at >= 0 and words[at + 1] == ":all:"
    # The checkout itself, built with what is there.
    return {"--no-deps", "--no-build-isolation"} <= set(words) and words[-1] == "."


def entries(lock: Path) -> list[str]:
    """Return each requirement of *lock* with its hashes, on one line."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("name", PLACES)
def test_everything_is_installed_by_hash(name: str) -> None:
    """Whoever can put a file on an index must not get to run it here."""
    assert [words for words in installs(name) if not is_held(words)] == []


def test_there_is_something_to_hold() -> None:
    """Instructions that are written in another way would be watched no more."""
    assert [len(installs(name)) for name in ("README.md", "Makefile")] == [2, 2]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_each_requirement_has_its_hashes(lock: Path) -> None:
    """One without would be refused, after the others have been fetched."""
    shape = re.compile(
        r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+( ; .+?)?( +--hash=sha256:\w{64})+"
    )

    assert [line for line in entries(lock) if not shape.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_an_address(lock: Path) -> None:
    """Where packages come from is for whoever installs them to say."""
    assert "://" not in lock.read_text(encoding="utf-8")


def test_what_builds_is_locked_too() -> None:
    """Without isolation pip takes it from the environment."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {
        re.split(r"[<>=~! ]", one)[0] for one in project["build-system"]["requires"]
    }
    locked = {
        one.partition("==")[0] for one in entries(ROOT / "requirements-build.txt")
    }

    assert needed <= locked
    assert project["build-system"]["build-backend"].partition(".")[0] in locked


def test_the_tool_that_locks_is_locked() -> None:
    """`make lock` uses the environment that the last lock describes."""
    locked = {one.partition("==")[0] for one in entries(ROOT / "requirements-dev.txt")}
    rule = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlock:")[2]

    assert {"pip-tools", "pip", "setuptools", "wheel"} <= locked
    assert rule.startswith(" $(READY)")
