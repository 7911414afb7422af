"""Find the repository that a directory is checked out from, without asking git.

Git also takes a directory for a repository that holds HEAD, objects and refs by
itself, as any project may. Here only a ``.git`` counts, and only one that belongs
to the user: its settings are somebody else's otherwise.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UserError
from bot.git import owners

_LONGEST = 65_536
"""Bytes of the largest file that names a directory."""
_GITFILE = "gitdir:"


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a checkout keeps what.

    *top* is the directory that ``.git`` lies in, *folder* holds what is of this
    checkout alone (HEAD, the index), *common* what several may share (objects,
    branches, settings).
    """

    top: Path
    folder: Path
    common: Path


def find(root: Path) -> Repository | None:
    """Return the repository of *root*, or None where it is in none.

    UserError where there is one that is not to be read.
    """
    for place in _upwards(root):
        known = _at(place)
        if known is not None:
            owners.refuse_strangers((place / ".git", known.folder, known.common))
            return known
    return None


def is_bare(root: Path) -> bool:
    """Tell whether *root* looks like a repository that is nobody's checkout."""
    return _is_repository(root, root) and (root / "config").is_file()


def line(file: Path) -> str:
    """Return what a small file says, without the line's end; nothing where none is.

    A pipe in its place would be waited for.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return ""
        with file.open("rb") as opened:
            said = opened.read(_LONGEST).decode(errors="surrogateescape")
            return said.rstrip("\r\n")
    except OSError:
        return ""


def _upwards(root: Path) -> Iterator[Path]:
    """Yield *root* and what it lies in, up to the end of its file system."""
    start = root.resolve()
    device = start.stat().st_dev
    for place in (start, *start.parents):
        try:
            if place.stat().st_dev != device:
                return
        except OSError:
            return
        yield place


def _at(place: Path) -> Repository | None:
    dot = place / ".git"
    folder = dot
    if dot.is_file():
        said = line(dot)
        if not said.startswith(_GITFILE):
            raise UserError(f"{dot} is a file that names no repository")
        folder = place / said.removeprefix(_GITFILE).strip()
    shared = line(folder / "commondir")
    common = folder / shared if shared else folder
    if not _is_repository(folder, common):
        return None
    return Repository(place, folder.resolve(), common.resolve())


def _is_repository(folder: Path, common: Path) -> bool:
    head = folder / "HEAD"
    return (
        (head.is_symlink() or head.is_file())
        and (common / "objects").is_dir()
        and (common / "refs").is_dir()
    )
