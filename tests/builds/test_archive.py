"""Tests of trees on their way in and out of containers."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from bot.builds import archive
from bot.errors import UserError
from bot.unpacking import inside
from tests.builds import budgets, tars
from tests.builds.tars import Content, Link


def _unpack(
    folder: Path, entries: dict[str, Content], limit: int = 1 << 20, most: int = 50
) -> tuple[str, ...]:
    budget = budgets.made(limit, most)
    return archive.unpack(tars.chunks(tars.tar(entries)), folder, budget)


def test_a_tree_is_packed_with_modes_and_links_for_root(tmp_path: Path) -> None:
    """The copy on the runner behaves as the checkout does."""
    (tmp_path / "run").write_text("#!/bin/sh\n")
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "link").symlink_to("/etc/passwd")
    first = tars.tar({"before": b"x"})
    with (
        archive.pack(tmp_path, "workspace", first) as spool,
        tarfile.open(fileobj=spool) as tar,
    ):
        found = {one.name: (one.mode, one.linkname, one.uid) for one in tar}

    assert found["workspace/run"] == (0o755, "", 0)
    assert found["workspace/link"] == (0o777, "/etc/passwd", 0)
    assert list(found)[:2] == ["before", "workspace"]


def test_a_tree_is_unpacked_as_it_was(tmp_path: Path) -> None:
    """Links are kept, wherever they lead; nothing goes through them."""
    names = _unpack(
        tmp_path, {"./": None, "./d": None, "./d/x": b"1", "./l": Link("/etc/passwd")}
    )

    assert names == ("d/x", "l")
    assert (tmp_path / "d/x").read_bytes() == b"1"
    assert (tmp_path / "d/x").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "l").readlink() == Path("/etc/passwd")


@pytest.mark.parametrize(
    "entries",
    [
        {"../x": b"1"},
        {"a/../../x": b"1"},
        {"l": Link(".."), "l/x": b"1"},
        {"l": Link("/tmp"), "l/x": b"1"},  # noqa: S108 - a path in an archive
        {"l": Link(".."), "x": Link("l/secret", hard=True)},
        {"x": Link("../secret", hard=True)},
    ],
)
def test_nothing_is_written_outside(
    tmp_path: Path, entries: dict[str, Content]
) -> None:
    """The archive was made by strangers; our disk is not theirs."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret").write_text("s")
    with pytest.raises(UserError):
        _unpack(folder, entries)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "secret"]


def test_a_file_takes_the_place_of_a_link(tmp_path: Path) -> None:
    """Opened for writing, the link would be followed."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret").write_text("s")
    _unpack(folder, {"x": Link("../secret"), "./x": b"1"})

    assert (tmp_path / "secret").read_text() == "s"
    assert (folder / "x").read_text() == "1"


def test_a_device_is_left_out(tmp_path: Path) -> None:
    """No build context has one; a fifo would block whoever reads it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        entry = tarfile.TarInfo("pipe")
        entry.type = tarfile.FIFOTYPE
        tar.addfile(entry)

    budget = budgets.made()

    assert archive.unpack(iter([buffer.getvalue()]), tmp_path, budget) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_context_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """The bot's disk is not the recipe's."""
    with pytest.raises(UserError, match="comes to more than 1000 bytes"):
        _unpack(tmp_path, {"x": bytes(600), "y": bytes(600)}, limit=1000)


def test_a_hole_is_refused_before_it_is_written(tmp_path: Path) -> None:
    """It costs the runner nothing, and this disk everything."""
    entry = tarfile.TarInfo("hole")
    entry.size = 4 << 30
    budget = budgets.made()
    with pytest.raises(UserError, match="comes to more than 1024 MiB"):
        archive.unpack(iter([entry.tobuf()]), tmp_path, budget)

    assert list(tmp_path.iterdir()) == []


def test_files_are_counted_however_small(tmp_path: Path) -> None:
    """An empty one takes an inode, and a place in every list."""
    with pytest.raises(UserError, match="more than 50 files"):
        _unpack(tmp_path, {f"{number}": b"" for number in range(51)})


@pytest.mark.parametrize(
    "entries",
    [
        {"l": Link("/etc/passwd"), "x": Link("l", hard=True)},
        {"l": Link("/etc/passwd"), "x": Link("./l", hard=True), "x2": None},
    ],
)
def test_a_second_name_of_a_link_is_the_same_link(
    tmp_path: Path, entries: dict[str, Content]
) -> None:
    """Opened to be copied, it would be the file that it leads to."""
    _unpack(tmp_path, entries)

    assert (tmp_path / "x").readlink() == Path("/etc/passwd")


def test_a_directory_takes_the_place_of_a_link(tmp_path: Path) -> None:
    """What comes behind lies in the directory, not where the link led."""
    folder = tmp_path / "in"
    folder.mkdir()
    _unpack(folder, {"d": Link(".."), "./d": None, "d/x": b"1"})

    assert (folder / "d/x").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("name", ["x" * 300, "y/x"])
def test_a_path_that_no_disk_takes_is_told(tmp_path: Path, name: str) -> None:
    """It is the archive's fault, and no crash of ours."""
    with pytest.raises(UserError, match="has no place in it"):
        _unpack(tmp_path, {"y": b"", name: b"1"})


def test_a_link_takes_the_place_of_no_directory(tmp_path: Path) -> None:
    """An engine sends a path once; whoever sends it twice means harm."""
    with pytest.raises(UserError, match="has no place in it"):
        _unpack(tmp_path, {"d/x": b"1", "d": Link("..")})


def test_the_files_of_a_tree_are_listed_without_gits_own(tmp_path: Path) -> None:
    """A cause asks whether a file is there; links count as files."""
    for name in ("a/x", ".git/config", "y"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to("a")

    assert archive.files(tmp_path) == {"a/x", "y", "link"}


def test_inside_follows_links(tmp_path: Path) -> None:
    """A path is where it leads."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/out").symlink_to("..")

    assert inside(tmp_path, tmp_path / "in" / "absent")
    assert not inside(tmp_path / "in", tmp_path / "in/out")
