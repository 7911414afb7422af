"""Temporary files of a process that may be killed: the next one removes them.

Each process locks a directory of its own, and the kernel unlocks it when the
process ends, however it ends. What is not locked belongs to nobody any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import private

_LOCK = ".lock"


@contextmanager
def temporary_files(place: Path) -> Iterator[Path]:
    """Keep the temporary files of this process below *place* while the block lasts.

    The whole process uses one place: ``tempfile`` has no other switch.
    """
    before = tempfile.tempdir
    with _own(place) as folder:
        tempfile.tempdir = str(folder)
        try:
            yield folder
        finally:
            tempfile.tempdir = before


@contextmanager
def _own(place: Path) -> Iterator[Path]:
    """Give a locked directory below *place*, and remove those of the dead."""
    private.directory(place)
    with _locked(place):
        for folder in place.iterdir():
            if folder.is_dir():
                _forget(folder)
        folder = Path(tempfile.mkdtemp(dir=place))
        lock = _open(folder)
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Let one process at a time make and remove directories of *place*."""
    lock = _open(place)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _forget(folder: Path) -> None:
    """Remove *folder*, unless the process that it belongs to lives."""
    try:
        lock = _open(folder)
    except FileNotFoundError:
        return  # its process has just removed it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(lock)


def _open(folder: Path) -> int:
    return os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
