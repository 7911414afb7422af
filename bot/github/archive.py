"""The archive of a commit: its build files as a snapshot, or laid out on disk."""

from __future__ import annotations

import posixpath
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bot import disk, strict_tar, workspace
from bot.errors import UserError
from bot.kinds import kind_of
from bot.model import Source
from bot.snapshot import Skipped, Snapshot
from bot.unpacking import Layout, MisplacedError, within

LARGEST = 1 << 30
"""Bytes of an archive, compressed."""
_MODE = 0o755
"""Git knows no other bits, so a file that has more was not made by git."""
_SOMETIMES = 1_000
_LARGE = 1 << 20
MOST_FILES = 500_000
MOST_BYTES = 8 << 30
"""Bytes of all files together, unpacked."""


def snapshot(archive: Path) -> Snapshot:
    """Return every path, and the text of the build files, in one pass."""
    paths: set[str] = set()
    sources: dict[str, Source] = {}
    skipped: dict[str, str] = {}
    links: dict[str, str] = {}
    with _opened(archive) as members:
        for path, member, tar in members:
            paths.add(path)
            if member.issym():
                links[path] = member.linkname
                continue
            if kind_of(path) is None:
                continue
            text, reason = _text(tar, member)
            if text is None:
                skipped[path] = reason
            else:
                sources[path] = Source(path, text)
    skipped |= _led(links)
    left = tuple(Skipped(path, skipped[path]) for path in sorted(skipped))
    return Snapshot(frozenset(paths), sources, left)


def unpack(archive: Path, into: Path) -> None:
    """Lay the tree out in *into*; what would leave it is left out.

    A link leaves it where it leads out when all links are there.
    """
    into.mkdir(parents=True, exist_ok=True)
    layout = Layout(into)
    with _opened(archive) as members:
        for number, (path, member, tar) in enumerate(members):
            if number % _SOMETIMES == 0 or member.size > _LARGE:
                disk.require_room(into, member.size)
            member.mode &= _MODE
            with suppress(MisplacedError):
                layout.put(tar, member, path)
    layout.finish(within(layout.links))


Members = Iterator[tuple[str, tarfile.TarInfo, tarfile.TarFile]]


@contextmanager
def _opened(archive: Path) -> Iterator[Members]:
    try:
        with strict_tar.opened_file(archive) as tar:
            yield _members(tar)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UserError(
            f"The archive of the commit cannot be read: {error}."
        ) from error


def _members(tar: tarfile.TarFile) -> Members:
    """Yield files and links, without the folder that GitHub puts around them."""
    size = 0
    for number, member in enumerate(strict_tar.entries(tar)):
        size += member.size
        if number > MOST_FILES or size > MOST_BYTES:
            raise UserError(
                f"The repository is larger than {MOST_FILES} files or "
                f"{MOST_BYTES >> 30} GiB, so it is not analysed."
            )
        path = member.name.partition("/")[2]
        if _is_of_git(path) and (member.isfile() or member.issym()):
            yield path, member, tar


def _text(tar: tarfile.TarFile, member: tarfile.TarInfo) -> tuple[str | None, str]:
    if member.size > workspace.LARGEST:
        return None, workspace.TOO_LARGE
    file = tar.extractfile(member)
    return workspace.decode(file.read() if file else b"")


def _led(links: Mapping[str, str]) -> dict[str, str]:
    """Say of each build file that is a link where it leads."""
    staying = within(links)
    found: dict[str, str] = {}
    for path, text in links.items():
        if kind_of(path) is None:
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), text))
        found[path] = (
            workspace.linked(target)
            if path in staying
            else "is a symbolic link out of the tree"
        )
    return found


def _is_of_git(path: str) -> bool:
    """Tell whether git could have a file at *path*."""
    return (
        posixpath.normpath(path) == path
        and not path.startswith(("/", "../"))
        and ".git" not in path.lower().split("/")
    )
