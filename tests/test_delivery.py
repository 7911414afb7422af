"""How repaired files are left behind, without losing anything."""

from __future__ import annotations

import re
import resource
from pathlib import Path

import pytest

from bot import delivery, workspace
from bot.errors import UserError
from bot.model import Source
from tests.checkouts import checkout, git

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
    risk = delivery.what_could_be_lost(tree)
    delivery.in_place(tree, workspace.read(tree), [FIXED])

    assert (risk, (tree / "app/Dockerfile").read_text()) == ("", "FROM b\n")


def test_knows_that_a_dirty_tree_could_lose_something(tree: Path) -> None:
    """Repairs must not be mixed with work that is not committed."""
    (tree / "notes").write_text("mine")

    assert delivery.what_could_be_lost(tree) == (
        "The work tree has changes that are not committed (notes), and they would be "
        "mixed with the repairs. Commit or stash them, look with --diff, or use "
        "--force."
    )


def test_knows_that_a_tree_without_git_could_lose_something(tmp_path: Path) -> None:
    """Without git there is no way back."""
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    broken = delivery.what_could_be_lost(tmp_path)
    (tmp_path / ".git").write_text("nonsense\n")

    assert broken == (
        f"{tmp_path} is not a git checkout, so a change could not be taken back. "
        "Look at it with --diff, or make it with --force."
    )
    assert delivery.what_could_be_lost(tmp_path) == (
        f"Git does not read {tmp_path} ({tmp_path}/.git is a file that names no "
        "repository), so a change could not be taken back. "
        "Look at it with --diff, or make it with --force."
    )


def test_what_was_written_meanwhile_is_not_lost(tree: Path) -> None:
    """A proof takes an hour, and an author goes on working; force is no reason."""
    before = workspace.read(tree)
    (tree / "app/Dockerfile").write_text("FROM mine\n")

    with pytest.raises(UserError, match=r"^app/Dockerfile was changed while this ran"):
        delivery.in_place(tree, before, [FIXED])
    assert (tree / "app/Dockerfile").read_text() == "FROM mine\n"
    (tree / "app/Dockerfile").unlink()
    with pytest.raises(UserError, match=r"^app/Dockerfile was changed while this ran"):
        delivery.in_place(tree, before, [FIXED])


def test_a_disk_that_is_full_is_told(tree: Path) -> None:
    """It is no defect of ours, and what helps is named."""
    before = workspace.read(tree)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3, unlimited[1]))
    try:
        with pytest.raises(UserError) as told:
            delivery.in_place(tree, before, [FIXED])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

    assert str(told.value) == (
        "The repairs cannot be written: File too large. "
        "Make it possible, or take them with --patch."
    )
    assert workspace.dirty(tree) == ()


def test_git_converts_line_ends_on_a_branch_too(tree: Path) -> None:
    """Else every line of the file would differ from the one that it comes from."""
    git(tree, "config", "core.autocrlf", "true")
    (tree / "app/Dockerfile").write_bytes(b"FROM a\r\n")
    before = workspace.read(tree)
    fixed = [Source("app/Dockerfile", "FROM b\r\n")]

    delivery.refuse_mixture(tree, before, fixed)
    commit = delivery.branch(tree, "arm64", fixed, "Repair\n")

    assert git(tree, "show", f"{commit}:app/Dockerfile") == "FROM b\n"


@pytest.mark.parametrize("path", ["app/Dockerfile", "Dockerfile"])
def test_a_branch_holds_nothing_but_the_repairs(tree: Path, path: str) -> None:
    """What is not committed, or was committed meanwhile, is the author's."""
    (tree / path).write_text("FROM half-written\n")
    before = workspace.read(tree)

    with pytest.raises(UserError, match=f"^{path} is not as the last commit has it"):
        delivery.refuse_mixture(tree, before, [Source(path, "FROM b\n")])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "'' cannot be the name of a branch"),
        ("a b", "'a b' cannot be the name of a branch"),
        ("-x", "'-x' cannot be the name of a branch"),
        ("@{-1}", "cannot be the name of a branch"),
        ("main/arm64", "'refs/heads/main' exists; cannot create"),
    ],
)
def test_a_name_that_git_would_refuse_is_refused_at_once(
    tree: Path, name: str, reason: str
) -> None:
    """Nobody waits for an hour to hear it."""
    with pytest.raises(UserError, match=re.escape(reason)):
        delivery.refuse_branch(tree, name)

    assert git(tree, "for-each-ref", "--format=%(refname)") == ("refs/heads/main\n")


def test_a_branch_starts_from_a_commit(tmp_path: Path) -> None:
    """A repository that was just made has none."""
    git(tmp_path, "init", "-q")

    with pytest.raises(UserError, match="has no commit yet that the branch arm64"):
        delivery.refuse_branch(tmp_path, "arm64")


def test_a_branch_leaves_the_work_tree_alone(tree: Path) -> None:
    """What is checked out, staged and half written stays as it is."""
    (tree / "app/Dockerfile").write_text("FROM half-written\n")

    commit = delivery.branch(tree, "arm64", [FIXED], "Repair\n")

    assert (tree / "app/Dockerfile").read_text() == "FROM half-written\n"
    assert git(tree, "symbolic-ref", "HEAD") == "refs/heads/main\n"
    assert git(tree, "rev-parse", "arm64^") == git(tree, "rev-parse", "main")
    assert git(tree, "show", f"{commit}:app/Dockerfile") == "FROM b\n"
    assert git(tree, "ls-tree", "-r", "arm64").startswith("100755 ")


def test_a_branch_from_a_folder_keeps_the_rest(tree: Path) -> None:
    """PATH may be a part of the repository; its paths are relative to it."""
    commit = delivery.branch(
        tree / "app", "arm64", [Source("Dockerfile", "FROM b\n")], "Repair\n"
    )

    assert git(tree, "show", f"{commit}:app/Dockerfile") == "FROM b\n"


def test_never_moves_a_branch_that_is_there(tree: Path) -> None:
    """Somebody's work may be on it."""
    git(tree, "branch", "arm64")

    with pytest.raises(UserError, match="exists already"):
        delivery.branch(tree, "arm64", [FIXED], "Repair\n")


@pytest.mark.parametrize("folder", ["a b", "tab\there", 'line\n"end\\', "d\udcff", "é"])
def test_git_applies_the_patch_of_every_name(tree: Path, folder: str) -> None:
    """Linux forbids few characters in a path, and git none."""
    path = f"{folder}/Dockerfile"
    (tree / folder).mkdir()
    (tree / path).write_text("FROM a\n")
    before = workspace.read(tree)
    patch = tree.parent / "out.patch"
    after = before.with_sources([Source(path, "FROM b\n")])

    delivery.write_patch(patch, delivery.patch(tree, before, after))
    git(tree, "apply", str(patch))

    assert (tree / path).read_text() == "FROM b\n"


def test_git_applies_the_patch(tree: Path) -> None:
    """The patch is read by the tool that people will use, last line and all."""
    (tree / "app/Dockerfile").write_text("FROM a\nRUN true")
    git(tree, "commit", "-qam.")
    before = workspace.read(tree)
    after = before.with_sources([Source("app/Dockerfile", "FROM b\nRUN true")])

    git(tree, "apply", text=delivery.patch(tree, before, after))

    assert (tree / "app/Dockerfile").read_text() == "FROM b\nRUN true"


@pytest.mark.parametrize("place", ["", "app", "other"])
def test_git_applies_the_patch_of_a_folder_to_that_folder(
    tree: Path, place: str
) -> None:
    """A file of the same name lies at the top, and each must stay what it is."""
    (tree / "Dockerfile").write_text("FROM a\n")
    (tree / "other").mkdir()
    before = workspace.read(tree / "app")
    after = before.with_sources([Source("Dockerfile", "FROM b\n")])

    text = delivery.patch(tree / "app", before, after)
    git(tree / place, "apply", text=text)

    changed = place != "other"  # from there git leaves other folders alone
    assert (tree / "Dockerfile").read_text() == "FROM a\n"
    assert (tree / "app/Dockerfile").read_text() == f"FROM {'b' if changed else 'a'}\n"
    assert text == (
        "diff --git a/app/Dockerfile b/app/Dockerfile\n"
        "--- a/app/Dockerfile\n+++ b/app/Dockerfile\n@@ -1 +1 @@\n-FROM a\n+FROM b\n"
    )


def test_git_applies_the_patch_of_the_top_from_a_folder(tree: Path) -> None:
    """Git leaves what is outside of the folder alone, and must not take it for ours."""
    (tree / "Dockerfile").write_text("FROM a\n")
    before = workspace.read(tree)
    after = before.with_sources([Source("Dockerfile", "FROM b\n")])

    git(tree / "app", "apply", text=delivery.patch(tree, before, after))

    assert (tree / "app/Dockerfile").read_text() == "FROM a\n"


def test_a_patch_without_git_starts_in_the_folder(tmp_path: Path) -> None:
    """There is no top that its paths could start from."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Dockerfile").write_text("FROM a\n")
    before = workspace.read(tmp_path / "app")
    after = before.with_sources([Source("Dockerfile", "FROM b\n")])

    text = delivery.patch(tmp_path / "app", before, after)
    git(tmp_path / "app", "apply", text=text)

    assert (tmp_path / "app/Dockerfile").read_text() == "FROM b\n"
    assert text.startswith("--- a/Dockerfile\n+++ b/Dockerfile\n")
