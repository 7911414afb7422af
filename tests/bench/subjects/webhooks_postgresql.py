"""Receiving webhooks, with jobs in a PostgreSQL server."""

from __future__ import annotations

from tests.bench import deliveries
from tests.bench.deliveries import Counts
from tests.bench.figure import Bench, Figure
from tests.world import postgres


def measure(counts: Counts | None = None) -> tuple[Figure, ...]:
    """Push to a bot that keeps its jobs in a server of this machine."""
    with postgres.start() as database:
        return deliveries.figures(database, "PostgreSQL", counts or Counts())


BENCH = Bench("webhooks-postgresql", "accept webhooks, storing in PostgreSQL", measure)
