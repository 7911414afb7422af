"""Trace a layer of an image back to the instructions that made it. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

from bot.model import Span
from bot.parse.dockerfile import Dockerfile, Instruction, Stage
from bot.parse.pieces import between_variables, fit
from bot.redaction import as_shown

_BLANKS = re.compile(r"[\s\\]+")
_CUT = "\N{HORIZONTAL ELLIPSIS}"
"""The end of a record that was too long to keep."""
_COMMENT = re.compile(r"^[^\S\n]*+#.*$", re.MULTILINE)
_COPIES = frozenset({"ADD", "COPY"})
_LONGEST_PATH = 4096
"""Characters of a path; no Linux takes a longer one."""


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
    found = {brought.span: brought}
    writers: dict[int, _Writers] = {}
    waiting = [brought]
    for item in waiting:
        stage = _stage_copied_from(file, item)
        if stage is None:
            continue
        if stage.index not in writers:
            writers[stage.index] = _Writers.of(stage)
        known = writers[stage.index].to(item) or stage.instructions
        fresh = [each for each in known if each.span not in found]
        found |= {each.span: each for each in fresh}
        waiting += fresh
    return tuple(found.values())


def _stage_copied_from(file: Dockerfile, item: Instruction) -> Stage | None:
    if item.name not in _COPIES:
        return None
    name = item.taken_from.lower()
    named = (each for each in file.stages if name in {each.name, str(each.index)})
    return next(named, None) if name else None


@dataclass(frozen=True, slots=True)
class _Writers:
    """The last ADD or COPY of a stage to each target, and its place there."""

    last: Mapping[str, tuple[int, Instruction]]

    @classmethod
    def of(cls, stage: Stage) -> _Writers:
        """Gather the writers of *stage*."""
        return cls(
            {
                posixpath.join("/", each.words[-1].text).rstrip("/"): (place, each)
                for place, each in enumerate(stage.instructions)
                if each.name in _COPIES and each.words
            }
        )

    def to(self, item: Instruction) -> tuple[Instruction, ...]:
        """Return the last writer to each path that *item* takes, or above it."""
        chosen: dict[Span, Instruction] = {}
        for word in item.words[:-1]:
            path = posixpath.join("/", word.text[:_LONGEST_PATH])
            known = (self.last.get(each) for each in _upwards(path))
            found = max(filter(None, known), key=itemgetter(0), default=None)
            if found:
                chosen[found[1].span] = found[1]
        return tuple(chosen.values())


def _upwards(path: str) -> Iterator[str]:
    """Yield *path* and the folders above it, up to the root, which is empty."""
    yield path
    while path:
        path = path[: path.rfind("/")]
        yield path


def _same_text(written: str, recorded: str) -> bool:
    written = _COMMENT.sub("", written)
    if recorded.endswith(_CUT):
        return _squeezed(written).startswith(_squeezed(recorded.removesuffix(_CUT)))
    pieces = [_squeezed(piece) for piece in between_variables(written)]
    text = _squeezed(recorded)
    return fit(pieces, text) or _squeezed(written) in text


def _same_destination(written: str, recorded: str) -> bool:
    last = written.split()[-1:]
    destination = last[0].strip('"[],') if last else ""
    recorded_words = recorded.removesuffix("# buildkit").split()
    actual = recorded_words[-1] if recorded_words else ""
    pieces = between_variables(destination)
    return fit(pieces, actual) or fit(pieces, actual.removesuffix("/"))


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", text)
