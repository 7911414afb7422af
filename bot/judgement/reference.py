"""The images that a Dockerfile names, and where each of them is written. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.architecture import named
from bot.model import Span
from bot.parse.dockerfile import Dockerfile, Stage, Word
from bot.parse.expansion import expand, names
from bot.parse.scope import automatic, images_of, scope
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
    images = images_of(file, values.given, values.automatic)
    tracing = _Tracing.of(file, values)
    for stage, image in zip(file.stages, images, strict=True):
        platform = stage.platform.text if stage.platform else ""
        if image and (not platform or platform in _BUILT_ON):
            yield tracing.traced(stage, image)
        yield from _copied(stage, stages)


def _copied(stage: Stage, stages: set[str]) -> Iterator[Reference]:
    for instruction in stage.instructions:
        for flag in instruction.flags:
            image = flag.text
            known = image.lower() in stages or image.isdigit() or "$" in image
            if instruction.name == "COPY" and flag.name == "from" and not known:
                yield Reference(image, flag.value, flag.value)


@dataclass(frozen=True, slots=True)
class _Tracing:
    """What is known before the first FROM, gathered once for all stages."""

    escape: str
    known: Mapping[str, str | None]
    defaults: Mapping[str, Word]
    uses: Counter[str]
    """How many stages use an argument for their image."""

    @classmethod
    def of(cls, file: Dockerfile, values: Values) -> _Tracing:
        known = scope(file, None, None, values.given, values.automatic)
        used = (set(names(each.image.text)) for each in file.stages)
        uses = Counter(name for each in used for name in each)
        return cls(file.escape, known, _defaults(file), uses)

    def traced(self, stage: Stage, image: str) -> Reference:
        """Return the reference to *image*, and where it is written."""
        word, used = stage.image, names(stage.image.text, self.escape)
        found = self._written(word, image, used)
        mine = (self._default(name) for name in used)
        by_architecture = any(each and named(each.text) for each in mine)
        return replace(found, by_architecture=by_architecture)

    def _written(self, word: Word, image: str, used: tuple[str, ...]) -> Reference:
        if not used:
            return Reference(image, word, word if word.text == image else None)
        for name in reversed(used):  # the tag stands last, and it is what changes
            default = self._default(name)
            around = _around(word.text, name)
            before, after = (expand(part, self.known, self.escape) for part in around)
            if default is None or before is None or after is None:
                continue
            shared = self.uses[name] > 1
            return Reference(image, word, default, name, before, after, shared)
        return Reference(image, word, None)

    def _default(self, name: str) -> Word | None:
        """Return the default of *name* where it is literal."""
        default = self.defaults.get(name)
        return None if default is None or "$" in default.text else default


def _around(text: str, name: str) -> tuple[str, str]:
    """Return what stands before and behind the use of the variable *name*."""
    for use in (f"${{{name}}}", f"${name}"):
        if use in text:
            before, _, after = text.partition(use)
            return before, after
    return text, ""


def _defaults(file: Dockerfile) -> Mapping[str, Word]:
    """Return the arguments' defaults before the first FROM; the last one counts."""
    return {
        key.text: default
        for instruction in file.preamble
        for key, default in instruction.assignments
        if default
    }
