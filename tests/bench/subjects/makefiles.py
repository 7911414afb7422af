"""Scanning projects whose Makefiles build their images."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import checkouts, scanning
from tests.bench.figure import Bench, Figure

COUNT = 300


def measure(count: int = COUNT) -> tuple[Figure, ...]:
    """Scan a checkout of *count* Makefiles and of what they build."""
    with TemporaryDirectory(prefix="multiarch-") as folder:
        tree = checkouts.of_makefiles(Path(folder), count)
        return scanning.figures(tree, count, "Makefiles")


BENCH = Bench("makefiles", f"scan {COUNT:,} Makefiles with one to five builds", measure)
