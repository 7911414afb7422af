"""Trees on their way into a container and out of it, as tar streams.

What comes out was made by strangers: no entry may be written outside the
directory it is unpacked into, not even through a link that came before it.
"""

from __future__ import annotations

import io
import os
import posixpath
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bot import disk, strict_tar
from bot.builds import layers
from bot.builds.budget import Budget
from bot.builds.saved import Chunks
from bot.errors import UserError
from bot.unpacking import Layout, MisplacedError


def pack(tree: Path, name: str, first: bytes) -> IO[bytes]:
    """Return a tar file with *tree* as *name*, behind the entries of *first*.

    Modes and links are kept; everything is owned by root.
    """
    disk.require_room(Path(tempfile.gettempdir()), 0)
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with tarfile.open(fileobj=spool, mode="w") as tar:
        with tarfile.open(fileobj=io.BytesIO(first)) as others:
            for entry in others:
                tar.addfile(entry, others.extractfile(entry))
        tar.add(tree, arcname=name, filter=_owned_by_root)
    spool.seek(0)
    return spool


def unpack(chunks: Iterator[bytes], folder: Path, budget: Budget) -> tuple[str, ...]:
    """Unpack the tar that *chunks* carry into *folder*; return its files.

    UserError where that is more than *budget* has left. What is a hole to the
    engine counts in full: it comes as zeros, and lies here as zeros.
    """
    names: list[str] = []
    layout = Layout(folder)
    stream = layers.as_file(Chunks(budget.metered(chunks)))
    try:
        with strict_tar.opened(stream, "r|") as tar:
            for entry in strict_tar.entries(tar):
                budget.spend(entries=1)
                budget.look_ahead(entry.size, folder)
                if layout.put(tar, entry, entry.name):
                    names.append(posixpath.normpath(entry.name.lstrip("/")))
    except MisplacedError as error:
        raise UserError(
            f"The build context holds {str(error)!r}, which has no place in it. "
            "Remove the link it lies behind, or shorten its name."
        ) from error
    except tarfile.TarError as error:
        raise UserError(
            f"The build context cannot be read: {error}. Remove what no other "
            "machine could unpack either."
        ) from error
    layout.finish()
    return tuple(names)


def files(tree: Path) -> frozenset[str]:
    """Return the paths of all files under *tree*, without git's own."""
    found: list[str] = []
    for folder, folders, names in os.walk(tree):
        folders[:] = [name for name in folders if name != ".git"]
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        here = Path(folder).relative_to(tree)
        found += [(here / name).as_posix() for name in (*names, *links)]
    return frozenset(found)


def _owned_by_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
