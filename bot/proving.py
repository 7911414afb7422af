"""The loop: build, read the log, repair the cause, build again, prove.

It knows engines and registries only through ports; the command line and the
durable job run the same function, the job with a checkpoint around each step.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.model import Finding, Source
from bot.ports import Checkpoint, ImageRegistry, Runner, Say
from bot.proof import Story


@dataclass(frozen=True, slots=True)
class Limits:
    """When the loop gives up: builds that failed, per recipe."""

    attempts: int = 12


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the loop works with; *tree* is a checkout that is never changed."""

    tree: Path
    runners: tuple[Runner, ...]
    images: ImageRegistry
    checkpoint: Checkpoint
    say: Say


@dataclass(frozen=True, slots=True)
class Result:
    """The story, the files as they should be, and what is left to tell."""

    story: Story
    changed: tuple[Source, ...]
    remaining: tuple[Finding, ...]


async def prove(
    workshop: Workshop, platform: str = "linux/arm64", limits: Limits | None = None
) -> Result:
    """Repair and build *workshop.tree* until it is proven or ideas run out."""
    raise NotImplementedError
