"""What one layer of an image brings and hides, read as a stream of tar."""

from __future__ import annotations

import posixpath
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Literal, Protocol

from bot import strict_tar
from bot.builds import elf
from bot.builds.budget import Budget

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_GZIP = b"\x1f\x8b"
_MOST_WORK = 10_000_000
"""Programs times layers that are compared: fifty layers of 200,000 programs."""


class Readable(Protocol):
    """Something that hands out its next bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its programs by path, and what it hides of those below.

    *links* are hard links to files of a layer below, by their own path;
    *files* are all entries that are no directory, and removed paths;
    *opaque* are the directories whose earlier content is gone.
    """

    programs: Mapping[str, str]
    links: Mapping[str, str]
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


def read(stream: Readable, start: bytes, budget: Budget) -> Layer:
    """Read one layer, plain or gzip, from *stream*, which begins with *start*.

    It is paid from *budget*: its entries, and their bytes with their names.
    """
    found = _Reading()
    mode: Literal["r|", "r|gz"] = "r|gz" if start.startswith(_GZIP) else "r|"
    with strict_tar.opened(as_file(stream), mode) as tar:
        for entry in strict_tar.entries(tar):
            names = len(entry.name) + len(entry.linkname)
            budget.spend(size=entry.size, entries=1)
            if not budget.hold(names):
                raise tarfile.ReadError("its paths are too long to be kept together")
            found.take(tar, entry)
    return found.layer()


def merge(layers: tuple[Layer, ...]) -> tuple[Program, ...]:
    """Return the programs that are left when *layers* lie on one another."""
    seen: dict[str, Program] = {}
    work = 0
    for number, layer in enumerate(layers):
        work += len(seen)
        if work > _MOST_WORK:
            raise tarfile.ReadError("it has too many programs in too many layers")
        linked = {
            path: seen[below].machine
            for path, below in layer.links.items()
            if below in seen
        }
        for path in [path for path in seen if layer.hides(path)]:
            del seen[path]
        for path, machine in (*layer.programs.items(), *linked.items()):
            seen[path] = Program(path, machine, number)
    return tuple(seen[path] for path in sorted(seen))


@dataclass(slots=True)
class _Reading:
    """What the entries of one layer come to, while they go by."""

    programs: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    directories: set[str] = field(default_factory=set)
    opaque: set[str] = field(default_factory=set)

    def take(self, tar: tarfile.TarFile, entry: tarfile.TarInfo) -> None:
        """Read the next *entry* of *tar*."""
        path = _path(entry.name)
        folder, _, name = path.rpartition("/")
        if name == _OPAQUE:
            self.opaque.add(folder)
        elif name.startswith(_WHITEOUT):
            hidden = name.removeprefix(_WHITEOUT)
            self.files.add(f"{folder}/{hidden}" if folder else hidden)
        elif entry.isdir():
            self.directories.add(path)
        else:
            self._forget(path)  # of two entries the last counts
            self._keep(path, tar, entry)
            self.files.add(path)

    def layer(self) -> Layer:
        """Return what was read."""
        names = (self.files, self.directories, self.opaque)
        return Layer(self.programs, self.links, *map(frozenset, names))

    def _forget(self, path: str) -> None:
        self.programs.pop(path, None)
        self.links.pop(path, None)

    def _keep(self, path: str, tar: tarfile.TarFile, entry: tarfile.TarInfo) -> None:
        target = _path(entry.linkname) if entry.islnk() else ""
        if target and target not in self.files:
            self.links[path] = target
        machine = self.programs.get(target) if target else _machine(tar, entry)
        if machine:
            self.programs[path] = machine


def _machine(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> str | None:
    content = tar.extractfile(entry) if entry.isreg() else None
    return elf.machine(content.read(elf.HEADER)) if content else None


def _path(name: str) -> str:
    """Return *name* from the root of the image on, in its one spelling."""
    return posixpath.normpath(f"/{name}").lstrip("/")


def _ancestors(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def as_file(stream: Readable) -> IO[bytes]:
    """Return *stream* as what ``tarfile.open`` takes for a file."""
    # tarfile needs no more of a stream than ``read``; its annotation asks for
    # a whole file object.
    return stream  # type: ignore[return-value]  # see above
