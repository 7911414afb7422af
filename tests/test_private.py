"""Directories that hold what private repositories say are for nobody else."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import private
from bot.errors import UserError
from bot.github.cellar import Cellar
from bot.jobs import database
from bot.scratch import temporary_files

ELSE = 65534


def mode(path: Path) -> int:
    """Return who may do what with *path*."""
    return path.stat().st_mode & 0o777


def _scratch(path: Path) -> None:
    with temporary_files(path):
        pass


def _database(path: Path) -> None:
    database.prepare(f"sqlite:///{path}/jobs.sqlite")


KEEPERS: dict[str, Callable[[Path], object]] = {
    "directory": private.directory,
    "cellar": Cellar,
    "scratch": _scratch,
    "database": _database,
}
EVERY = pytest.mark.parametrize("keep", KEEPERS.values(), ids=KEEPERS)


@EVERY
def test_a_directory_is_made_for_us_alone(
    keep: Callable[[Path], object], tmp_path: Path
) -> None:
    """Whatever the umask of the operator is."""
    before = os.umask(0)
    try:
        keep(tmp_path / "home")
    finally:
        os.umask(before)

    assert mode(tmp_path / "home") == 0o700


def test_a_new_directory_is_never_open_and_nor_is_the_way_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others could open it in the moment before it is closed, or put theirs there."""
    monkeypatch.delattr(Path, "chmod")
    before = os.umask(0)
    try:
        private.directory(tmp_path / "a" / "b" / "home")
    finally:
        os.umask(before)

    assert [mode(tmp_path / name) for name in ("a", "a/b", "a/b/home")] == [
        *(0o755, 0o755, 0o700)
    ]


@pytest.mark.parametrize("open_to", [0o755, 0o750, 0o705, 0o710, 0o701])
@pytest.mark.parametrize("keep", [private.directory, Cellar, _scratch])
def test_a_directory_that_others_read_is_closed(
    keep: Callable[[Path], object], open_to: int, tmp_path: Path
) -> None:
    """It was made by hand, or by an installer, before the bot came."""
    tmp_path.chmod(open_to)
    keep(tmp_path)

    assert mode(tmp_path) == 0o700


@EVERY
@pytest.mark.parametrize("open_to", [0o770, 0o707, 0o1777])
def test_a_directory_that_others_write_to_is_refused(
    keep: Callable[[Path], object], open_to: int, tmp_path: Path
) -> None:
    """What is in it may be somebody else's already."""
    tmp_path.chmod(open_to)
    with pytest.raises(UserError) as told:
        keep(tmp_path)

    assert str(told.value) == (
        f"{tmp_path} may be written to by others (mode {open_to:04o}), who could "
        "change what the bot keeps there. Name a directory of the bot's own, or look "
        f"through this one and run `chmod 700 {tmp_path}` as its user."
    )
    assert list(tmp_path.iterdir()) == []


@EVERY
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_directory_of_somebody_else_is_refused(
    keep: Callable[[Path], object], tmp_path: Path
) -> None:
    """He may open it to others at any time."""
    os.chown(tmp_path, ELSE, ELSE)
    with pytest.raises(UserError, match=f"belongs to another user .number {ELSE}"):
        keep(tmp_path)


def test_a_database_is_never_read_by_others(tmp_path: Path) -> None:
    """Nor is what SQLite keeps beside it while it is used."""
    before = os.umask(0)
    tmp_path.chmod(0o755)
    try:
        _database(tmp_path)
        with closing(sqlite3.connect(tmp_path / "jobs.sqlite")) as connection:
            connection.execute("CREATE TABLE a (b)")
            modes = {path.name: mode(path) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert modes == {
        "jobs.sqlite": 0o600,
        "jobs.sqlite-wal": 0o600,
        "jobs.sqlite-shm": 0o600,
    }
    assert mode(tmp_path) == 0o755
