"""A runner whose abilities are asked for once in the life of a job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.domain import Domain
from bot.ports import Abilities, BuildResult, Checkpoint, Runner, RunnerHost, Say
from bot.proof import Audit, Smoke
from bot.recipe import Recipe


@dataclass(frozen=True, slots=True)
class SteadyHost:
    """Gives steady runners of a machine; *number* is its place among them."""

    host: RunnerHost
    number: int
    checkpoint: Checkpoint

    def within(self, domain: Domain) -> SteadyRunner:
        """Return the runner for what *domain* builds."""
        return SteadyRunner(self.host.within(domain), self.number, self.checkpoint)

    async def leave(self, domain: Domain) -> None:
        """Throw away what a domain of one job has on the machine."""
        await self.host.leave(domain)


@dataclass(frozen=True, slots=True)
class SteadyRunner:
    """Goes on with the answer that a job began with.

    A job that goes on after a crash must take the same way as before, even
    where the engine has changed or is gone in the meantime.
    """

    runner: Runner
    number: int
    checkpoint: Checkpoint

    async def abilities(self) -> Abilities:
        """Return what the runner said that it can do."""
        name = f"abilities of runner {self.number}"
        return await self.checkpoint(name, self.runner.abilities)

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """Build on the runner."""
        return await self.runner.build(tree, recipe, platform, say)

    async def audit(self, image: str, platform: str) -> Audit:
        """Audit on the runner."""
        return await self.runner.audit(image, platform)

    async def smoke(self, image: str, platform: str, command: str) -> Smoke:
        """Start the image on the runner."""
        return await self.runner.smoke(image, platform, command)

    async def discard(self, image: str) -> None:
        """Remove the image from the runner."""
        await self.runner.discard(image)
