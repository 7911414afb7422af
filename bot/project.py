"""How the files of a repository belong together. Pure.

A rule asks the project who builds a Dockerfile, with which context, build
arguments and builder, which ignore file is in force, and which files exist.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.config import Config
from bot.model import Span
from bot.parse.dockerfile import Dockerfile
from bot.parse.dockerignore import Dockerignore
from bot.recipe import Recipe
from bot.snapshot import Snapshot


class Builder(enum.Enum):
    """Which builder a caller uses, as far as the project says."""

    BUILDKIT = "buildkit"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class BuildArgument:
    """One ``--build-arg NAME=VALUE`` of a caller; the value is unexpanded."""

    name: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """One place that builds a Dockerfile: a make recipe, later a workflow.

    *dockerfile* and *context* are paths of the tree as they come out for
    *platform* of the question. *architecture* is the caller's own variable
    for the architecture as it would be written there (``$(ARCH)``), or empty.
    *insertion* is the empty span at which `` --build-arg X=Y`` can be put.
    """

    path: str
    span: Span
    dockerfile: str
    context: str
    arguments: tuple[BuildArgument, ...]
    builder: Builder
    architecture: str
    insertion: Span
    target: str = ""


class Project:
    """A snapshot with its files parsed and related."""

    snapshot: Snapshot
    config: Config

    @classmethod
    def of(cls, snapshot: Snapshot) -> Project:
        """Parse and relate every build file of *snapshot*."""
        raise NotImplementedError

    def files(self) -> Mapping[str, object]:
        """Return every parsed file by path."""
        raise NotImplementedError

    def callers(self, dockerfile: str, platform: str) -> tuple[Call, ...]:
        """Return who builds *dockerfile* when *platform* is asked for."""
        raise NotImplementedError

    def ignore_file(self, dockerfile: str, context: str) -> Dockerignore | None:
        """Return the ignore file in force, with Docker's precedence."""
        raise NotImplementedError

    def images(self, platform: str) -> tuple[str, ...]:
        """Return the image references whose platforms rules will ask about."""
        raise NotImplementedError

    def recipes(self, platform: str) -> tuple[Recipe, ...]:
        """Return how to build the project's images: configured, else found."""
        raise NotImplementedError

    def neighbours(self, paths: Iterable[str]) -> frozenset[str]:
        """Return *paths* and the build files that belong together with them."""
        raise NotImplementedError

    def dockerfiles(self) -> tuple[Dockerfile, ...]:
        """Return every Dockerfile of the project."""
        raise NotImplementedError
