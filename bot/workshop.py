"""What the loop works with, and how far it has come."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.errors import OverdueError
from bot.facts import Facts
from bot.inspection import inspect
from bot.judge import Judge, here
from bot.model import Safety, Source
from bot.ports import Checkpoint, ImageRegistry, Runner, Say
from bot.proof import Attempt, Trial
from bot.recipe import Recipe
from bot.snapshot import Snapshot
from bot.view import View
from bot.workspace import read_unpacked

Left = Callable[[], float]
"""Tells how many seconds the work may still take; at 0 it is over."""


def endless() -> float:
    """Let the work take as long as it likes."""
    return math.inf


Wait = Callable[[float], Awaitable[None]]
"""Lets the given number of seconds pass."""
Read = Callable[[Path], Snapshot]
"""Reads the snapshot of a tree."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the loop goes, and when it gives up on a recipe."""

    attempts: int = 12
    """Builds of one recipe."""
    retries: int = 2
    """Builds again after a setback that is nobody's fault, in a row."""
    pause: float = 15.0
    """Seconds before the first of them; twice as many before each that follows."""
    recipes: int = 20
    """Images of one project that are built, however many it names."""
    minutes: int = 240
    """The longest that one job may take, where somebody looks at the clock."""
    floor: Safety = Safety.SAFE
    """How safe a repair has to be that no error asked for."""

    def rest(self, calm: int) -> float:
        """Return the seconds to wait after *calm* setbacks that are nobody's fault."""
        return self.pause * 2.0 ** (calm - 1) if calm else 0.0


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the loop works with; *tree* is a checkout that is never changed.

    Unless *read* says otherwise, *tree* is a stranger's, which git never sees.
    """

    tree: Path
    runners: tuple[Runner, ...]
    images: ImageRegistry
    checkpoint: Checkpoint
    say: Say
    wait: Wait = asyncio.sleep
    read: Read = read_unpacked
    left: Left = endless
    judge: Judge = here


@dataclass(frozen=True, slots=True)
class Bench:
    """One recipe on one runner for one platform."""

    workshop: Workshop
    runner: Runner
    recipe: Recipe
    platform: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class State:
    """How far the loop has come; every step returns a new one.

    *ended* holds, per recipe, the trial that the loop ended with. *beyond* names
    the recipes that are more than one project gets. *mistakes* are those of the
    configuration.
    """

    start: Snapshot
    snapshot: Snapshot
    attempts: tuple[Attempt, ...] = ()
    ended: tuple[Trial, ...] = ()
    missing: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[Source, ...]:
        """Return the files that differ from the start."""
        before, now = self.start.sources, self.snapshot.sources
        return tuple(now[path] for path in sorted(now) if now[path] != before[path])


@dataclass(frozen=True, slots=True)
class _Remembered:
    """Asks about images once per step of the job."""

    workshop: Workshop

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Return the facts, from the checkpoint where they are there."""
        names = tuple(images)
        ask = partial(self.workshop.images.facts, names, platform)
        return await self.workshop.checkpoint("ask about images", ask)


@asynccontextmanager
async def in_time(left: float) -> AsyncIterator[None]:
    """Stop what is done within when *left* seconds are over: OverdueError."""
    if left <= 0:
        raise OverdueError
    try:
        async with asyncio.timeout(None if math.isinf(left) else left) as limit:
            yield
    except TimeoutError:
        if limit.expired():
            raise OverdueError from None
        raise


async def look(workshop: Workshop, snapshot: Snapshot, platform: str) -> View:
    """Analyse *snapshot* with what the registries say about its images."""
    return await inspect(snapshot, platform, _Remembered(workshop), workshop.judge)
