"""The images that a Dockerfile names, as its builder will read them. Pure.

A name may be computed: ``FROM ${A}${B}``. What stands here is the text after
that, with nothing for what has no value, as the builder has it. What the triggers
(ONBUILD) of a base image name cannot be seen in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.model import Span
from bot.parse import scope
from bot.parse.dockerfile import Dockerfile, Flag, Instruction, Stage
from bot.parse.expansion import expand, names
from bot.parse.scope import Values


@dataclass(frozen=True, slots=True)
class Named:
    """An image that a Dockerfile names: *text*, once expanded, written at *span*.

    *before* and *behind* are what else is written there.
    """

    text: str
    span: Span
    before: str = ""
    behind: str = ""

    def replaced(self, text: str) -> str:
        """Return what to write at the span to name *text* instead."""
        return f"{self.before}{text}{self.behind}"


def find(file: Dockerfile, given: Mapping[str, str], platform: str) -> Iterator[Named]:
    """Yield the images of *file*, without its own stages and ``scratch``.

    *given* are the build arguments.
    """
    automatic = scope.automatic(platform)
    outside = scope.scope(file, None, None, given, automatic)
    earlier: set[str] = {"scratch"}
    for stage, inside in scope.stages(file, given, automatic):
        base = _expanded(stage.image.text, outside, file.escape)
        if base.lower() not in earlier and base:
            yield Named(base, stage.image.span)
        for instruction in stage.instructions:
            yield from _copied(file, instruction, inside.values, earlier)
            inside.run((instruction,))
        for trigger in _triggers(stage):
            yield from _copied(file, trigger, inside.values, earlier)
        earlier |= {stage.name, str(stage.index)} - {""}


def _triggers(stage: Stage) -> Iterator[Instruction]:
    """Yield what runs in a stage that stands on this one, behind its last line."""
    for instruction in stage.instructions:
        if instruction.onbuild is not None:
            yield instruction.onbuild


def _copied(
    file: Dockerfile, instruction: Instruction, inside: Values, earlier: set[str]
) -> Iterator[Named]:
    for flag in instruction.flags:
        for named in _named_by(flag):
            text = _expanded(named.text, inside, file.escape)
            if text and text.lower() not in earlier:
                yield Named(text, named.span, named.before, named.behind)


def _named_by(flag: Flag) -> Iterator[Named]:
    if flag.name == "from":
        yield Named(flag.text, flag.value.span)
    if flag.name != "mount":
        return
    parts = flag.text.split(",")
    for at, part in enumerate(parts):
        key, equals, value = part.partition("=")
        if key.strip().lower() == "from" and equals:
            before = "".join(f"{one}," for one in parts[:at]) + "from="
            behind = "".join(f",{one}" for one in parts[at + 1 :])
            yield Named(value.strip(), flag.value.span, before, behind)


def _expanded(text: str, values: Values, escape: str) -> str:
    """Expand *text*; what has no value, or an unknown one, stands for nothing."""
    known = {name: values.get(name) or "" for name in names(text, escape)}
    expanded = expand(text, known, escape)
    return text if expanded is None else expanded
