"""A Docker engine, local or remote, as the runner that the bot works with."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from docker import APIClient

from bot.builds import (
    audit,
    command_config,
    endpoint,
    engine_age,
    intermediate,
    labels,
    probe,
    recipes,
    saved,
    smoke,
    tools,
)
from bot.builds.engine import Engine
from bot.builds.inspection import ImageDetails, inspect
from bot.builds.labels import Mark
from bot.builds.options import Options
from bot.builds.tools import Tool
from bot.builds.transcript import Transcript
from bot.builds.workplace import Product, Workplace
from bot.errors import EngineUnavailableError, UserError
from bot.ports import Abilities, BuildResult, Say
from bot.proof import Audit, Built, Smoke
from bot.recipe import Recipe
from bot.remembered import Remembered

_KNOWN_FOR = 600.0
_NO_CONFIGURATION = Path("/nonexistent/docker")
"""Where a command of docker finds no configuration, and so no login."""
_MARGIN = 600.0
"""Seconds that all else may take beyond the longest build and its audit."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a build has to know of the engine: its platform, and the builders."""

    native: str
    builders: Mapping[str, Tool]
    warnings: tuple[str, ...] = ()
    """Known holes of the engine's version, for the operator."""


class DockerRunner:
    """Builds, audits and starts images on one engine; implements Runner.

    *tools* are the docker commands of this machine, where somebody knows them
    already: they are the same ones for every engine.
    """

    def __init__(
        self,
        engine: Engine,
        options: Options,
        tools: Remembered[tuple[Tool, ...]] | None = None,
    ) -> None:
        self.name = engine.name
        self.engine = engine
        self.options = options
        self.tools = tools or Remembered(self._find_tools, _KNOWN_FOR)
        self._known = Remembered(self._ask, _KNOWN_FOR)
        # Only who chooses among engines wants to know, and it takes a container.
        self._emulated = Remembered(self._ask_emulated, _KNOWN_FOR)

    async def abilities(self) -> Abilities:
        """Say what the engine can do; it is asked again now and then."""
        known = await self._known.get()
        emulated = await self._emulated.get()
        return Abilities(self.name, known.native, emulated, tuple(known.builders))

    async def builders(self) -> tuple[str, ...]:
        """Return the builders that there are, the best first."""
        return tuple((await self._known.get()).builders)

    async def warnings(self) -> tuple[str, ...]:
        """Return what the operator should know of the engine's version."""
        return (await self._known.get()).warnings

    async def docker(self) -> tuple[str, Mapping[str, str]]:
        """Return the path of a docker command, and its environment."""
        found = await self.tools.get()
        if not found:
            raise EngineUnavailableError(
                f"no docker command here reaches the engine {self.name}; install one"
            )
        place = self.engine.endpoint
        return found[0].path, endpoint.command_environment(
            place, _NO_CONFIGURATION, os.environ
        )

    async def build(
        self, tree: Path, recipe: Recipe, platform: str, say: Say
    ) -> BuildResult:
        """Build *recipe* from a copy of *tree*; nothing but the image stays."""
        began = time.monotonic()
        known = await self._known.get()
        transcript = Transcript(say, self.options.limits.lines)
        transcript.hide(self.options.nested.unseen)
        mark = Mark.fresh(self.options.job)
        with tempfile.TemporaryDirectory(prefix="multiarch-build-") as folder:
            place = self._workplace(known, Path(folder), mark, transcript, platform)
            product = await self._carry_out(place, tree, recipe, known)
        if product.image is None:
            await self.engine.call(APIClient.ping)
        seconds = time.monotonic() - began
        about = platform, product.dockerfile, product.files
        log = await asyncio.to_thread(transcript.log, *about)
        built = self._built(product, recipe, platform, known, seconds)
        beside = ((each.image or "", each.dockerfile) for each in product.beside)
        return BuildResult(built, log, seconds, tuple(beside))

    async def audit(self, image: str, platform: str) -> Audit:
        """Say which programs of *image* are not made for *platform*."""
        try:
            return await self.engine.call(
                lambda client: audit.read(client.get_image(image), platform),
                self.options.limits.transfer,
            )
        except saved.UnreadableImageError as error:
            raise UserError(
                f"The image cannot be audited: {error}. Build it on a runner whose "
                "engine saves plain or gzip layers."
            ) from error

    async def smoke(self, image: str, platform: str, command: str) -> Smoke:
        """Start *image* for a moment, shut off from everything."""
        mark = Mark.fresh(self.options.job)
        limits = self.options.limits
        return await self.engine.call(
            lambda client: smoke.start(client, image, command, limits, mark),
            limits.smoke + limits.answer,
        )

    async def discard(self, image: str) -> None:
        """Remove *image* and the layers that only it needs."""
        await self.engine.call(lambda client: labels.discard(client, image))

    async def sweep(self) -> int:
        """Remove what crashed builds left on the engine; return how much."""
        limits = self.options.limits
        oldest = limits.seconds + limits.transfer + _MARGIN
        return await self.engine.call(lambda client: labels.sweep(client, oldest))

    async def _carry_out(
        self, place: Workplace, tree: Path, recipe: Recipe, known: Known
    ) -> Product:
        product = Product(None)
        began = time.monotonic()
        try:
            made = await recipes.carry_out(
                place, tree, recipe, known.native, self.options
            )
            product = await _of_its_platform(place, made)
        except UserError as error:
            place.transcript.add(str(error))
        finally:
            seconds = time.monotonic() - began
            await self.engine.call(
                lambda client: _tidy(client, place, product.images, seconds)
            )
        return product

    def _workplace(
        self,
        known: Known,
        folder: Path,
        mark: Mark,
        transcript: Transcript,
        platform: str,
    ) -> Workplace:
        return Workplace(
            engine=self.engine,
            builders=known.builders,
            env=self._environment(folder / "config"),
            folder=folder,
            mark=mark,
            transcript=transcript,
            limits=self.options.limits,
            platform=platform,
        )

    def _built(
        self,
        product: Product,
        recipe: Recipe,
        platform: str,
        known: Known,
        seconds: float,
    ) -> Built | None:
        if product.image is None:
            return None
        return Built(
            recipe=recipe.name,
            runner=self.name,
            platform=platform,
            native=known.native == platform,
            builder=product.builder,
            image=product.image,
            seconds=seconds,
        )

    def _environment(self, folder: Path) -> dict[str, str]:
        home = os.environ.get("HOME", "")
        options = self.options
        command_config.write(folder, options.logins, options.helpers, home)
        return endpoint.command_environment(self.engine.endpoint, folder, os.environ)

    async def _ask(self) -> Known:
        native, modern = await self.engine.call(
            lambda client: (probe.native(client), probe.has_buildkit(client))
        )
        age = engine_age.judge(await self.engine.call(APIClient.version))
        if age.refusal:
            raise EngineUnavailableError(f"the runner {self.name}: {age.refusal}")
        able = tools.builders(await self.tools.get(), engine_has_buildkit=modern)
        chosen = self.options.builder
        builders = {k: v for k, v in able.items() if not chosen or k == chosen}
        if not builders:
            raise EngineUnavailableError(
                f"no docker command here can build with {chosen or 'any builder'} on "
                f"the engine {self.name}; install the docker command (or buildx)"
            )
        return Known(native, builders, age.warnings)

    async def _find_tools(self) -> tuple[Tool, ...]:
        with tempfile.TemporaryDirectory(prefix="multiarch-probe-") as folder:
            return await tools.find(self._environment(Path(folder) / "config"))

    async def _ask_emulated(self) -> frozenset[str]:
        mark = Mark.fresh(self.options.job)
        return await self.engine.call(lambda client: probe.emulated(client, mark))


def _tidy(
    client: APIClient, place: Workplace, kept: frozenset[str], seconds: float
) -> None:
    """Remove everything that the build at *place* made but the images *kept*."""
    labels.remove_run(client, place.mark, kept)
    intermediate.remove(client, place.transcript.lines(), kept, seconds)


async def _of_its_platform(place: Workplace, made: Product) -> Product:
    """Refuse an image that says it is for another platform, whatever is in it.

    A base image that is pinned to one leaves its mark on all that stands on it,
    and a machine of the asked platform would not pull that. The classic builder
    labels most images with its engine's own platform, which says nothing.
    """

    def look(client: APIClient) -> list[ImageDetails]:
        found = (inspect(client, image) for image in sorted(made.images))
        return [one for one in found if one and not one.is_for(place.platform)]

    wrong = await place.engine.call(look) if made.builder != "classic" else []
    if not wrong:
        return made
    told = f"is for {wrong[0].platform}, not for {place.platform}"
    place.transcript.add(f"the image that was built {told}")
    return replace(made, image=None, beside=())
