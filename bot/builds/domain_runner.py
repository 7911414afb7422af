"""A runner that gives every trust domain a Docker engine of its own to build on."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from docker.errors import APIError

from bot.builds.engine import Engine
from bot.builds.nested import isolation, pruning, record
from bot.builds.nested.domains import Domains
from bot.builds.nested.engine_image import EngineImageError
from bot.builds.nested.options import NestedOptions
from bot.builds.runner import DockerRunner
from bot.domain import Domain
from bot.errors import UserError
from bot.isolation import Isolation
from bot.ports import Abilities, BuildResult, Say
from bot.proof import Audit, Smoke
from bot.recipe import Recipe
from bot.remembered import Remembered

LOG = logging.getLogger(__name__)

_CHECKED_FOR = 300.0
"""Seconds; that it holds is kept on the runner itself, for the day."""


class DomainHost:
    """One of the operator's machines; implements RunnerHost."""

    def __init__(self, outer: DockerRunner) -> None:
        self.name = outer.name
        self.outer = outer
        options = outer.options
        self._domains = Domains(
            outer.engine, options.nested, options.limits.answer, outer.docker
        )
        self._told: set[tuple[str, str]] = set()
        self.isolation = Remembered(self._check, _CHECKED_FOR)

    def within(self, domain: Domain) -> DomainRunner:
        """Return the runner for what *domain* builds."""
        return DomainRunner(self, domain)

    async def leave(self, domain: Domain) -> None:
        """Throw away what a domain of one job has here."""
        try:
            await self._domains.leave(domain)
        except (UserError, APIError) as error:
            LOG.warning("%s: what a fork stored goes later: %s", self.name, error)

    @asynccontextmanager
    async def inside(self, domain: Domain) -> AsyncIterator[DockerRunner]:
        """Give a runner on the engine of *domain*, started if need be.

        UserError where this machine cannot give it one, without the reason: that
        speaks of the operator's machine, and the author may be anybody.
        """
        async with AsyncExitStack() as stack:
            try:
                engine = await stack.enter_async_context(self._domains.use(domain))
            except (UserError, APIError) as error:
                told = "the runner %s has no engine for %s: %s"
                LOG.warning(told, self.name, domain.repository, error)
                raise UserError(
                    f"The runner {self.name} cannot give this repository a Docker "
                    "engine of its own, so nothing of it is built there. Whoever runs "
                    "Multiarch finds the reason in its log, and in docs/runners.md "
                    "what a runner needs."
                ) from error
            # A fork has none: its author chose the names of what would be pulled.
            yield self._runner_in(engine, domain.repository if domain.kept else "")

    def close(self) -> None:
        """Hang up; the engines of domains end by themselves when nobody uses them."""
        self._domains.close()

    async def prune(self) -> int:
        """Remove what domains keep for too long, or too much; return how many."""
        limits, nested = self.outer.options.limits, self.outer.options.nested
        return await self.outer.engine.call(
            lambda client: pruning.prune(client, nested), limits.transfer
        )

    def warn(self, what: str, warnings: Iterable[str]) -> None:
        """Tell the operator each of *warnings* once."""
        for warning in warnings:
            if (what, warning) not in self._told:
                self._told.add((what, warning))
                LOG.warning("the runner %s: %s: %s", self.name, what, warning)

    def _runner_in(self, engine: Engine, repository: str) -> DockerRunner:
        options = self.outer.options.of_repository(repository)
        return DockerRunner(engine, options, self.outer.tools)

    def _trier_in(self, engine: Engine) -> DockerRunner:
        # What it prints is looked at for addresses, so none of them is struck out.
        options = replace(
            self.outer.options, prepare=isolation.IMAGE, nested=NestedOptions()
        )
        return DockerRunner(engine, options, self.outer.tools)

    async def _check(self) -> Isolation:
        options, engine = self.outer.options.nested, self.outer.engine
        try:
            own = await self._domains.addresses()  # the image is there from now on
            found = await engine.call(lambda client: record.read(client, options, own))
            if found is None:
                found = await isolation.check(self._domains, self._trier_in, _quietly)
            kept = found
            await engine.call(lambda client: record.write(client, options, own, kept))
        except (UserError, APIError) as error:
            has_image = not isinstance(error, EngineImageError)
            found = Isolation(record.today(), untried=(str(error),), engine=has_image)
        _tell(self.name, found)
        return found


@dataclass(frozen=True, slots=True)
class DomainRunner:
    """Builds, audits and starts images of one domain; implements Runner."""

    host: DomainHost
    domain: Domain

    @property
    def name(self) -> str:
        """Return the name of the machine."""
        return self.host.name

    async def abilities(self) -> Abilities:
        """Say what the machine can do, the domain's builders and its isolation."""
        outer = await self.host.outer.abilities()
        self.host.warn("the engine", await self.host.outer.warnings())
        isolation = await self.host.isolation.get()
        async with self.host.inside(self.domain) as runner:
            builders = await runner.builders()
            self.host.warn("the engine of each repository", await runner.warnings())
            await runner.sweep()  # what a worker that died has left
        return replace(outer, builders=builders, isolation=isolation)

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """Build on the domain's engine."""
        isolation = await self.host.isolation.get()
        async with self.host.inside(self.domain) as runner:
            result = await runner.build(tree, recipe, platform, say)
        if result.built is None:
            return result
        return replace(result, built=replace(result.built, isolation=isolation))

    async def audit(self, image: str, platform: str) -> Audit:
        """Audit on the domain's engine."""
        async with self.host.inside(self.domain) as runner:
            return await runner.audit(image, platform)

    async def smoke(self, image: str, platform: str, command: str) -> Smoke:
        """Start the image on the domain's engine."""
        async with self.host.inside(self.domain) as runner:
            return await runner.smoke(image, platform, command)

    async def discard(self, image: str) -> None:
        """Remove the image from the domain's engine."""
        async with self.host.inside(self.domain) as runner:
            await runner.discard(image)


def _tell(name: str, found: Isolation) -> None:
    """Tell the operator how the try ended."""
    if not found.engine:
        LOG.warning("%s", found.words)
        return
    for sentence in (*found.reached, *found.untried):
        LOG.warning("the runner %s does not isolate builds: %s", name, sentence)
    if found.holds:
        LOG.info("the runner %s: %s", name, found.words)
    for sentence in found.unbounded:
        LOG.warning("the runner %s: %s", name, sentence)


def _quietly(line: str) -> None:
    """Show nothing: what the try prints is looked at, not watched."""
