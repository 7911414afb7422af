"""Starting the command."""

from __future__ import annotations

from tests.bench.figure import Bench, Figure
from tests.bench.spending import MULTIARCH, typical

TIMES = 9


def measure(times: int = TIMES) -> tuple[Figure, ...]:
    """Ask for the version, which does nothing but start."""
    spent = typical((*MULTIARCH, "--version"), (0,), times)
    return (
        Figure("start of `multiarch --version`", 1000 * spent.seconds, "ms"),
        Figure("peak memory of `multiarch --version`", spent.mebibytes, "MiB"),
    )


BENCH = Bench("start", "start the command", measure)
