"""Write one member of a tar archive to disk, as our own and nothing more.

Python has filters for this since 3.11.4; Debian 12 has 3.11.2.
"""

from __future__ import annotations

import copy
import os
import tarfile
from pathlib import Path


def put(
    tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, name: str = ""
) -> None:
    """Write *member* into *folder*, as *name* if given, owned by this process.

    The caller has judged where it goes: see ``inside``.
    """
    ours = copy.copy(member)
    ours.name = name or member.name
    ours.uid, ours.gid, ours.uname, ours.gname = os.getuid(), os.getgid(), "", ""
    tar.extraction_filter = _as_it_is
    tar.extract(ours, folder)


def inside(root: Path, path: Path) -> bool:
    """Tell whether *path*, its links followed, lies within *root*."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except RuntimeError:  # a link that leads to itself, before Python 3.13
        return False


def _as_it_is(member: tarfile.TarInfo, _folder: str) -> tarfile.TarInfo:
    return member
