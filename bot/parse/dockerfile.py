"""A lossless Dockerfile reader: every part knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.model import Source, Span
from bot.parse.expansion import expand
from bot.parse.instruction import Flag, Heredoc, Instruction, Problem, Word
from bot.parse.lines import Lines
from bot.parse.reading import instructions

__all__ = [
    "Dockerfile",
    "Flag",
    "Heredoc",
    "Instruction",
    "Problem",
    "Stage",
    "Word",
    "expand",
    "parse",
]


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and the instructions up to the next."""

    index: int
    start: Instruction
    image: Word
    name: str
    """What ``AS`` calls it, lower-cased as Docker does; else empty."""
    platform: Word | None
    instructions: tuple[Instruction, ...]
    """Without the FROM itself."""


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A parsed Dockerfile: everything before the first FROM, then stages."""

    source: Source
    escape: str
    instructions: tuple[Instruction, ...]
    preamble: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    problems: tuple[Problem, ...]
    comments: tuple[Span, ...]
    """Every comment line, without its indent; directives are comments too."""
    directives: tuple[tuple[str, Word], ...] = ()
    """``escape``, ``syntax`` and ``check``, by their lower-cased names."""


def parse(source: Source) -> Dockerfile:
    """Read *source* as a Dockerfile."""
    lines = Lines(source)
    found = tuple(instructions(lines))
    starts = [at for at, each in enumerate(found) if each.name == "FROM"]
    first = starts[0] if starts else len(found)
    ends = [*starts[1:], len(found)]
    stages = tuple(
        _stage(index, found[start:end])
        for index, (start, end) in enumerate(zip(starts, ends, strict=False))
    )
    problems = (*lines.problems, *_out_of_place(source, found[:first], stages))
    return Dockerfile(
        source=source,
        escape=lines.escape,
        instructions=found,
        preamble=found[:first],
        stages=stages,
        problems=tuple(sorted(problems, key=lambda problem: problem.span)),
        comments=tuple(lines.comments),
        directives=tuple(lines.directives.items()),
    )


def _stage(index: int, instructions: tuple[Instruction, ...]) -> Stage:
    start = instructions[0]
    words = start.words
    platforms = (flag.value for flag in start.flags if flag.name == "platform")
    nothing = Word("", Span(start.body.path, start.body.end, start.body.end))
    named = len(words) == len(("image", "AS", "name")) and words[1].text.lower() == "as"
    return Stage(
        index=index,
        start=start,
        image=words[0] if words else nothing,
        name=words[2].text.lower() if named else "",
        platform=next(platforms, None),
        instructions=instructions[1:],
    )


def _out_of_place(
    source: Source, preamble: tuple[Instruction, ...], stages: tuple[Stage, ...]
) -> Iterator[Problem]:
    """Yield what Docker refuses for standing where it stands."""
    for instruction in preamble:
        if instruction.name != "ARG":
            message = (
                f"Only ARG may stand before the first FROM, not {instruction.name}."
            )
            yield Problem(instruction.keyword, message)
    if not stages:
        yield Problem(source.span(0, 0), "The file has no FROM, so nothing is built.")
