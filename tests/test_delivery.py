"""How repaired files are left behind, without losing anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import delivery, workspace
from bot.errors import UserError
from bot.model import Source
from tests.test_workspace import checkout

FIXED = Source("app/Dockerfile", "FROM b\n")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a clean checkout with an executable Dockerfile in a folder."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Dockerfile").write_text("FROM a\n")
    (tmp_path / "app/Dockerfile").chmod(0o755)
    return checkout(tmp_path)


def test_writes_in_place_where_git_can_take_it_back(tree: Path) -> None:
    """A clean checkout loses nothing."""
    delivery.in_place(tree, [FIXED], force=False)

    assert (tree / "app/Dockerfile").read_text() == "FROM b\n"


def test_refuses_a_dirty_tree(tree: Path) -> None:
    """Repairs must not be mixed with work that is not committed."""
    (tree / "notes").write_text("mine")

    with pytest.raises(UserError, match=r"not committed \(notes\)"):
        delivery.in_place(tree, [FIXED], force=False)

    assert (tree / "app/Dockerfile").read_text() == "FROM a\n"


def test_refuses_a_tree_without_git(tmp_path: Path) -> None:
    """Without git there is no way back."""
    (tmp_path / "app").mkdir()

    with pytest.raises(UserError, match="not a git checkout"):
        delivery.in_place(tmp_path, [FIXED], force=False)


def test_force_means_it(tree: Path) -> None:
    """The author may insist."""
    (tree / "notes").write_text("mine")

    delivery.in_place(tree, [FIXED], force=True)

    assert (tree / "app/Dockerfile").read_text() == "FROM b\n"
    assert (tree / "notes").read_text() == "mine"


def test_nothing_to_write_is_never_refused(tree: Path) -> None:
    """A second run has nothing to do and says so, however dirty the tree."""
    (tree / "notes").write_text("mine")

    delivery.in_place(tree, [], force=False)

    assert workspace.dirty(tree) == ("notes",)


def test_a_branch_leaves_the_work_tree_alone(tree: Path) -> None:
    """What is checked out, staged and half written stays as it is."""
    (tree / "app/Dockerfile").write_text("FROM half-written\n")

    commit = delivery.branch(tree, "arm64", [FIXED], "Repair\n")

    assert (tree / "app/Dockerfile").read_text() == "FROM half-written\n"
    assert workspace.git(tree, "symbolic-ref", "HEAD") == "refs/heads/main\n"
    assert workspace.git(tree, "rev-parse", "arm64^") == workspace.git(
        tree, "rev-parse", "main"
    )
    assert workspace.git(tree, "show", f"{commit}:app/Dockerfile") == "FROM b\n"
    assert workspace.git(tree, "ls-tree", "-r", "arm64").startswith("100755 ")


def test_a_branch_from_a_folder_keeps_the_rest(tree: Path) -> None:
    """PATH may be a part of the repository; its paths are relative to it."""
    commit = delivery.branch(
        tree / "app", "arm64", [Source("Dockerfile", "FROM b\n")], "Repair\n"
    )

    assert workspace.git(tree, "show", f"{commit}:app/Dockerfile") == "FROM b\n"


def test_never_moves_a_branch_that_is_there(tree: Path) -> None:
    """Somebody's work may be on it."""
    workspace.git(tree, "branch", "arm64")

    with pytest.raises(UserError, match="exists already"):
        delivery.branch(tree, "arm64", [FIXED], "Repair\n")


def test_git_applies_the_patch(tree: Path) -> None:
    """The patch is read by the tool that people will use, last line and all."""
    (tree / "app/Dockerfile").write_text("FROM a\nRUN true")
    workspace.git(tree, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qam.")
    before = workspace.read(tree)
    after = before.with_sources([Source("app/Dockerfile", "FROM b\nRUN true")])

    workspace.git(tree, "apply", text=delivery.patch(before, after))

    assert (tree / "app/Dockerfile").read_text() == "FROM b\nRUN true"
