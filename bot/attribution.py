"""Trace a layer of an image back to the instructions that made it. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from bot.parse.dockerfile import Dockerfile, Instruction, Stage
from bot.redaction import as_shown

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
    judges = (_same_text, _same_destination) if wanted in _COPIES else (_same_text,)
    for judge in judges:
        for item in reversed(file.instructions):
            if item.name != wanted:
                continue
            if judge(as_shown(wanted, file.source.cut(item.body), rest), rest):
                return item
    return None


def origins(file: Dockerfile, brought: Instruction) -> tuple[Instruction, ...]:
    """Return *brought* and what its files come from in the stage it copies from.

    There it is the last ADD or COPY to the same path; where none is, it may be
    any instruction of the stage.
    """
    found = [brought]
    for item in found:
        stage = _stage_copied_from(file, item)
        if stage is not None:
            writers = tuple(_writers(stage, item)) or stage.instructions
            found += [each for each in writers if each not in found]
    return tuple(found)


def _stage_copied_from(file: Dockerfile, item: Instruction) -> Stage | None:
    if item.name not in _COPIES:
        return None
    name = item.taken_from.lower()
    named = (each for each in file.stages if name in {each.name, str(each.index)})
    return next(named, None) if name else None


def _writers(stage: Stage, item: Instruction) -> Iterator[Instruction]:
    """Yield the last ADD or COPY of *stage* to each path that *item* takes."""
    for word in item.words[:-1]:
        wanted = posixpath.join("/", word.text)
        for each in reversed(stage.instructions):
            if each.name in _COPIES and each.words and _writes(each, wanted):
                yield each
                break


def _writes(item: Instruction, wanted: str) -> bool:
    target = posixpath.join("/", item.words[-1].text).rstrip("/")
    return wanted == target or wanted.startswith(f"{target}/")


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
