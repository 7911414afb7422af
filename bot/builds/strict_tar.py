"""Open a tar stream that must be readable to its end.

Python takes an entry that it cannot read, unless it is the first, for the end of
the archive. Whatever comes behind it would then never have been looked at, while
an engine, which reads with Go's library, may well unpack it.
"""

from __future__ import annotations

import tarfile
from tarfile import (  # type: ignore[attr-defined]  # not in the type stubs
    InvalidHeaderError,
    TruncatedHeaderError,
)
from typing import IO, Literal


class _Entry(tarfile.TarInfo):
    """An entry whose header must be one."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> _Entry:
        """Read the next header of *tarfile*."""
        try:
            return super().fromtarfile(tarfile)
        except (InvalidHeaderError, TruncatedHeaderError) as error:
            raise _read_error(str(error)) from error


def _read_error(text: str) -> tarfile.ReadError:
    return tarfile.ReadError(f"an entry of the archive cannot be read: {text}")


def opened(stream: IO[bytes], mode: Literal["r|", "r|*"]) -> tarfile.TarFile:
    """Open *stream*; reading it raises ReadError where an entry is no entry."""
    return tarfile.open(fileobj=stream, mode=mode, tarinfo=_Entry)
