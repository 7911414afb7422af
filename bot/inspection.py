"""Look at a tree on disk: read it, ask about its images, analyse it."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import judging
from bot.errors import UserError
from bot.facts import Facts
from bot.images import known
from bot.images.registry import RegistryClient
from bot.judge import Judge, here
from bot.ports import ImageRegistry
from bot.settings import Settings
from bot.snapshot import Snapshot
from bot.view import View


@dataclass(frozen=True, slots=True)
class Asking:
    """Where facts about images come from: a file first, then the network."""

    offline: bool = False
    images: Path | None = None

    @classmethod
    def of(cls, given: argparse.Namespace) -> Asking:
        """Read the options of the command line."""
        return cls(given.offline, given.images)


@dataclass(frozen=True, slots=True)
class FileFirst:
    """Asks the file of known images, and *other* about what it does not name."""

    file: ImageRegistry
    other: ImageRegistry

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Return what the file says, and what *other* says about the rest."""
        named = await self.file.facts(images, platform)
        open_questions = [
            image for image, one in named.images.items() if one.platforms is None
        ]
        asked = await self.other.facts(open_questions, platform)
        return Facts(
            {**named.images, **asked.images}, {**named.upgrades, **asked.upgrades}
        )


@asynccontextmanager
async def image_source(
    asking: Asking, settings: Settings
) -> AsyncIterator[ImageRegistry]:
    """Open where facts about images come from."""
    file = _file(asking)
    if asking.offline:
        yield file
        return
    async with RegistryClient(settings.own_registries) as client:
        yield FileFirst(file, client) if asking.images else client


async def inspect(
    snapshot: Snapshot, platform: str, images: ImageRegistry, judge: Judge = here
) -> View:
    """Analyse *snapshot* with what *images* says about its base images."""
    found = await judge(judging.survey, snapshot, platform)
    facts = await images.facts(found.images, platform)
    return View(snapshot, facts, await judge(judging.assess, snapshot, facts))


def _file(asking: Asking) -> known.KnownImages:
    if asking.images is None:
        return known.KnownImages()
    try:
        return known.read(asking.images.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UserError(
            f"The file of known images, {asking.images}, cannot be read: {why}. "
            "Name a JSON file with --images."
        ) from error
