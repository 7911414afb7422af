"""Calls to GitHub's API for a push that ends in a proven fix pull request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import asking, engine
from tests.bench.figure import Bench, Figure

SAMPLE = "typha"


def measure() -> tuple[Figure, ...]:
    """Push a faulty project to the default branch of a repository."""
    with engine.settings() as settings, TemporaryDirectory("multiarch-") as folder:
        return asyncio.run(_measure(settings, Path(folder)))


async def _measure(settings: Mapping[str, str], place: Path) -> tuple[Figure, ...]:
    async with asking.scene(settings, place) as scene:
        calls = await scene.costs(SAMPLE, asking.sample(SAMPLE), "main")
        if not scene.github.pulls(f"{asking.OWNER}/{SAMPLE}"):
            raise RuntimeError(f"no pull request: see {place}")
    return calls.figures("push with a fix pull request")


BENCH = Bench("calls-fix", "count API calls of a push that leads to a fix", measure)
