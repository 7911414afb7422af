"""Lay out a tar archive of strangers on disk, within a folder and nothing beyond.

No program of Python does that for us everywhere: tarfile has filters since 3.11.4,
Debian 12 has 3.11.2. So files are written anew, by their content alone, and links
are made last: while anything is written there is no link to write through, in
whatever order the archive brings them.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import posixpath
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bot.strict_tar import LONGEST_PATH

_MOST_LINKS = 40
"""Links that Linux follows on one path."""
_MOST_STEPS = 2_000_000
"""Parts of paths that are looked at to judge all links of an archive."""
_LATEST = 1 << 33
"""Seconds of the latest time of a file that is believed."""
_OF_THE_PATH = frozenset(
    {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP}
)
"""What the system says of a path, not of the disk."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


class MisplacedError(Exception):
    """An entry that has no place in the folder; the text names it."""


@dataclass(slots=True)
class Layout:
    """A folder that is being filled; ``finish`` makes its links.

    Whoever fills it hears of an entry out of the folder by MisplacedError.
    """

    folder: Path
    links: dict[str, str] = field(default_factory=dict)
    """What is to become a symbolic link, and its text."""
    modes: dict[str, int] = field(default_factory=dict)
    """The permissions of directories, set when nothing is written any more."""

    def put(self, tar: tarfile.TarFile, entry: tarfile.TarInfo, name: str) -> bool:
        """Lay *entry* out as *name*; tell if it is something but no directory.

        Devices and pipes are left out.
        """
        try:
            self._put(tar, entry, name)
        except OSError as error:
            if error.errno not in _OF_THE_PATH:
                raise
            raise MisplacedError(name) from error
        return entry.isreg() or entry.issym() or entry.islnk()

    def _put(self, tar: tarfile.TarFile, entry: tarfile.TarInfo, name: str) -> None:
        path = self._place(name)
        if entry.isdir():
            self._directory(path, entry.mode & 0o7777)
        elif entry.isreg():
            self._file(path, entry, tar.extractfile(entry))
        elif entry.issym():
            self._clear(path)
            self.links[path] = entry.linkname
        elif entry.islnk():
            self._another_name(path, self._place(entry.linkname))

    def finish(self, links: Mapping[str, str] | None = None) -> None:
        """Make the links, or only those of *links*, and set the permissions.

        A link that this disk cannot have is left out.
        """
        chosen = self.links if links is None else links
        for path in chosen:
            with contextlib.suppress(OSError):
                self._make(posixpath.dirname(path))
        for path, text in chosen.items():
            with contextlib.suppress(OSError, ValueError):
                (self.folder / path).symlink_to(text)
        for path, mode in reversed(self.modes.items()):
            (self.folder / path).chmod(mode)

    def _place(self, name: str) -> str:
        """Return the path of *name* in the folder, in its one spelling."""
        path = posixpath.normpath(name.lstrip("/") or ".")
        above = path
        while above := posixpath.dirname(above):
            if above in self.links:
                raise MisplacedError(name)
        if path == ".." or path.startswith("../") or "\0" in path:
            raise MisplacedError(name)
        return path

    def _directory(self, path: str, mode: int) -> None:
        if path == ".":
            return
        if path in self.links or self._is_file(path):
            self._clear(path)
        self._make(path)
        self.modes[path] = mode

    def _file(
        self, path: str, entry: tarfile.TarInfo, content: IO[bytes] | None
    ) -> None:
        self._clear(path)
        self._make(posixpath.dirname(path))
        target = self.folder / path
        descriptor = os.open(target, _NEW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if content is not None:
                shutil.copyfileobj(content, file, 1 << 20)
            os.fchmod(descriptor, entry.mode & 0o7777)
        time = min(max(int(entry.mtime), 0), _LATEST)
        os.utime(target, (time, time))

    def _another_name(self, path: str, first: str) -> None:
        """Make *path* the same file, or the same link, as *first*."""
        if path == first:
            return
        if first in self.links:
            self._clear(path)
            self.links[path] = self.links[first]
        elif self._is_file(first):
            self._clear(path)
            self._make(posixpath.dirname(path))
            os.link(self.folder / first, self.folder / path)
        else:
            raise MisplacedError(path)

    def _clear(self, path: str) -> None:
        """Have nothing at *path*."""
        self.links.pop(path, None)
        if path == "." or (self.folder / path).is_dir():
            raise MisplacedError(path)
        if self._is_file(path):
            (self.folder / path).unlink()

    def _make(self, path: str) -> None:
        (self.folder / path).mkdir(parents=True, exist_ok=True)

    def _is_file(self, path: str) -> bool:
        return (self.folder / path).is_file()


def within(links: Mapping[str, str]) -> dict[str, str]:
    """Return those of *links*, by path, that stay within when all are there. Pure.

    Where to find out takes too long, which no author's links do, they do not.
    """
    steps = itertools.count()
    return {path: text for path, text in links.items() if _stays(path, links, steps)}


def inside(root: Path, path: Path) -> bool:
    """Tell whether *path*, its links followed, lies within *root*."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except RuntimeError:  # a link that leads to itself, before Python 3.13
        return False


def _stays(path: str, links: Mapping[str, str], steps: Iterator[int]) -> bool:
    """Tell whether the link *path* leads within, through whatever other links."""
    at = [""]
    left = path.split("/")[::-1]
    followed = 0
    while left:
        word = left.pop()
        if next(steps) > _MOST_STEPS or (word == ".." and len(at) == 1):
            return False
        if word == "..":
            at.pop()
        if word in {"", ".", ".."}:
            continue
        here = f"{at[-1]}/{word}".removeprefix("/")
        text = links.get(here)
        if text is None:
            at.append(here)
            continue
        followed += 1
        if text.startswith("/"):
            return False
        if followed > _MOST_LINKS or len(here) > LONGEST_PATH:
            return True  # Linux follows no further
        left += text.split("/")[::-1]
    return True
