"""The archive of a commit: its build files as a snapshot, or laid out on disk."""

from __future__ import annotations

import posixpath
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import workspace
from bot.errors import UserError
from bot.kinds import kind_of
from bot.model import Source
from bot.snapshot import Skipped, Snapshot
from bot.unpacking import inside, put

LARGEST = 1 << 30
"""Bytes of an archive, compressed."""
_MODE = 0o755
"""Git knows no other bits, so a file that has more was not made by git."""
MOST_FILES = 500_000
MOST_BYTES = 8 << 30
"""Bytes of all files together, unpacked."""


def snapshot(archive: Path) -> Snapshot:
    """Return every path, and the text of the build files, in one pass."""
    paths: set[str] = set()
    sources: dict[str, Source] = {}
    skipped: list[Skipped] = []
    with _opened(archive) as members:
        for path, member, tar in members:
            paths.add(path)
            if kind_of(path) is None:
                continue
            text, reason = _text(tar, member, path)
            if text is None:
                skipped.append(Skipped(path, reason))
            else:
                sources[path] = Source(path, text)
    return Snapshot(frozenset(paths), sources, tuple(skipped))


def unpack(archive: Path, into: Path) -> None:
    """Lay the tree out in *into*; what would leave it is left out."""
    with _opened(archive) as members:
        for path, member, tar in members:
            leaves = member.issym() and _target(path, member.linkname) is None
            name = posixpath.normpath(path)
            if not leaves and inside(into, (into / name).parent):
                member.mode &= _MODE
                put(tar, member, into, name)


Members = Iterator[tuple[str, tarfile.TarInfo, tarfile.TarFile]]


@contextmanager
def _opened(archive: Path) -> Iterator[Members]:
    try:
        with tarfile.open(archive, mode="r:gz") as tar:
            yield _members(tar)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UserError(
            f"The archive of the commit cannot be read: {error}."
        ) from error


def _members(tar: tarfile.TarFile) -> Members:
    """Yield files and links, without the folder that GitHub puts around them."""
    size = 0
    for number, member in enumerate(tar):
        size += member.size
        if number > MOST_FILES or size > MOST_BYTES:
            raise UserError(
                f"The repository is larger than {MOST_FILES} files or "
                f"{MOST_BYTES >> 30} GiB, so it is not analysed."
            )
        path = member.name.partition("/")[2]
        if path and (member.isfile() or member.issym()):
            yield path, member, tar


def _text(
    tar: tarfile.TarFile, member: tarfile.TarInfo, path: str
) -> tuple[str | None, str]:
    if member.issym():
        return None, _link(path, member.linkname)
    if member.size > workspace.LARGEST:
        return None, workspace.TOO_LARGE
    file = tar.extractfile(member)
    return workspace.decode(file.read() if file else b"")


def _link(path: str, linkname: str) -> str:
    target = _target(path, linkname)
    if target is None:
        return "is a symbolic link out of the tree"
    return f"is a symbolic link to {target}, which is read itself"


def _target(path: str, linkname: str) -> str | None:
    """Return the path that a link leads to, or None where it leaves the tree."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), linkname))
    return None if target.startswith(("/", "..")) else target
