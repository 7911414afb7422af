"""Receiving webhooks, with jobs in a SQLite file."""

from __future__ import annotations

from tests.bench import deliveries
from tests.bench.deliveries import Counts
from tests.bench.figure import Bench, Figure


def measure(counts: Counts | None = None) -> tuple[Figure, ...]:
    """Push to a bot as it is without a setting for its database."""
    return deliveries.figures("", "SQLite", counts or Counts())


BENCH = Bench("webhooks-sqlite", "accept webhooks, storing in SQLite", measure)
