"""Which value a Dockerfile's variables have at an instruction, and its images."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.parse.dockerfile import Dockerfile, Instruction, Stage, Word
from bot.parse.expansion import expand, names

Values = Mapping[str, str | None]

NOTHING: Mapping[str, str] = {}


class Base(enum.Enum):
    """What a FROM names: only an IMAGE has a reference to ask a registry for."""

    IMAGE = "image"
    STAGE = "stage"
    SCRATCH = "scratch"
    UNKNOWN = "unknown"
    """A variable without a known value decides."""


def automatic(target: str, build: str = "") -> Mapping[str, str]:
    """Return the arguments BuildKit sets by itself for two platforms.

    The classic builder sets none of them: give it an empty mapping.
    """
    found = {"TARGET": target, "BUILD": build or target}
    return {
        prefix + name: value
        for prefix, platform in found.items()
        for name, value in _parts(platform).items()
    }


def _parts(platform: str) -> Mapping[str, str]:
    system, _, rest = platform.partition("/")
    architecture, _, variant = rest.partition("/")
    return {
        "PLATFORM": platform,
        "OS": system,
        "ARCH": architecture,
        "VARIANT": variant,
    }


@dataclass(frozen=True, slots=True)
class Origin:
    """What a stage is built on: an image, an earlier stage, or neither."""

    base: Base
    image: str | None = None
    stage: Stage | None = None


def origin_of(
    dockerfile: Dockerfile,
    stage: Stage,
    given: Mapping[str, str],
    platform: Mapping[str, str] = NOTHING,
) -> Origin:
    """Return what *stage* is built on."""
    return _origin(dockerfile, stage, _outside(dockerfile, None, given, platform))


def images_of(
    dockerfile: Dockerfile,
    given: Mapping[str, str],
    platform: Mapping[str, str] = NOTHING,
) -> tuple[str | None, ...]:
    """Return the image that each stage starts from; None where it is none."""
    outside = _outside(dockerfile, None, given, platform)
    return tuple(origin.image for _, origin in _origins(dockerfile, outside))


def _origins(dockerfile: Dockerfile, outside: Values) -> Iterator[tuple[Stage, Origin]]:
    """Yield each stage with what it is built on, looking at no stage twice."""
    earlier: dict[str, Stage] = {}
    for stage in dockerfile.stages:
        yield stage, _named(stage, outside, dockerfile.escape, earlier)
        if stage.name:
            earlier[stage.name] = stage


def _origin(dockerfile: Dockerfile, stage: Stage, outside: Values) -> Origin:
    stages = dockerfile.stages[: stage.index]
    earlier = {each.name: each for each in stages if each.name}
    return _named(stage, outside, dockerfile.escape, earlier)


def _named(
    stage: Stage, outside: Values, escape: str, earlier: Mapping[str, Stage]
) -> Origin:
    name = _expand_closed(stage.image.text, outside, escape)
    if not name:
        return Origin(Base.UNKNOWN)
    if name.lower() in earlier:
        return Origin(Base.STAGE, stage=earlier[name.lower()])
    if name == "scratch":
        return Origin(Base.SCRATCH)
    return Origin(Base.IMAGE, name)


def scope(
    dockerfile: Dockerfile,
    stage: Stage | None,
    instruction: Instruction | None,
    given: Mapping[str, str],
    platform: Mapping[str, str] = NOTHING,
) -> Values:
    """Return the variables in force where *instruction* begins.

    *stage* is None before the first FROM; *instruction* is None for the end
    of the stage. *given* are the ``--build-arg`` values, *platform* what
    `automatic` says. A declared argument without a value maps to None; a name
    whose value depends on something unknown is absent, like an undeclared one.
    """
    if stage is None:
        return _outside(dockerfile, instruction, given, platform)
    outside = _outside(dockerfile, None, given, platform)
    if instruction == stage.start:
        return outside
    inside = Inside(dockerfile, given, outside, _declared(dockerfile))
    for ancestor in _ancestry(dockerfile, stage, outside):
        inside.run(_before(ancestor.instructions, instruction))
    return inside.values


def scopes(
    dockerfile: Dockerfile,
    given: Mapping[str, str],
    platform: Mapping[str, str] = NOTHING,
) -> Iterator[tuple[Instruction, Values]]:
    """Yield what the stages hold, with the variables in force where it begins.

    The variables are those of `scope`, until the next instruction is asked for.
    """
    for stage, inside in stages(dockerfile, given, platform):
        for instruction in stage.instructions:
            yield instruction, inside.values
            inside.run((instruction,))


def stages(
    dockerfile: Dockerfile,
    given: Mapping[str, str],
    platform: Mapping[str, str] = NOTHING,
) -> Iterator[tuple[Stage, Inside]]:
    """Yield each stage with the variables in force where it begins.

    Run its instructions before the next stage is asked for, which may stand on it.
    """
    outside = _outside(dockerfile, None, given, platform)
    declared = _declared(dockerfile)
    ends: dict[int, Inside] = {}
    for stage, origin in _origins(dockerfile, outside):
        inside = Inside(dockerfile, given, outside, declared)
        if origin.stage:
            inside.values |= ends[origin.stage.index].values
            inside.environment |= ends[origin.stage.index].environment
        ends[stage.index] = inside
        yield stage, inside


def _ancestry(dockerfile: Dockerfile, stage: Stage, outside: Values) -> list[Stage]:
    """Return *stage* and the stages it is built on, the first one first."""
    found = [stage]
    while parent := _origin(dockerfile, found[-1], outside).stage:
        found.append(parent)
    return found[::-1]


def _before(
    instructions: Iterable[Instruction], end: Instruction | None
) -> Iterator[Instruction]:
    for each in instructions:
        if end is None or each.span.start < end.span.start:
            yield each


def _outside(
    dockerfile: Dockerfile,
    end: Instruction | None,
    given: Mapping[str, str],
    platform: Mapping[str, str],
) -> Values:
    """Return the values that the ARGs before the first FROM make."""
    values: dict[str, str | None] = dict(platform)
    for key, default in _arguments(_before(dockerfile.preamble, end)):
        if key.text in given:
            values[key.text] = given[key.text]
        elif default is None:
            values.setdefault(key.text, None)
        else:
            value = _expand_closed(default.text, values, dockerfile.escape)
            _put(values, key.text, value)
    return values


def _declared(dockerfile: Dockerfile) -> frozenset[str]:
    return frozenset(key.text for key, _ in _arguments(dockerfile.preamble))


def _arguments(
    instructions: Iterable[Instruction],
) -> Iterator[tuple[Word, Word | None]]:
    for instruction in instructions:
        if instruction.name == "ARG":
            yield from instruction.assignments


def _expand_closed(text: str, values: Values, escape: str) -> str | None:
    """Expand where no base image can bring variables of its own."""
    wanted = names(text, escape)
    return expand(text, {name: values.get(name) for name in wanted}, escape)


def _put(values: dict[str, str | None], name: str, value: str | None) -> None:
    """Set *name*, or forget it where its value is unknown."""
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value


@dataclass(slots=True)
class Inside:
    """The variables of a stage, instruction by instruction."""

    dockerfile: Dockerfile
    given: Mapping[str, str]
    outside: Values
    declared: frozenset[str]
    """The names that have an ARG before the first FROM."""
    values: dict[str, str | None] = field(default_factory=dict)
    environment: set[str] = field(default_factory=set)

    def run(self, instructions: Iterable[Instruction]) -> None:
        """Let *instructions* declare and set what they do."""
        for instruction in instructions:
            many = len(instruction.assignments) > 1
            before = dict(self.values) if many else self.values
            for key, value in instruction.assignments:
                if instruction.name == "ARG" and key.text not in self.environment:
                    self._declare(key.text, value, before)
                elif instruction.name == "ENV" and value is not None:
                    self.environment.add(key.text)
                    _put(self.values, key.text, self._expanded(value, before))

    def _declare(self, name: str, default: Word | None, before: Values) -> None:
        if name in self.given:
            self.values[name] = self.given[name]
        elif default is not None:
            _put(self.values, name, self._expanded(default, before))
        elif name in self.outside:
            self.values[name] = self.outside[name]
        elif name in self.declared:  # its default outside is not to be known
            self.values.pop(name, None)
        else:
            self.values.setdefault(name, None)

    def _expanded(self, word: Word, values: Values) -> str | None:
        return expand(word.text, values, self.dockerfile.escape)
