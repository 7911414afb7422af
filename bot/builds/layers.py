"""What one layer of an image brings and hides, read as a stream of tar."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Protocol

from bot.builds import elf

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
MOST_ENTRIES = 5_000_000
"""Entries of one image after which it is no image but an attack."""


class Readable(Protocol):
    """Something that hands out its next bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its programs by path, and what it hides of those below.

    *files* are all entries that are no directory, and removed paths;
    *opaque* are the directories whose earlier content is gone.
    """

    programs: Mapping[str, str]
    files: frozenset[str]
    directories: frozenset[str]
    opaque: frozenset[str]

    def hides(self, path: str) -> bool:
        """Tell whether *path* of a layer below is not seen any more."""
        if path in self.files or path in self.directories:
            return True
        above = _ancestors(path)
        return any(one in self.files or one in self.opaque for one in above)


@dataclass(frozen=True, slots=True)
class Program:
    """An ELF file of the final file system and the layer it came with."""

    path: str
    machine: str
    layer: int


def read(stream: Readable) -> Layer:
    """Read one layer (plain or gzip, bzip2, xz) from *stream*."""
    programs: dict[str, str] = {}
    files: set[str] = set()
    directories: set[str] = set()
    opaque: set[str] = set()
    with tarfile.open(fileobj=as_file(stream), mode="r|*") as tar:
        for count, entry in enumerate(entries(tar)):
            if count > MOST_ENTRIES:
                raise tarfile.ReadError("the layer has too many entries")
            path = entry.name.removeprefix("./").strip("/")
            folder, _, name = path.rpartition("/")
            if name == _OPAQUE:
                opaque.add(folder)
            elif name.startswith(_WHITEOUT):
                hidden = name.removeprefix(_WHITEOUT)
                files.add(f"{folder}/{hidden}" if folder else hidden)
            elif entry.isdir():
                directories.add(path)
            else:
                files.add(path)
                machine = _machine(tar, entry, programs)
                if machine:
                    programs[path] = machine
    return Layer(programs, frozenset(files), frozenset(directories), frozenset(opaque))


def merge(layers: tuple[Layer, ...]) -> tuple[Program, ...]:
    """Return the programs that are left when *layers* lie on one another."""
    seen: dict[str, Program] = {}
    for number, layer in enumerate(layers):
        for path in [path for path in seen if layer.hides(path)]:
            del seen[path]
        for path, machine in layer.programs.items():
            seen[path] = Program(path, machine, number)
    return tuple(seen[path] for path in sorted(seen))


def entries(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the entries of *tar* without keeping them.

    A tarfile remembers every entry it has read, even of a stream; an image
    has hundreds of thousands (CPython issue 102120).
    """
    while (entry := tar.next()) is not None:
        yield entry
        vars(tar)["members"].clear()


def _machine(
    tar: tarfile.TarFile, entry: tarfile.TarInfo, programs: Mapping[str, str]
) -> str | None:
    if entry.islnk():
        return programs.get(entry.linkname.removeprefix("./").strip("/"))
    content = tar.extractfile(entry) if entry.isreg() else None
    return elf.machine(content.read(elf.HEADER)) if content else None


def _ancestors(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def as_file(stream: Readable) -> IO[bytes]:
    """Return *stream* as what ``tarfile.open`` takes for a file."""
    # tarfile needs no more of a stream than ``read``; its annotation asks for
    # a whole file object.
    return stream  # type: ignore[return-value]  # see above
