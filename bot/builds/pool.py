"""The runners that the operator has, made from one line each."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bot.builds import endpoint
from bot.builds.options import Limits, Options
from bot.builds.runner import DockerRunner
from bot.errors import EngineUnavailableError
from bot.ports import Runner, Say
from bot.settings import Settings


def runners(
    urls: Iterable[str], chosen: Settings | Options | None = None
) -> tuple[DockerRunner, ...]:
    """Return a runner for each of *urls* (see ``bot.builds.endpoint``)."""
    how = options(chosen) if isinstance(chosen, Settings) else chosen or Options()
    places = [endpoint.parse(url, os.environ) for url in urls]
    return tuple(DockerRunner(place, how) for place in places)


def options(settings: Settings) -> Options:
    """Return how the operator's settings have runners used: for nobody yet."""
    return Options(
        given=settings.registries.logins,
        limits=Limits(seconds=settings.build_minutes * 60.0),
    )


def docker(engines: Iterable[Runner]) -> tuple[DockerRunner, ...]:
    """Return those of *engines* that can be swept."""
    return tuple(engine for engine in engines if isinstance(engine, DockerRunner))


async def sweep(engines: Iterable[DockerRunner], say: Say) -> None:
    """Remove what crashed builds left on each engine that answers."""
    for engine in engines:
        try:
            count = await engine.sweep()
        except EngineUnavailableError as error:
            say(str(error))
            continue
        if count:
            say(f"removed {count} things that an earlier run left on {engine.name}")
