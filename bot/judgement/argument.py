"""Which build argument tells a Dockerfile the architecture, and who passes it. Pure.

BuildKit sets TARGETARCH by itself. The classic builder sets nothing, so there
a private argument with a default serves, and every caller passes its own
architecture variable.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.architecture import Architecture, Dialect, named, spell
from bot.model import Edit, Safety, Source, Span
from bot.parse.dockerfile import Dockerfile, Instruction, Stage, Word
from bot.project import Builder, Call, Project

PRIVATE = "ARCHITECTURE"
AUTOMATIC = "TARGETARCH"


class Serves(enum.Enum):
    """Who gives the argument its value."""

    CALLERS = "callers"
    BUILDKIT = "buildkit"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Argument:
    """The argument to use in one Dockerfile, and the calls that build it."""

    name: str
    serves: Serves
    calls: tuple[Call, ...]

    @property
    def safety(self) -> Safety:
        """Judge whether the argument surely has the right value."""
        if self.serves is Serves.NOBODY:
            return Safety.UNSAFE
        if self.serves is Serves.BUILDKIT:
            return Safety.SAFE
        told = all(call.architecture or self._passed(call) for call in self.calls)
        return Safety.SAFE if told else Safety.UNSAFE

    @property
    def title(self) -> str:
        """Say in a fix what is used, and why that."""
        if self.serves is Serves.CALLERS:
            values = sorted({call.architecture for call in self.calls} - {""})
            told = (
                f" given as {', '.join(f'`{one}`' for one in values)}" if values else ""
            )
            return (
                f"Use a build argument `{self.name}`{told}, "
                f"because the classic builder sets none{self._left}"
            )
        if self.serves is Serves.BUILDKIT:
            return f"Use `{self.name}`, which BuildKit sets"
        return (
            f"Use `{self.name}`, which BuildKit sets; "
            "nothing in the project says how this file is built"
        )

    @property
    def _left(self) -> str:
        """Say which caller has no variable that it could give."""
        left = [c for c in self.calls if not (c.architecture or self._passed(c))]
        if not left:
            return ""
        place = f"{left[0].path}:{left[0].line}"
        return f"; {place} has no variable for it and keeps the default"

    def passing(self) -> Iterator[Edit]:
        """Yield the edits that let every caller pass its own architecture."""
        if self.serves is not Serves.CALLERS:
            return
        for call in self.calls:
            if call.architecture and not self._passed(call):
                given = f" --build-arg {self.name}={call.architecture}"
                yield Edit(call.insertion, given)

    def declaring(self, file: Dockerfile, stage: Stage, before: int) -> Iterator[Edit]:
        """Yield the edit that declares the argument in *stage*, if it is not yet."""
        if _declared(stage.instructions, self.name, before):
            return
        outside = _declared(file.preamble, self.name, stage.start.span.start)
        default = "" if outside or self.serves is not Serves.CALLERS else _default()
        yield _below(file.source, stage.start.span, f"ARG {self.name}{default}")

    def _passed(self, call: Call) -> bool:
        return any(given.name == self.name for given in call.arguments)


def argument_for(file: Dockerfile, project: Project) -> Argument:
    """Decide from the project which argument serves in *file*."""
    calls = project.every_caller(file.source.path)
    if not calls:
        return Argument(AUTOMATIC, Serves.NOBODY, ())
    if all(call.builder is Builder.BUILDKIT for call in calls):
        return Argument(AUTOMATIC, Serves.BUILDKIT, calls)
    return Argument(_own(file, calls) or PRIVATE, Serves.CALLERS, calls)


def _own(file: Dockerfile, calls: Sequence[Call]) -> str:
    """Return the argument that the author already has for the architecture."""
    passed = {
        given.name
        for call in calls
        for given in call.arguments
        if given.value and given.value in call.architecture
    }
    for instruction in file.instructions:
        for key, default in _arguments(instruction):
            known = named(default.text) if default else None
            if key in passed or known is Architecture.AMD64:
                return key
    return ""


def _arguments(
    instruction: Instruction,
) -> Iterator[tuple[str, Word | None]]:
    if instruction.name == "ARG":
        for key, default in instruction.assignments:
            yield key.text, default


def _declared(instructions: Sequence[Instruction], name: str, before: int) -> bool:
    return any(
        key == name
        for instruction in instructions
        if instruction.span.end <= before
        for key, _ in _arguments(instruction)
    )


def _default() -> str:
    return f"={spell(Architecture.AMD64, Dialect.GO)}"


def _below(source: Source, span: Span, line: str) -> Edit:
    """Return the edit that puts *line* below *span*.

    It belongs to the next line where there is one: a suggestion for the line
    of *span* itself can then be taken as well.
    """
    newline = "\r\n" if "\r\n" in source.text else "\n"
    found = source.text.find("\n", span.end)
    if found < 0:
        return Edit(source.span(span.end, span.end), f"{newline}{line}")
    return Edit(source.span(found + 1, found + 1), f"{line}{newline}")
