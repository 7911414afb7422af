"""Trees on their way into a container and out of it, as tar streams.

What comes out was made by strangers: no entry may be written outside the
directory it is unpacked into, not even through a link that came before it.
"""

from __future__ import annotations

import io
import os
import posixpath
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bot.builds import layers
from bot.builds.saved import Chunks
from bot.errors import UserError
from bot.unpacking import inside, put


def pack(tree: Path, name: str, first: bytes) -> IO[bytes]:
    """Return a tar file with *tree* as *name*, behind the entries of *first*.

    Modes and links are kept; everything is owned by root.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with tarfile.open(fileobj=spool, mode="w") as tar:
        with tarfile.open(fileobj=io.BytesIO(first)) as others:
            for entry in others:
                tar.addfile(entry, others.extractfile(entry))
        tar.add(tree, arcname=name, filter=_owned_by_root)
    spool.seek(0)
    return spool


def unpack(chunks: Iterator[bytes], folder: Path, limit: int) -> tuple[str, ...]:
    """Unpack the tar that *chunks* carry into *folder*; return its files.

    UserError where it is larger than *limit* bytes.
    """
    names: list[str] = []
    modes: list[tuple[Path, int]] = []
    size = 0
    stream = layers.as_file(Chunks(chunks))
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for entry in layers.entries(tar):
            size += entry.size
            if size > limit:
                raise UserError(
                    f"The build context is larger than {limit >> 20} MiB, more than "
                    "the runner takes. List what the image does not need in "
                    ".dockerignore or build from a smaller directory."
                )
            target = _place(folder, entry)
            if target is None:
                continue
            if entry.isdir():
                modes.append((target, stat.S_IMODE(entry.mode)))
                target.mkdir(parents=True, exist_ok=True)
                continue
            put(tar, entry, folder)
            names.append(posixpath.normpath(entry.name))
    for target, mode in reversed(modes):
        target.chmod(mode)
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


def _place(folder: Path, entry: tarfile.TarInfo) -> Path | None:
    """Return where *entry* goes; None for what no context holds (devices)."""
    name = posixpath.normpath(entry.name.lstrip("/"))
    if name == ".":
        return None
    target = folder / name
    linked = folder / posixpath.normpath(entry.linkname.lstrip("/"))
    outside = not inside(folder, target.parent)
    if outside or (entry.islnk() and not inside(folder, linked)):
        raise UserError(
            f"The build context holds {entry.name!r}, which leads out of it. "
            "Remove the link it lies behind."
        )
    if target.is_symlink():
        target.unlink()
    known = entry.isreg() or entry.isdir() or entry.issym() or entry.islnk()
    return target if known else None
