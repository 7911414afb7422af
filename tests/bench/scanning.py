"""How long a scan takes: the whole command, and the engine alone."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

from bot import inspection, workspace
from bot.images.known import KnownImages
from bot.terminal import PLATFORM
from tests.bench.figure import Figure
from tests.bench.spending import MULTIARCH, typical

TIMES = 3


def figures(tree: Path, count: int, what: str) -> tuple[Figure, ...]:
    """Scan *tree*, which holds *count* of *what*, cold and warm."""
    whole = typical((*MULTIARCH, "scan", "--offline", str(tree)), (0, 1), TIMES)
    alone, found = _engine(tree)
    return (
        Figure(f"scan of {count:,} {what}, whole process", whole.seconds, "s"),
        Figure(f"processor time of that scan of {what}", whole.processor, "s"),
        Figure(f"{what}, whole process", count / whole.seconds, "files/s"),
        Figure(f"peak memory of that scan of {what}", whole.mebibytes, "MiB"),
        Figure(f"scan of {count:,} {what}, engine alone", alone, "s"),
        Figure(f"{what}, engine alone", count / alone, "files/s"),
        Figure(f"findings in the {what}", found, "findings"),
    )


def _engine(tree: Path) -> tuple[float, int]:
    """Return the seconds from texts in memory to findings, and their number."""
    snapshot = workspace.read(tree)
    seconds = []
    found = 0
    for _ in range(TIMES):
        began = time.perf_counter()
        view = asyncio.run(inspection.inspect(snapshot, PLATFORM, KnownImages()))
        seconds.append(time.perf_counter() - began)
        found = len(view.findings)
    return statistics.median(seconds), found
