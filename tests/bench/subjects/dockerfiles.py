"""Scanning Dockerfiles."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import checkouts, scanning
from tests.bench.figure import Bench, Figure

COUNT = 1000


def measure(count: int = COUNT) -> tuple[Figure, ...]:
    """Scan a checkout of *count* Dockerfiles."""
    with TemporaryDirectory(prefix="multiarch-") as folder:
        tree = checkouts.of_dockerfiles(Path(folder), count)
        return scanning.figures(tree, count, "Dockerfiles")


BENCH = Bench("dockerfiles", f"scan {COUNT:,} Dockerfiles", measure)
