"""What the Dockerfiles of a project copy from their context, per platform. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from bot.judgement.reference import Values
from bot.parse.dockerfile import Dockerfile, Instruction, Stage
from bot.parse.dockerignore import Dockerignore
from bot.parse.expansion import expand
from bot.parse.scope import scope
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
    for stage in file.stages:
        for instruction in stage.instructions:
            one = _sources(file, stage, instruction, arm64)
            two = _sources(file, stage, instruction, amd64)
            for arm, amd in zip(one, two, strict=True):
                if arm and amd and arm != amd:
                    yield Copied(arm, amd)


def _sources(
    file: Dockerfile, stage: Stage, instruction: Instruction, values: Values
) -> list[str | None]:
    """Return the sources of *instruction*; None for one that nobody knows."""
    taken = any(flag.name == "from" for flag in instruction.flags)
    if instruction.name not in _COPIES or taken:
        return []
    known = scope(file, stage, instruction, values.given, values.automatic)
    texts = (expand(word.text, known, file.escape) for word in instruction.words[:-1])
    return [text and posixpath.normpath(text).lstrip("/") for text in texts]
