"""Which repository a directory is checked out from, found without git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.git import repository
from bot.git.repository import Repository
from tests.attacks.traps import looks_bare
from tests.checkouts import checkout, git
from tests.rehearsing import planted


def test_a_directory_in_none_is_in_none(tmp_path: Path) -> None:
    """Neither a file of that name, nor one that leads nowhere, makes a checkout."""
    (tmp_path / "a/.git").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/.git").write_text("gitdir: /nowhere\n")

    assert [repository.find(tmp_path / name) for name in ("", "a", "b")] == [None] * 3


def test_a_tree_is_no_repository_by_itself(tmp_path: Path) -> None:
    """Any project may hold such files; git takes it for one."""
    planted(tmp_path, looks_bare("true"))

    assert repository.find(tmp_path) is None
    assert repository.is_bare(tmp_path)


def test_a_checkout_is_found_from_below(tmp_path: Path) -> None:
    """PATH may be a part of it, and be reached through a link."""
    tree = checkout(planted(tmp_path / "tree", {"a/b/c": ""}))
    (tmp_path / "link").symlink_to(tree / "a")
    known = Repository(tree, tree / ".git", tree / ".git")

    assert repository.find(tree) == known
    assert repository.find(tmp_path / "link/b") == known
    assert not repository.is_bare(tree)


def test_a_work_tree_shares_a_repository(tmp_path: Path) -> None:
    """HEAD and the index are its own; branches and objects are not."""
    tree, other = checkout(planted(tmp_path / "tree", {"a": ""})), tmp_path / "other"
    git(tree, "worktree", "add", "-q", str(other))

    assert repository.find(other) == Repository(
        other, tree / ".git/worktrees/other", tree / ".git"
    )


def test_a_file_that_names_nothing_is_told(tmp_path: Path) -> None:
    """It is broken: to go on as if there were none would hide that."""
    (tmp_path / ".git").write_text("nonsense\n")

    with pytest.raises(UserError, match="is a file that names no repository"):
        repository.find(tmp_path)


def test_nothing_is_waited_for(tmp_path: Path) -> None:
    """An archive may hold a pipe, and nobody writes to it."""
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / ".git/commondir")

    assert repository.find(tmp_path) is None
    assert repository.line(tmp_path / ".git/commondir") == ""
