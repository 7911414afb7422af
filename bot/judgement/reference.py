"""The images that a Dockerfile names, and where each of them is written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.architecture import named
from bot.model import Span
from bot.parse.dockerfile import Dockerfile, Stage, Word
from bot.parse.expansion import expand, names
from bot.parse.scope import automatic, image_of, scope
from bot.project import Builder, Project

_BUILT_ON = ("$TARGETPLATFORM", "${TARGETPLATFORM}")


@dataclass(frozen=True, slots=True)
class Values:
    """The build arguments that callers give, and those that BuildKit sets."""

    given: Mapping[str, str] = field(default_factory=dict)
    automatic: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, dockerfile: str, project: Project, platform: str) -> Values:
        """Return the values that *project* gives *dockerfile* for *platform*."""
        modern = project.builder(dockerfile) is Builder.BUILDKIT
        given = project.arguments(dockerfile, platform)
        return cls(given, automatic(platform) if modern else {})


@dataclass(frozen=True, slots=True)
class Written:
    """A text to write and where."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An image reference with its arguments expanded.

    *word* is where it is used, *origin* where it is written: the default of
    the argument *variable* of which *before* and *after* surround it, or the
    word itself. *is_shared* says that other places use that argument too.
    """

    image: str
    word: Word
    origin: Word | None
    variable: str = ""
    before: str = ""
    after: str = ""
    is_shared: bool = False
    by_architecture: bool = False
    """Whether an argument that holds an architecture is part of it."""

    def rewritten(self, image: str) -> Written | None:
        """Return what to write so that the reference becomes *image*."""
        fits = image.startswith(self.before) and image.endswith(self.after)
        if self.origin is None or not fits:
            return None
        end = len(image) - len(self.after)
        return Written(self.origin.span, image[len(self.before) : end])


def references(file: Dockerfile, values: Values) -> Iterator[Reference]:
    """Yield every image that the stages of *file* take something from."""
    stages = {stage.name for stage in file.stages if stage.name}
    for stage in file.stages:
        platform = stage.platform.text if stage.platform else ""
        image = image_of(file, stage, values.given, values.automatic)
        if image and (not platform or platform in _BUILT_ON):
            traced = _traced(file, stage, image, values)
            yield replace(traced, by_architecture=_by_architecture(file, stage))
        yield from _copied(stage, stages)


def _copied(stage: Stage, stages: set[str]) -> Iterator[Reference]:
    for instruction in stage.instructions:
        for flag in instruction.flags:
            image = flag.value.text
            known = image.lower() in stages or image.isdigit() or "$" in image
            if instruction.name == "COPY" and flag.name == "from" and not known:
                yield Reference(image, flag.value, flag.value)


def _traced(file: Dockerfile, stage: Stage, image: str, values: Values) -> Reference:
    word = stage.image
    used = names(word.text, file.escape)
    if not used:
        return Reference(image, word, word if word.text == image else None)
    known = scope(file, None, None, values.given, values.automatic)
    for name in reversed(used):  # the tag stands last, and it is what changes
        default = _default(file, name)
        ends = [expand(part, known, file.escape) for part in _around(word.text, name)]
        if default is None or ends[0] is None or ends[1] is None:
            continue
        shared = sum(name in names(each.image.text) for each in file.stages) > 1
        return Reference(image, word, default, name, ends[0], ends[1], shared)
    return Reference(image, word, None)


def _by_architecture(file: Dockerfile, stage: Stage) -> bool:
    defaults = (_default(file, name) for name in names(stage.image.text, file.escape))
    return any(default and named(default.text) for default in defaults)


def _around(text: str, name: str) -> tuple[str, str]:
    """Return what stands before and behind the use of the variable *name*."""
    for use in (f"${{{name}}}", f"${name}"):
        if use in text:
            before, _, after = text.partition(use)
            return before, after
    return text, ""


def _default(file: Dockerfile, name: str) -> Word | None:
    """Return the literal default of the argument *name* before the first FROM."""
    defaults = [
        default
        for instruction in file.preamble
        for key, default in instruction.assignments
        if key.text == name and default
    ]
    # Of several declarations the last one counts.
    return defaults[-1] if defaults and "$" not in defaults[-1].text else None
