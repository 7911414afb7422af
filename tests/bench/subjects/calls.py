"""Calls to GitHub's API per push, where nothing is built."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import asking
from tests.bench.figure import Bench, Figure

NO_REGISTRY = {"MULTIARCH_REGISTRY_MIRRORS": "docker.io=127.0.0.1:9"}
"""Nothing listens there: the figure needs no image."""


def measure() -> tuple[Figure, ...]:
    """Push what does not matter, and what does."""
    with TemporaryDirectory(prefix="multiarch-") as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(place: Path) -> tuple[Figure, ...]:
    async with asking.scene(NO_REGISTRY, place) as scene:
        source = {"main.go": "package main\n"}
        irrelevant = await scene.costs("quiet", source, "main")
        relevant = await scene.costs("topic", asking.sample("cni-plugin"), "topic")
    return (
        *irrelevant.figures("irrelevant push"),
        *relevant.figures("relevant push without a fix"),
    )


BENCH = Bench("calls", "count API calls per push", measure)
