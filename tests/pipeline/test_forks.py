"""The base branch's configuration takes the place of whatever a fork has there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.pipeline import forks

OURS = "builds: []\n"


def file(tree: Path) -> None:
    """Have a configuration as anybody has."""
    (tree / ".github").mkdir()
    (tree / ".github/multiarch.yml").write_text("theirs\n")


def link(tree: Path) -> None:
    """Have a link in place of the file."""
    (tree / ".github").mkdir()
    (tree / ".github/multiarch.yml").symlink_to(tree.parent / "host")


def linked_folder(tree: Path) -> None:
    """Have a link in place of the folder."""
    (tree / ".github").symlink_to(tree.parent / "away")


def folder(tree: Path) -> None:
    """Have a folder in place of the file."""
    (tree / ".github/multiarch.yml/deep").mkdir(parents=True)


def plain(tree: Path) -> None:
    """Have a file in place of the folder."""
    (tree / ".github").write_text("x")


def nothing(tree: Path) -> None:
    """Have nothing there."""


@pytest.mark.parametrize("theirs", [file, link, linked_folder, folder, plain, nothing])
@pytest.mark.parametrize("ours", [OURS, None])
def test_whatever_stands_there_gives_way(
    tmp_path: Path, theirs: Callable[[Path], None], ours: str | None
) -> None:
    """Nothing outside of the tree is written or removed for it."""
    tree, host, away = tmp_path / "tree", tmp_path / "host", tmp_path / "away"
    tree.mkdir()
    away.mkdir()
    host.write_text("host\n")
    (away / "multiarch.yml").write_text("away\n")
    theirs(tree)
    forks.configure(tree, ours)

    there = tree / ".github/multiarch.yml"
    assert (there.read_text() if there.exists() else None) == ours
    assert not there.is_symlink()
    assert host.read_text() == "host\n"
    assert [each.read_text() for each in away.iterdir()] == ["away\n"]
