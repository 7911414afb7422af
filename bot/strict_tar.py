"""Open a tar archive that strangers made: read to its end, or refused with a reason.

Python takes an entry that it cannot read, unless it is the first, for the end of
the archive. Whatever comes behind it would then never have been looked at, while
an engine, which reads with Go's library, may well unpack it. And what stands before
an entry (long names, the records of POSIX) Python reads whole, however large it is,
keeps, and searches with patterns that take quadratic time.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tarfile import (  # type: ignore[attr-defined]  # not in the type stubs
    EmptyHeaderError,
    EOFHeaderError,
    HeaderError,
)
from typing import IO, Literal

LARGEST_HEADER = 1 << 20
"""Bytes of what may stand before one entry to describe it."""
LONGEST_PATH = 4096
"""Bytes of a path that Linux takes (PATH_MAX)."""
DEEPEST = 255
"""Directories above one another."""
_DESCRIPTIONS = 8
"""Headers that describe one entry: names, records, records for all."""
_BEFORE = (
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    *(tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.XGLTYPE),
)
_NAMES = {"path": "name", "linkpath": "linkname"}
_KEPT = frozenset({b"path", b"linkpath", b"size"})
_DIGITS = 20


class _Archive(tarfile.TarFile):
    """An archive that counts the headers before the entry that it reads."""

    described: int = 0


class _Entry(tarfile.TarInfo):
    """An entry whose headers are bounded and must be headers.

    *told* is what headers before its own have said of it.
    """

    told: frozenset[str] = frozenset()

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Entry:
        """Read one block as a header."""
        entry = super().frombuf(buf, encoding, errors)
        if entry.size < 0:
            raise _unreadable("its size is negative")
        if entry.type == tarfile.GNUTYPE_SPARSE:
            raise _unreadable("it is a file with holes, in a form that is not read")
        if entry.type in _BEFORE and entry.size > LARGEST_HEADER:
            raise _unreadable(f"its header is larger than {LARGEST_HEADER >> 20} MiB")
        return entry

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> _Entry:
        """Read the next header of *tarfile* with all that describes it."""
        archive = _own(tarfile)
        archive.described += 1
        if archive.described > _DESCRIPTIONS:
            raise _unreadable("too many headers describe it")
        first = archive.described == 1
        try:
            return super().fromtarfile(tarfile)
        except (EmptyHeaderError, EOFHeaderError) as error:
            if first:
                raise
            raise _unreadable("it is missing behind its description") from error
        except HeaderError as error:
            raise _unreadable(str(error)) from error
        finally:
            archive.described -= 1

    def _proc_member(self, archive: tarfile.TarFile) -> _Entry:
        """Complete this header: the way that Python offers to subclasses."""
        if self.type in _BEFORE:
            return self._describe(_own(archive))
        self.offset_data = archive.fileobj.tell()
        self._settle(archive)
        return self

    def _describe(self, archive: _Archive) -> _Entry:
        """Read what this header says of the next entry, and that entry."""
        text = archive.fileobj.read(_padded(self.size))[: self.size]
        if len(text) < self.size:
            raise _unreadable("its header is cut off")
        said = _said(self.type, text)
        entry = self.fromtarfile(archive)
        entry._apply(said)  # noqa: SLF001 - another of this class
        entry._settle(archive)  # noqa: SLF001 - another of this class
        entry.offset = self.offset
        return entry

    def _apply(self, said: Mapping[str, str]) -> None:
        if not self.told.isdisjoint(said):
            raise _unreadable("two headers describe it")
        self.told |= said.keys()
        for key, value in said.items():
            if key == "size":
                self.size = int(value)
            else:
                setattr(self, _NAMES[key], value)

    def _settle(self, archive: tarfile.TarFile) -> None:
        """Judge what the entry has come to, and find where the next one begins."""
        if self.isdir():
            self.name = self.name.rstrip("/")
        for path in (self.name, self.linkname):
            if len(path) > LONGEST_PATH or "\0" in path:
                raise _unreadable("its path is none that Linux takes")
            if path.count("/") > DEEPEST:
                raise _unreadable(f"it lies below more than {DEEPEST} directories")
        held = self.isreg() or self.type not in tarfile.SUPPORTED_TYPES
        self.size = self.size if held else 0
        # The type stubs do not know it; it is where tarfile looks next.
        vars(archive)["offset"] = self.offset_data + _padded(self.size)


def opened(stream: IO[bytes], mode: Literal["r|", "r|gz"]) -> tarfile.TarFile:
    """Open *stream*; reading it raises ReadError where an entry is no entry."""
    return _Archive.open(fileobj=stream, mode=mode, tarinfo=_Entry)


def opened_file(path: Path) -> tarfile.TarFile:
    """Open the file *path*, compressed with gzip, as ``opened`` does a stream."""
    return _Archive.open(path, mode="r:gz", tarinfo=_Entry)


def entries(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the entries of *tar* without keeping them.

    A tarfile remembers every entry it has read, even of a stream; an image
    has hundreds of thousands (CPython issue 102120).
    """
    while (entry := tar.next()) is not None:
        yield entry
        vars(tar)["members"].clear()


def _said(kind: bytes, text: bytes) -> dict[str, str]:
    """Return what a header says of the next entry: its name, target, or size.

    Records for all entries that follow are left aside, as Go's library does.
    """
    if kind in {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}:
        key = "path" if kind == tarfile.GNUTYPE_LONGNAME else "linkpath"
        return {key: _text(text.partition(b"\0")[0])}
    said: dict[str, str] = {}
    for keyword, value in _records(text):
        if keyword.startswith(b"GNU.sparse."):
            raise _unreadable("it is a file with holes, in a form that is not read")
        if keyword in _KEPT and kind != tarfile.XGLTYPE:
            said[keyword.decode("ascii")] = _text(value)
    size = said.get("size", "0")
    if not size.isascii() or not size.isdigit() or len(size) > _DIGITS:
        raise _unreadable("its size is no number")
    return said


def _records(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield POSIX's records, ``LENGTH KEY=VALUE`` and a line break, one by one."""
    at = 0
    while at < len(text):
        space = text.find(b" ", at, at + _DIGITS)
        length = text[at:space] if space > 0 else b""
        end = at + int(length) if length.isdigit() else 0
        key, equals, value = text[space + 1 : end - 1].partition(b"=")
        if not equals or not space < end <= len(text) or text[end - 1 : end] != b"\n":
            raise _unreadable("its header holds no records")
        yield key, value
        at = end


def _text(name: bytes) -> str:
    return name.decode("utf-8", errors="surrogateescape")


def _padded(size: int) -> int:
    return -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE


def _own(archive: tarfile.TarFile) -> _Archive:
    if not isinstance(archive, _Archive):
        raise TypeError(archive)
    return archive


def _unreadable(text: str) -> tarfile.ReadError:
    return tarfile.ReadError(f"an entry of the archive cannot be read: {text}")
