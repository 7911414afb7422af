"""A runner as a stranger meets it: a machine that gives each repository an engine."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.builds import pool
from bot.builds.domain_runner import DomainHost
from bot.builds.nested.options import NestedOptions
from bot.builds.options import Options
from bot.domain import Domain
from bot.recipe import Prepare, Recipe
from tests.world import trust_domains
from tests.world.engine_images import NEW, OLD

PLATFORM = "linux/amd64"


@dataclass(slots=True)
class Repository:
    """Somebody's repository on a runner, and a folder for its tree."""

    host: DomainHost
    domain: Domain
    folder: Path

    async def build(
        self, dockerfile: str, *, args: tuple[tuple[str, str], ...] = ()
    ) -> tuple[str | None, str]:
        """Build *dockerfile*; return the image, None where it failed, and the log."""
        (self.folder / "Dockerfile").write_text(dockerfile)
        return await self._build(Recipe("thing", dockerfile="Dockerfile", args=args))

    async def run(self, script: str) -> tuple[str | None, str]:
        """Run *script* as the recipe's command; return the image and the log."""
        return await self._build(
            Recipe("thing", prepare=Prepare("busybox", script), command=script)
        )

    async def _build(self, recipe: Recipe) -> tuple[str | None, str]:
        runner = self.host.within(self.domain)
        result = await runner.build(self.folder, recipe, PLATFORM, print)
        image = result.built.image if result.built else None
        return image, "\n".join(line.text for line in result.log.lines)


def _number(name: str) -> int:
    """Return the number that GitHub would know the repository *name* by."""
    return zlib.crc32(name.encode())


@dataclass(slots=True)
class Runner:
    """One machine, on which repositories are opened."""

    url: str
    options: Options
    place: Path
    opened: list[Repository]

    def repository(
        self, name: str, *, fork_of_job: str = "", **limits: int
    ) -> Repository:
        """Return the repository *name*; *limits* are fields of NestedOptions."""
        nested = replace(self.options.nested, **limits)  # type: ignore[arg-type]  # ints
        (outer,) = pool.runners([self.url], replace(self.options, nested=nested))
        folder = self.place / f"{len(self.opened)}"
        folder.mkdir()
        one = Repository(
            DomainHost(outer), Domain(name, fork_of_job or _number(name)), folder
        )
        self.opened.append(one)
        return one


@pytest.fixture(scope="session", params=[OLD, NEW], ids=lambda image: image.name)
def nested(request: pytest.FixtureRequest, local_engine: str) -> NestedOptions:
    """Give the oldest engine that is supported, and one of today, for domains."""
    return trust_domains.options(local_engine, request.param)


@pytest.fixture
async def machine(
    nested: NestedOptions, local_engine: str, tmp_path: Path
) -> AsyncIterator[Runner]:
    """Give a runner; what was opened on it is thrown away."""
    made = Runner(local_engine, Options(prepare="busybox", nested=nested), tmp_path, [])
    yield made
    for one in made.opened:
        await one.host.leave(one.domain)
        one.host.close()


@pytest.fixture
def builder(machine: Runner) -> str:
    """Build with what people use: today's BuildKit, or the old engine's classic."""
    chosen = "classic" if machine.options.nested.image == OLD.name else "buildkit"
    machine.options = replace(machine.options, builder=chosen)
    return chosen
