"""Read what a recipe's ``docker`` script left, and word the answer to it.

The directory comes from a container of strangers: nothing in it is followed.
"""

from __future__ import annotations

import io
import os
import re
import stat
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.builds.calls import Asked
from bot.builds.words import CallError

_NAME = re.compile(r"\d+\.\d+")
_LARGEST = 8 * 1024**2


@dataclass(frozen=True, slots=True)
class Request:
    """A call, which of its outputs go straight to the log, and its input."""

    asked: Asked
    live: frozenset[str]
    stdin: Path | None
    folder: Path


@dataclass(frozen=True, slots=True)
class Answer:
    """What the call prints and how it ends; *said* needs no printing again."""

    code: int
    out: bytes = b""
    err: bytes = b""
    said: frozenset[str] = frozenset()


def is_call(name: str) -> bool:
    """Tell whether *name* is one the script gives to calls."""
    return _NAME.fullmatch(name) is not None


def read(folder: Path) -> Request:
    """Read the call in *folder*; CallError where it is none."""
    words = _text(folder / "words").split("\0")[:-1]
    settings = _text(folder / "environment").splitlines()
    environment = dict(line.partition("=")[::2] for line in settings if "=" in line)
    directory = _text(folder / "directory").rstrip("\n")
    live = frozenset(_text(folder / "live").split()) if _plain(folder / "live") else ()
    stdin = folder / "stdin" if _plain(folder / "stdin") else None
    asked = Asked(tuple(words), directory, environment)
    return Request(asked, frozenset(live), stdin, folder)


def word(answer: Answer) -> bytes:
    """Return the tar that puts *answer* where the script waits for it."""
    parts = {f"said.{name}": b"" for name in answer.said}
    parts |= {"out": answer.out, "err": answer.err, "code": b"%d\n" % answer.code}
    # The script waits for the last of them.
    parts["done"] = b""
    return tarred((f"answer/{name}", text) for name, text in parts.items())


def tarred(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a tar with *files*, in their order."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _text(path: Path) -> str:
    if not _plain(path):
        raise CallError(f"the call came without its {path.name}")
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        return file.read(_LARGEST).decode("utf-8", errors="replace")
