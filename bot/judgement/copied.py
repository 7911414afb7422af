"""What the Dockerfiles of a project copy from their context, per platform. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from bot.judgement.reference import Values
from bot.parse.dockerfile import Dockerfile
from bot.parse.dockerignore import Dockerignore
from bot.parse.expansion import expand
from bot.parse.scope import scopes
from bot.project import Project

_COPIES = frozenset({"ADD", "COPY"})


@dataclass(frozen=True, slots=True)
class Copied:
    """One source whose path depends on the architecture, in both forms."""

    arm64: str
    amd64: str


def copied_past(ignore: Dockerignore, project: Project) -> Iterator[Copied]:
    """Yield the sources that depend on the architecture and that *ignore* rules."""
    for file in project.ignoring(ignore):
        yield from _copied(file, project)


def _copied(file: Dockerfile, project: Project) -> Iterator[Copied]:
    path = file.source.path
    arm64 = Values.of(path, project, "linux/arm64")
    amd64 = Values.of(path, project, "linux/amd64")
    both = zip(_sources(file, arm64), _sources(file, amd64), strict=True)
    for arm, amd in both:
        if arm and amd and arm != amd:
            yield Copied(arm, amd)


def _sources(file: Dockerfile, values: Values) -> Iterator[str | None]:
    """Yield every source that *file* copies; None for one that nobody knows."""
    for instruction, known in scopes(file, values.given, values.automatic):
        if instruction.name not in _COPIES or instruction.taken_from:
            continue
        for word in instruction.words[:-1]:
            text = expand(word.text, known, file.escape)
            yield text and posixpath.normpath(text).lstrip("/")
