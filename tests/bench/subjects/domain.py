"""What a Docker engine of its own costs: to start, to use again, and in the loop."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from docker import APIClient

from bot.builds import pool
from bot.builds.domain_runner import DomainHost
from bot.builds.options import Options
from bot.domain import Domain
from bot.images.registry import RegistryClient
from bot.images.settings import RegistrySettings
from bot.proving import Workshop, prove
from tests.bench import asking, engine
from tests.bench.figure import Bench, Figure
from tests.world import trust_domains

T = TypeVar("T")
SAMPLE = "typha"
DOMAIN = Domain(f"calico/{SAMPLE}", 1)


def measure() -> tuple[Figure, ...]:
    """Open a domain cold and warm, and prove a sample in the warm one."""
    with engine.settings() as settings, TemporaryDirectory("multiarch-") as folder:
        tree = Path(folder) / SAMPLE
        shutil.copytree(asking.SAMPLES / SAMPLE, tree)
        url = settings["MULTIARCH_RUNNERS"].partition("=")[2]
        mirror = settings["MULTIARCH_REGISTRY_PLAIN_HTTP"]
        return asyncio.run(_figures(tree, url, mirror))


async def _figures(tree: Path, url: str, mirror: str) -> tuple[Figure, ...]:
    options = Options(nested=trust_domains.options(url))
    (outer,) = pool.runners([f"emulating={url}"], options)
    host = DomainHost(outer)
    checked = await _seconds(host.isolation.get)
    cold = await _seconds(lambda: _open(host))
    warm = min([await _seconds(lambda: _open(host)) for _ in range(5)])
    registries = replace(
        RegistrySettings(),
        mirrors={"docker.io": (mirror,)},
        plain_http_hosts=frozenset({mirror}),
    )
    await _loop(host, tree, registries)  # the images are pulled
    loop, builds = await _loop(host, tree, registries)
    await host.leave(DOMAIN)
    host.close()
    return (
        Figure("trying the isolation of a runner, once a day", checked, "s"),
        Figure("first answer of a domain's engine that was never used", cold, "s"),
        Figure("first answer of a domain's engine that runs", warm * 1000, "ms"),
        Figure(f"loop on {SAMPLE} in a warm domain", loop, "s"),
        Figure(
            "loop in a warm domain over the sum of its builds", loop / builds, "ratio"
        ),
    )


async def _open(host: DomainHost) -> None:
    async with host.inside(DOMAIN) as runner:
        await runner.engine.call(APIClient.ping)


async def _loop(
    host: DomainHost, tree: Path, registries: RegistrySettings
) -> tuple[float, float]:
    """Return the seconds of one loop, and of the builds in it."""
    async with RegistryClient(registries) as images:
        shop = Workshop(
            tree, (host.within(DOMAIN),), images.of_repository(""), _directly, _quiet
        )
        began = time.perf_counter()
        result = await prove(shop)
        loop = time.perf_counter() - began
    if not result.story.proven:
        raise RuntimeError(f"not proven: {result.story.missing}")
    return loop, sum(one.seconds for one in result.story.attempts)


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _directly(name: str, step: Callable[[], Awaitable[T]]) -> T:
    """Run a step; nothing is remembered."""
    return await step()


def _quiet(line: str) -> None:
    """Show nothing."""


BENCH = Bench("domain", "open a trust domain, and prove a sample in it", measure)
