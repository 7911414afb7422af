"""Trace a layer of an image back to the instruction that made it. Pure."""

from __future__ import annotations

import re

from bot.parse.dockerfile import Dockerfile, Instruction

_BLANKS = re.compile(r"[\s\\]+")
_VARIABLE = re.compile(r"\$(?:\w+|\{[^}]*\})")
_CUT = "\N{HORIZONTAL ELLIPSIS}"
"""The end of a record that was too long to keep."""
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_COPIES = frozenset({"ADD", "COPY"})


def instruction_at(file: Dockerfile, created_by: str) -> Instruction | None:
    """Return the instruction of *file* that *created_by* (a history) names.

    BuildKit records an instruction much as it is written; the classic builder
    expands variables and replaces the sources of ADD and COPY by a digest.
    The last instruction that fits is meant: earlier stages are not shipped.
    """
    keyword, _, rest = created_by.strip().partition(" ")
    wanted = keyword.upper()
    judge = _same_destination if wanted in _COPIES else _same_text
    for item in reversed(file.instructions):
        if item.name == wanted and judge(file.source.cut(item.body), rest):
            return item
    return None


def _same_text(written: str, recorded: str) -> bool:
    written = _COMMENT.sub("", written)
    if recorded.endswith(_CUT):
        return _squeezed(written).startswith(_squeezed(recorded.removesuffix(_CUT)))
    pieces = (_squeezed(piece) for piece in _VARIABLE.split(written))
    pattern = ".*".join(re.escape(piece) for piece in pieces)
    text = _squeezed(recorded)
    return bool(re.fullmatch(pattern, text)) or _squeezed(written) in text


def _same_destination(written: str, recorded: str) -> bool:
    last = written.split()[-1:]
    destination = last[0].strip('"[],') if last else ""
    recorded_words = recorded.removesuffix("# buildkit").split()
    actual = recorded_words[-1] if recorded_words else ""
    pattern = ".*".join(re.escape(piece) for piece in _VARIABLE.split(destination))
    return bool(re.fullmatch(f"{pattern}/?", actual))


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", text)
