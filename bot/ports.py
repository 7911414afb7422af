"""The doors to the outside world, as the engine needs them.

Production code lives in ``bot.images``, ``bot.builds`` and ``bot.github``;
the tests bring their own. Each door is as narrow as its consumer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from bot.domain import Domain
from bot.facts import Facts
from bot.isolation import Isolation
from bot.model import BuildLog
from bot.proof import Audit, Built, Smoke
from bot.recipe import Recipe

T = TypeVar("T")

Say = Callable[[str], None]
"""Shows one line of progress to whoever is watching."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """How one build ended; *built* is None where it failed.

    *beside* are the ids of further images of the same recipe, each with the path
    of its Dockerfile: whoever takes the build discards them too.
    """

    built: Built | None
    log: BuildLog
    seconds: float
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a runner can do; platforms are normalised (``linux/arm64``)."""

    name: str
    native: str
    emulated: frozenset[str]
    builders: tuple[str, ...]
    """Of ``buildx``, ``buildkit`` and ``classic``, the best first."""
    isolation: Isolation | None = None
    """What builds are kept away from; None where they use the engine as it is."""


class ImageRegistry(Protocol):
    """Knows which platforms images are published for, and the upgrades."""

    async def facts(self, images: Iterable[str], platform: str) -> Facts: ...


class Registries(Protocol):
    """Hands out the registries as one repository may see them.

    Each is asked with the logins that the operator has given for the repository
    alone; for "" with none.
    """

    def of_repository(self, repository: str) -> ImageRegistry: ...


class Runner(Protocol):
    """A Docker engine that builds, audits and starts images.

    Raises EngineUnavailableError where the engine does not answer.
    """

    async def abilities(self) -> Abilities: ...

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult: ...

    async def audit(self, image: str, platform: str) -> Audit: ...

    async def smoke(self, image: str, platform: str, command: str) -> Smoke: ...

    async def discard(self, image: str) -> None: ...


class RunnerHost(Protocol):
    """A machine that gives each trust domain a runner of its own."""

    def within(self, domain: Domain) -> Runner: ...

    async def leave(self, domain: Domain) -> None: ...


class Checkpoint(Protocol):
    """Runs one step of a job, or returns what it returned the last time."""

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T: ...
