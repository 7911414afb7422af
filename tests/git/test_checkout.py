"""Git on honest checkouts answers as it would by itself."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import delivery, workspace
from bot.errors import UserError
from bot.git import checkout as restrained
from bot.model import Source
from tests import checkouts
from tests.checkouts import checkout
from tests.rehearsing import planted

LIST = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
STATUS = ("status", "--porcelain", "-z", "--no-renames")
FILES = {"Dockerfile": "FROM a\n", "app/main.c": "", "out/x": "", "mine/y": ""}


def _plain(tree: Path) -> Path:
    return checkout(tree)


def _excluding(tree: Path) -> Path:
    checkout(planted(tree, {".gitignore": "/out\n"}))
    git_info = tree / ".git/info/exclude"
    git_info.write_text("mine\n")
    return planted(tree, {"out/new": "", "mine/new": "", "new": ""})


def _work_tree(tree: Path) -> Path:
    other = tree.parent / "other"
    checkouts.git(checkout(tree), "worktree", "add", "-q", "-b", "other", str(other))
    return planted(other, {"new": ""})


def _separate(tree: Path) -> Path:
    checkouts.git(checkout(tree), "init", "-q", f"--separate-git-dir={tree}.git")
    return planted(tree, {"new": ""})


def _sparse(tree: Path) -> Path:
    checkouts.git(checkout(tree), "sparse-checkout", "set", "app")
    return tree


def _split_index(tree: Path) -> Path:
    checkouts.git(checkout(tree), "update-index", "--split-index")
    checkouts.git(planted(tree, {"new": ""}), "add", "new")
    return tree


def _long_hashes(tree: Path) -> Path:
    checkouts.git(tree, "init", "-q", "-b", "main", "--object-format=sha256")
    return checkout(tree)


def _packed(tree: Path) -> Path:
    checkouts.git(checkout(tree), "gc", "-q")
    return planted(tree, {"Dockerfile": "FROM b\n"})


def _submodule(tree: Path) -> Path:
    inner = checkout(planted(tree.parent / "inner", {"a": ""}))
    allowed = ("-c", "protocol.file.allow=always")
    checkout(tree)
    checkouts.git(tree, *allowed, "submodule", "-q", "add", str(inner), "lib")
    return tree


def _sharing(tree: Path) -> Path:
    """Leave the objects in another repository, as `git clone --shared` has it."""
    checkouts.git(tree.parent, "clone", "-q", "--shared", str(checkout(tree)), "copy")
    return tree.parent / "copy"


def _without_blobs(tree: Path) -> Path:
    """Fetch nothing but what is checked out."""
    checkouts.git(checkout(tree), "config", "uploadpack.allowFilter", "true")
    words = ("-q", "--filter=blob:none", "--no-checkout", f"file://{tree}", "copy")
    checkouts.git(tree.parent, "clone", *words)
    checkouts.git(tree.parent / "copy", "sparse-checkout", "set", "--no-cone", "app")
    checkouts.git(tree.parent / "copy", "checkout", "-q", "main")
    return tree.parent / "copy"


HONEST = pytest.mark.parametrize(
    "made",
    [
        *(_plain, _excluding, _work_tree, _separate, _sparse, _split_index),
        *(_long_hashes, _packed, _submodule, _sharing, _without_blobs),
    ],
)


@HONEST
def test_a_checkout_is_read_as_git_reads_it(
    made: Callable[[Path], Path], tmp_path: Path
) -> None:
    """Whatever kind of checkout it is, the same files and changes are told."""
    tree = made(planted(tmp_path / "tree", FILES))

    for words in (LIST, STATUS, ("rev-parse", "HEAD"), ("ls-tree", "-r", "HEAD")):
        assert restrained.git(tree, *words) == checkouts.git(tree, *words)


@HONEST
def test_a_branch_is_what_git_would_have_made(
    made: Callable[[Path], Path], tmp_path: Path
) -> None:
    """The repair and nothing else; the repository is whole afterwards."""
    tree = made(planted(tmp_path / "tree", FILES))
    before = checkouts.git(tree, *STATUS)
    commit = delivery.branch(tree, "arm64", [Source("app/main.c", "x\n")], "Repair\n")
    changed = checkouts.git(tree, "diff", "--name-status", "HEAD", "arm64")

    assert checkouts.git(tree, "rev-parse", "arm64").strip() == commit
    assert changed == "M\tapp/main.c\n"
    assert checkouts.git(tree, *STATUS) == before
    assert (
        "created from"
        in checkouts.git(tree, "reflog", "show", "--format=%gs", "arm64").lower()
    )
    checkouts.git(tree, "fsck", "--strict", "--connectivity-only")


def test_the_users_own_settings_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What he ignores everywhere, and who he is, in the place that is his."""
    tree = checkout(planted(tmp_path / "tree", {"a": ""}))
    planted(tree, {"n": ""})
    planted(tmp_path / "home", {".config/git/ignore": "n\n"})
    (tmp_path / "home/.gitconfig").write_text(
        f'[includeIf "gitdir:{tree}/"]\n\tpath = work\n'
    )
    (tmp_path / "home/work").write_text("[user]\n\tname = W\n\temail = w@work\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    commit = delivery.branch(tree, "arm64", [Source("a", "x\n")], "Repair\n")

    assert workspace.read(tree).paths == {"a"}
    assert checkouts.git(tree, "log", "-1", "--format=%an <%ae>", commit) == (
        "W <w@work>\n"
    )


def test_a_file_that_a_filter_makes_is_not_committed(tmp_path: Path) -> None:
    """Git would commit what the program makes of it, and programs are not run."""
    tree = checkout(
        planted(
            tmp_path, {".gitattributes": "big/* filter=lfs\n", "big/Dockerfile": ""}
        )
    )
    fixed = [Source("big/Dockerfile", "FROM b\n")]

    with pytest.raises(UserError) as told:
        delivery.branch(tree, "arm64", fixed, "Repair\n")
    assert str(told.value) == (
        "Git sends big/Dockerfile through the filter lfs when it is committed, and "
        "filters are programs that are not run here. Look at the changes with --diff, "
        "or write them with --patch."
    )
    assert restrained.filtered(tree, ".gitattributes") == ""
    with pytest.raises(subprocess.CalledProcessError):
        checkouts.git(tree, "rev-parse", "--verify", "arm64")


def test_a_failing_git_is_told_in_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git says is what helps."""
    with pytest.raises(UserError, match="`git rev-parse` failed: not a git repository"):
        restrained.git(tmp_path, "rev-parse", "HEAD")
    checkout(tmp_path)
    words = ("-c", "user.name=A", "--literal-pathspecs", "rev-parse", "--verify", "x")
    with pytest.raises(UserError, match="`git rev-parse` failed: fatal: Needed a"):
        restrained.git(tmp_path, *words)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="`git config` could not be run"):
        restrained.git(tmp_path, "status")
