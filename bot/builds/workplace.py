"""What one build has to work with: an engine, builders, a mark, a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.builds.build import Shop
from bot.builds.engine import Engine
from bot.builds.labels import Mark
from bot.builds.options import Limits
from bot.builds.tools import Tool
from bot.builds.transcript import Transcript
from bot.errors import UserError
from bot.processes.program import Command


@dataclass(frozen=True, slots=True)
class Workplace:
    """Everything that the parts of one build share.

    *env* is the environment of the docker command, *folder* a directory of
    this machine that is private to the build and vanishes with it.
    """

    engine: Engine
    builders: Mapping[str, Tool]
    env: Mapping[str, str]
    folder: Path
    mark: Mark
    transcript: Transcript
    limits: Limits
    platform: str

    def command(self, *words: str, stdin: Path | None = None) -> Command:
        """Return the docker command with *words*, on this engine."""
        tool = next(iter(self.builders.values()))
        return Command((tool.path, *words), self.env, self.limits.seconds, stdin)

    def shop(self, wanted: tuple[str, ...], folder: Path) -> Shop:
        """Return the first of the *wanted* builders that there is."""
        for name in wanted:
            if name in self.builders:
                tool = self.builders[name]
                return Shop(name, tool, self.env, folder, self.limits.seconds)
        raise UserError(
            f"This build asks for {' or '.join(wanted)}, which the runner "
            f"{self.engine.endpoint.name} does not have. Install it there or choose "
            "another runner."
        )


@dataclass(frozen=True, slots=True)
class Product:
    """What a recipe made: an image or none, and what the log is about.

    *beside* are further images that the same command made.
    """

    image: str | None
    builder: str = ""
    dockerfile: str = ""
    files: frozenset[str] = frozenset()
    beside: tuple[Product, ...] = ()

    @property
    def images(self) -> frozenset[str]:
        """Return the ids of all images that were made."""
        own = {self.image} if self.image else set()
        return frozenset(own).union(*(each.images for each in self.beside))
