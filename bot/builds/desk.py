"""Read what a recipe's ``docker`` script writes down, and word the answer to it.

The writing comes out of a container of strangers: it may be anything.
"""

from __future__ import annotations

import io
import re
import stat
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.builds.budget import Kept
from bot.builds.calls import Asked
from bot.errors import UserError

_NAME = re.compile(r"\d+\.\d+")
_COUNT = re.compile(r"\d{1,6}")
_LARGEST = 8 * 1024**2
_FRAME = 6
"""Fields of a call besides its words: name, count; directory ... environment."""
_LINE = 256
_SPOKEN = 4096
_NOISE = 1024
_PLAIN = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./:_,="
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the script wrote it down; *has_input* says its input was kept."""

    name: str
    asked: Asked
    live: frozenset[str]
    has_input: bool
    size: int = field(default=0, compare=False)
    """Characters that it takes in memory."""


@dataclass(frozen=True, slots=True)
class Request:
    """A call, which of its outputs go straight to the log, and its input."""

    asked: Asked
    live: frozenset[str]
    stdin: Path | None
    folder: Path
    kept: Kept


@dataclass(frozen=True, slots=True)
class Answer:
    """What the call prints and how it ends; *said* needs no printing again."""

    code: int
    out: bytes = b""
    err: bytes = b""
    said: frozenset[str] = frozenset()

    def unsaid(self) -> dict[str, bytes]:
        """Return the outputs that the script still has to print."""
        both = {"out": self.out, "err": self.err}
        return {name: text for name, text in both.items() if name not in self.said}


class Slot:
    """Takes a stream of calls in pieces and hands out those that are whole.

    Each field of a call ends with a NUL, which no field can contain. What is
    no call, for instance a complaint of the docker command, is kept as text.
    """

    def __init__(self) -> None:
        self._fields: list[str] = []
        self._rest = bytearray()
        self._size = 0
        self._text = ""

    def feed(self, chunk: bytes) -> Iterator[Call]:
        """Take the next bytes; UserError where a call is too large."""
        self._size += len(chunk)
        *ends, rest = chunk.split(b"\0")
        for end in ends:
            self._rest += end
            self._fields.append(self._rest.decode("utf-8", errors="replace"))
            self._rest.clear()
            yield from self._whole()
            self._check()
        self._rest += rest
        self._check()

    def text(self) -> str:
        """Return what was no call."""
        return self._text + self._rest.decode("utf-8", errors="replace")

    def _whole(self) -> Iterator[Call]:
        if len(self._fields) == 1:
            before, _, name = self._fields[0].rpartition("\n")
            self._fields = [name]
            self._text += before[: max(_SPOKEN - len(self._text), 0)]
            if not _NAME.fullmatch(name):
                self._drop()
            return
        if not _COUNT.fullmatch(self._fields[1]):
            self._drop()
            return
        if len(self._fields) == int(self._fields[1]) + _FRAME:
            yield _call(self._fields)
            self._fields = []
            self._size = 0

    def _check(self) -> None:
        if self._size > _LARGEST:
            raise UserError(
                f"A docker call of the command is larger than {_LARGEST >> 20} MiB, "
                "which no docker command takes. Shorten its words or environment."
            )

    def _drop(self) -> None:
        """Forget fields that are no call; a flood of them is no small matter."""
        self._fields = []
        self._size += _NOISE


def read(call: Call, folder: Path, kept: Kept) -> Request:
    """Complete *call* with its input, which lies in *folder* if it has one."""
    stdin = folder / "stdin" if call.has_input and _plain(folder / "stdin") else None
    return Request(call.asked, call.live, stdin, folder, kept)


def fits(answer: Answer) -> bool:
    """Tell whether *answer* is short enough to be worded whole."""
    return sum(map(len, answer.unsaid().values())) <= _SPOKEN


def word(call: str, answer: Answer) -> bytes:
    """Return *answer* in lines for the script's ``printf``, the end last."""
    lines = [
        f"{name} {call} {_escaped(text[at : at + _LINE])}\n"
        for name, text in answer.unsaid().items()
        for at in range(0, len(text), _LINE)
    ]
    lines.append(f"end {call} {answer.code}\n")
    return "".join(lines).encode("ascii")


def tarred(files: Mapping[str, bytes]) -> bytes:
    """Return a tar with *files*."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _call(fields: list[str]) -> Call:
    name, _, *words, directory, live, stdin, environment = fields
    settings = (line for line in environment.splitlines() if "=" in line)
    known = dict(line.partition("=")[::2] for line in settings)
    asked = Asked(tuple(words), directory, known)
    size = sum(map(len, fields))
    return Call(name, asked, frozenset(live.split()), bool(stdin), size)


def _escaped(text: Iterable[int]) -> str:
    return "".join(chr(one) if one in _PLAIN else f"\\{one:03o}" for one in text)


def _plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
