"""Tar files for the tests, written from a table."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """An entry that points to another path."""

    target: str
    hard: bool = False


Content = bytes | Link | None
"""A file, a link, or (None) a directory."""


def tar(entries: Mapping[str, Content]) -> bytes:
    """Return a tar with *entries* in their order."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.mode = 0o755
            if isinstance(content, Link):
                entry.type = tarfile.LNKTYPE if content.hard else tarfile.SYMTYPE
                entry.linkname = content.target
            elif content is None:
                entry.type = tarfile.DIRTYPE
            else:
                entry.size = len(content)
            data = io.BytesIO(content) if isinstance(content, bytes) else None
            archive.addfile(entry, data)
    return buffer.getvalue()


def chunks(content: bytes, size: int = 700) -> Iterator[bytes]:
    """Yield *content* in pieces of an awkward *size*."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


def program(machine: int, *, big_endian: bool = False, narrow: bool = False) -> bytes:
    """Return the beginning of an ELF file for *machine*, and some bytes more."""
    number = machine.to_bytes(2, "big" if big_endian else "little")
    form = bytes((1 if narrow else 2, 2 if big_endian else 1, 1))
    identity = b"\x7fELF" + form
    return identity + bytes(9) + b"\x02\x00" + number + bytes(60)


ARM64 = program(183)
AMD64 = program(62)
