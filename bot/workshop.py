"""What the loop works with, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.analysis import analyse
from bot.facts import Facts
from bot.model import Finding, Source
from bot.ports import Checkpoint, ImageRegistry, Runner, Say
from bot.project import Project
from bot.proof import Attempt, Trial
from bot.recipe import Recipe
from bot.rules import RULES
from bot.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Limits:
    """When the loop gives up on a recipe."""

    attempts: int = 12
    """Builds of one recipe."""
    retries: int = 2
    """Builds again after a setback that is nobody's fault, in a row."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the loop works with; *tree* is a checkout that is never changed."""

    tree: Path
    runners: tuple[Runner, ...]
    images: ImageRegistry
    checkpoint: Checkpoint
    say: Say


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

    *ended* holds, per recipe, the trial that the loop ended with.
    """

    start: Snapshot
    snapshot: Snapshot
    attempts: tuple[Attempt, ...] = ()
    ended: tuple[Trial, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[Source, ...]:
        """Return the files that differ from the start."""
        before, now = self.start.sources, self.snapshot.sources
        return tuple(now[path] for path in sorted(now) if now[path] != before[path])


@dataclass(frozen=True, slots=True)
class View:
    """What is known about a tree as it stands."""

    project: Project
    facts: Facts
    findings: tuple[Finding, ...]


async def look(workshop: Workshop, snapshot: Snapshot, platform: str) -> View:
    """Analyse *snapshot* with what the registries say about its images."""
    project = Project.of(snapshot)
    images = project.images(platform)
    ask = partial(workshop.images.facts, images, platform)
    facts = await workshop.checkpoint(f"images {' '.join(images)}", ask)
    return View(project, facts, analyse(project, facts, RULES).findings)
