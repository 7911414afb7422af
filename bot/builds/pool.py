"""The runners that the operator has, made from one line each."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bot.builds import endpoint
from bot.builds.options import Options
from bot.builds.runner import DockerRunner
from bot.errors import EngineUnavailableError
from bot.ports import Say


def runners(
    urls: Iterable[str], options: Options | None = None
) -> tuple[DockerRunner, ...]:
    """Return a runner for each of *urls* (see ``bot.builds.endpoint``)."""
    chosen = options or Options()
    places = [endpoint.parse(url, os.environ) for url in urls]
    return tuple(DockerRunner(place, chosen) for place in places)


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
