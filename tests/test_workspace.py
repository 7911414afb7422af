"""How trees are read from disk, and how files are put back."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot import workspace
from bot.errors import UserError
from bot.model import Source
from bot.snapshot import Skipped
from tests.checkouts import checkout, git
from tests.rehearsing import planted


def test_reads_build_files_and_lists_the_rest(tmp_path: Path) -> None:
    """Rules see every path, but only build files cost memory."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Dockerfile").write_bytes(b"FROM alpine\r\n")
    (tmp_path / "main.go").write_text("package main\n")

    snapshot = workspace.read(tmp_path)

    assert snapshot.paths == {"app/Dockerfile", "main.go"}
    assert snapshot.sources == {
        "app/Dockerfile": Source("app/Dockerfile", "FROM alpine\r\n")
    }
    assert snapshot.skipped == ()


def test_a_checkout_leaves_out_what_git_ignores(tmp_path: Path) -> None:
    """Build output and vendored trees that git ignores are not the project."""
    (tmp_path / ".gitignore").write_text("/out/\n")
    (tmp_path / "Dockerfile").write_text("FROM alpine\n")
    checkout(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "Makefile").write_text("all:\n")

    paths = workspace.read(tmp_path).paths

    assert paths == {".gitignore", "Dockerfile", "Makefile"}


def test_an_unpacked_tree_is_read_without_git(tmp_path: Path) -> None:
    """Whatever git would say of it: its author may have told git what to say."""
    planted(tmp_path, {".gitignore": "/app/\n", "Dockerfile": "FROM alpine\n"})
    planted(checkout(tmp_path), {"app/Dockerfile": "FROM scratch\n"})
    known = frozenset({".gitignore", "Dockerfile"})

    assert workspace.read(tmp_path).paths == known
    assert workspace.read_unpacked(tmp_path).paths == known | {"app/Dockerfile"}


def test_an_index_names_nothing_outside_of_the_tree(tmp_path: Path) -> None:
    """It is a file like any other, and may hold what git would never write."""
    tree = planted(tmp_path / "tree", {"aaDockerfile": "FROM a\n"})
    planted(tmp_path, {"Dockerfile": "FROM secret\n"})
    checkout(tree)
    index = tree / ".git/index"
    content = index.read_bytes().replace(b"aaDockerfile", b"../Dockerfil")
    (tmp_path / "Dockerfil").write_text("FROM secret\n")
    index.write_bytes(content[:-20] + hashlib.sha1(content[:-20]).digest())  # noqa: S324 - git's own

    assert workspace.read(tree).paths == {"aaDockerfile"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"FROM a\0", "is a binary file", id="binary"),
        pytest.param(b"FROM \xff\n", "is not UTF-8 (byte 6)", id="latin-1"),
        pytest.param(b"#" * (1 << 20) + b"#", "is larger than 1 MiB", id="huge"),
    ],
)
def test_skips_what_cannot_be_read(tmp_path: Path, content: bytes, reason: str) -> None:
    """A file that is no text is passed over with a reason, never a crash."""
    (tmp_path / "Dockerfile").write_bytes(content)

    snapshot = workspace.read(tmp_path)

    assert snapshot.sources == {}
    assert snapshot.skipped == (Skipped("Dockerfile", reason),)


def test_reads_a_file_of_exactly_one_mebibyte(tmp_path: Path) -> None:
    """The limit itself is still allowed."""
    (tmp_path / "Dockerfile").write_bytes(b"#" * (1 << 20))

    assert workspace.read(tmp_path).skipped == ()


def test_follows_no_link_out_of_the_tree(tmp_path: Path) -> None:
    """A link in a stranger's repository must not show our own files."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tmp_path / "secret").write_text("FROM secret\n")
    (tree / "Dockerfile").symlink_to("../secret")
    (tree / "Dockerfile.real").write_text("FROM alpine\n")
    (tree / "Dockerfile.link").symlink_to("Dockerfile.real")
    (tree / "recipe.txt").write_text("FROM alpine\n")
    (tree / "Dockerfile.text").symlink_to("recipe.txt")
    (tree / "Dockerfile.gone").symlink_to("nowhere")
    (tree / "Dockerfile.dir").symlink_to(".")
    (tree / "Dockerfile.loop").symlink_to("Dockerfile.loop")
    os.mkfifo(tree / "Makefile")

    snapshot = workspace.read(tree)

    assert set(snapshot.sources) == {"Dockerfile.real"}
    assert {item.path: item.reason for item in snapshot.skipped} == {
        "Dockerfile": "is a symbolic link out of the tree",
        "Dockerfile.dir": "is not a regular file",
        "Dockerfile.gone": "cannot be read: No such file or directory",
        "Dockerfile.loop": "cannot be read: Too many levels of symbolic links",
        "Dockerfile.link": (
            "is a symbolic link to Dockerfile.real, which is read itself"
        ),
        "Dockerfile.text": (
            "is a symbolic link to recipe.txt, which is not read by that name"
        ),
        "Makefile": "is not a regular file",
    }
    judged = [item.path for item in snapshot.skipped if item.is_judged]
    assert judged == ["Dockerfile.link"]


def test_says_what_is_wrong_with_the_path(tmp_path: Path) -> None:
    """A typing error is answered with what to do."""
    with pytest.raises(UserError, match="Name the directory of a project"):
        workspace.read(tmp_path / "absent")


def test_puts_files_back_byte_for_byte(tmp_path: Path) -> None:
    """Line endings, a missing last newline and the mode survive."""
    script = tmp_path / "Dockerfile"
    script.write_bytes(b"FROM a\r\nRUN b")
    script.chmod(0o755)

    workspace.write(tmp_path, [Source("Dockerfile", "FROM c\r\nRUN b")])

    assert script.read_bytes() == b"FROM c\r\nRUN b"
    assert script.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["Dockerfile"]


def test_puts_back_all_files_or_none(tmp_path: Path) -> None:
    """A fix is a bundle: half of it is worse than nothing."""
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    wanted = [Source("Dockerfile", "FROM b\n"), Source("n" * 300, "")]

    with pytest.raises(OSError, match="File name too long"):
        workspace.write(tmp_path, wanted)

    assert (tmp_path / "Dockerfile").read_text() == "FROM a\n"
    assert [path.name for path in tmp_path.iterdir()] == ["Dockerfile"]


def test_a_repository_without_a_work_tree_is_told(tmp_path: Path) -> None:
    """Its branches and objects are no files of a project."""
    git(tmp_path, "init", "-q", "--bare")

    with pytest.raises(UserError, match="is a git repository without a work tree"):
        workspace.read(tmp_path)


def test_a_copy_shares_nothing_that_can_change(tmp_path: Path) -> None:
    """The loop repairs copies; the tree that it was given stays as it is."""
    tree, copy = tmp_path / "tree", tmp_path / "copy"
    (tree / "bin").mkdir(parents=True)
    (tree / "Dockerfile").write_text("FROM a\n")
    (tree / "bin/run").write_text("#!/bin/sh\n")
    (tree / "bin/link").symlink_to("run")

    workspace.copy(tree, [Source("Dockerfile", "FROM b\n")], copy)

    assert (tree / "Dockerfile").read_text() == "FROM a\n"
    assert (copy / "Dockerfile").read_text() == "FROM b\n"
    assert (copy / "bin/run").read_text() == "#!/bin/sh\n"
    assert os.readlink(copy / "bin/link") == "run"  # noqa: PTH115 - the raw text


@contextmanager
def as_nobody() -> Iterator[Path]:
    """Be a user who may not read everything; give a folder that anybody may."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        me = os.geteuid()
        if me == 0:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            os.seteuid(me)


def test_a_copy_leaves_out_what_cannot_be_read() -> None:
    """A database leaves a folder of its own user beside many a compose file."""
    with as_nobody() as folder:
        tree, copy = folder / "tree", folder / "copy"
        (tree / "pgdata").mkdir(parents=True)
        (tree / "Dockerfile").write_text("FROM a\n")
        (tree / "pgdata").chmod(0)
        os.mkfifo(tree / "pipe")

        left_out = workspace.copy(tree, [], copy)
        (tree / "pgdata").chmod(0o700)

        assert left_out == ("pgdata",)
        assert (copy / "Dockerfile").read_text() == "FROM a\n"
        assert not (copy / "pipe").exists()


def test_a_folder_that_cannot_be_read_is_told() -> None:
    """Silence about it would read as if it had been found healthy."""
    with as_nobody() as folder:
        (folder / "tree/closed/in").mkdir(parents=True)
        (folder / "tree/closed").chmod(0)
        skipped = workspace.read(folder / "tree").skipped
        said = []
        for path in ("tree/closed", "tree/closed/in"):
            with pytest.raises(UserError) as told:
                workspace.read(folder / path)
            said.append(str(told.value).removeprefix(f"{folder}/"))
        (folder / "tree/closed").chmod(0o700)

    why = "cannot be read (Permission denied), so there is nothing to read."
    advice = "Name the directory of a project."
    assert skipped == (Skipped("closed", "cannot be read: Permission denied"),)
    assert said == [
        f"tree/closed {why} {advice}",
        f"tree/closed/in {why} {advice}",
    ]


def test_knows_what_is_not_committed(tmp_path: Path) -> None:
    """Changed and untracked files are what a repair could be mixed with."""
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    checkout(tmp_path)
    clean = workspace.dirty(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM b\n")
    (tmp_path / "new file").write_text("")

    assert clean == ()
    assert workspace.dirty(tmp_path) == ("Dockerfile", "new file")
    assert workspace.outside(tmp_path) == ""
