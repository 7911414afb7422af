"""Find the instruction of a Dockerfile that a log line speaks of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.logs.buildkit import familiar
from bot.model import LogLine, Span, Step
from bot.parse.dockerfile import Dockerfile, Instruction
from bot.parse.pieces import between_variables, fit
from bot.redaction import as_shown

_JOIN = re.compile(r"[\\`][ \t]*\n(?:[ \t]*(?:\#[^\n]*)?\n)*")


def locate(line: LogLine, dockerfile: Dockerfile) -> Span | None:
    """Return the instruction that *line* belongs to, or None.

    The line number counts where the log tells it, else the text: BuildKit
    shows variables expanded, the classic builder as they are written.
    """
    if line.step is None:
        return None
    step = line.step
    found = _at_line(step, dockerfile) or _alike(step, dockerfile)
    return found.span if found else None


def _at_line(step: Step, dockerfile: Dockerfile) -> Instruction | None:
    for instruction in dockerfile.instructions:
        last = dockerfile.source.line(max(instruction.span.end - 1, 0))
        if step.line and instruction.line <= step.line <= last:
            return instruction
    return None


def _alike(step: Step, dockerfile: Dockerfile) -> Instruction | None:
    candidates = [
        instruction
        for instruction in _narrowed(step, dockerfile)
        if _says(instruction, step.instruction, dockerfile)
    ]
    counted = _counted(step, dockerfile.instructions)
    if counted and (not candidates or counted in candidates):
        return counted
    literal = (each for each in candidates if "$" not in _written(each, dockerfile))
    return next(literal, candidates[0] if candidates else None)


def _narrowed(step: Step, dockerfile: Dockerfile) -> Iterator[Instruction]:
    """Yield the instructions of the named stage, or all of them."""
    for stage in dockerfile.stages:
        if step.stage in {"", stage.name.lower(), f"stage-{stage.index}"}:
            yield stage.start
            yield from stage.instructions
    if not step.stage:
        yield from dockerfile.preamble


def _counted(step: Step, instructions: Sequence[Instruction]) -> Instruction | None:
    """Return the instruction of that number, as the classic builder counts."""
    if step.stage or not 0 < step.number <= len(instructions):
        return None
    instruction = instructions[step.number - 1]
    keyword = step.instruction.partition(" ")[0].upper()
    return instruction if instruction.name == keyword else None


def _says(instruction: Instruction, shown: str, dockerfile: Dockerfile) -> bool:
    keyword, _, rest = shown.partition(" ")
    if instruction.name != keyword.upper():
        return False
    if instruction.name == "FROM":
        image = instruction.words[0].text if instruction.words else ""
        return _matches(familiar(image), rest.split(" ")[0].partition("@sha256:")[0])
    written = _JOIN.sub("", _written(instruction, dockerfile))
    return _matches(as_shown(instruction.name, written, rest), rest)


def _written(instruction: Instruction, dockerfile: Dockerfile) -> str:
    """Return flags and arguments as they stand in the file."""
    return dockerfile.source.text[instruction.keyword.end : instruction.body.end]


def _matches(written: str, shown: str) -> bool:
    """Compare without blanks, letting every variable stand for anything."""
    parts = between_variables("".join(written.split()))
    text = "".join(shown.split())
    return fit(parts, text) or written.split() == shown.split()
