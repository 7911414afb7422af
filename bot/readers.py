"""Which reader reads which kind of build file, and what it could not read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.config import parse as parse_config
from bot.kinds import Kind
from bot.model import Source
from bot.parse import dockerfile, dockerignore, makefile
from bot.parse.dockerfile import Dockerfile
from bot.parse.dockerignore import Dockerignore
from bot.parse.excess import excess
from bot.parse.instruction import Problem

Reader = Callable[[Source], object]
"""Reads one file; what it cannot make sense of is noted in what it returns."""

READERS: Mapping[Kind, Reader] = {
    Kind.CONFIG: parse_config,
    Kind.DOCKERFILE: dockerfile.parse,
    Kind.DOCKERIGNORE: dockerignore.parse,
    Kind.MAKEFILE: makefile.parse,
}
NO_STAGE = "has no FROM, so nothing is built from it"


def read(
    source: Source, kind: Kind, readers: Mapping[Kind, Reader] = READERS
) -> tuple[object | None, str]:
    """Return the file, if it can be judged, and why not, or not in full."""
    try:
        file = readers[kind](source)
        reason = excess(file)
    except Exception as error:  # noqa: BLE001 - a reader loses only its file
        return None, f"the {kind.value} reader failed: {type(error).__name__}"
    return (None, reason) if reason else (file, _shortcoming(file))


def _shortcoming(file: object) -> str:
    """Say what Docker would not read either; the rest of *file* is judged."""
    if isinstance(file, Dockerfile) and not file.stages:
        return NO_STAGE
    if isinstance(file, Dockerfile | Dockerignore) and file.problems:
        return _told(file.source, file.problems)
    return ""


def _told(source: Source, problems: Sequence[Problem]) -> str:
    first = problems[0]
    line = source.line(first.span.start)
    left = len(problems) - 1
    more = f" ({left} more like it)" if left else ""
    return f"is not read in full: line {line}: {first.message.rstrip('.')}{more}"
