"""What workers found out about their runners, for the endpoint to tell.

The endpoint may run on a machine that reaches no runner; the database is what both
share. One row says how a runner's isolation was found last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Engine, MetaData, String, Table, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot.isolation import Isolation

_TABLES = MetaData()
_RUNNERS = Table(
    "multiarch_runners",
    _TABLES,
    Column("name", String(200), primary_key=True),
    Column("words", String(2000), nullable=False),
    Column("told", String(40), nullable=False),
)
_STALE = timedelta(days=2)
"""A runner that no worker spoke of for so long is one no more."""


def write(url: str, name: str, isolation: Isolation) -> None:
    """Keep how the isolation of the runner *name* was found."""
    words = "isolated" if isolation.holds else "NOT ISOLATED"
    row = {
        "name": name[:200],
        "words": f"{words}: {isolation.public}",
        "told": datetime.now(UTC).isoformat(),
    }
    with _open(url) as engine, engine.begin() as connection:
        connection.execute(_RUNNERS.delete().where(_RUNNERS.c.name == row["name"]))
        connection.execute(_RUNNERS.insert().values(row))


def read(url: str) -> Mapping[str, str]:
    """Return what is known of each runner, in a sentence, by its name."""
    since = (datetime.now(UTC) - _STALE).isoformat()
    asked = select(_RUNNERS.c.name, _RUNNERS.c.words).where(_RUNNERS.c.told > since)
    with _open(url) as engine, engine.begin() as connection:
        return {row.name: row.words for row in connection.execute(asked)}


@contextmanager
def _open(url: str) -> Iterator[Engine]:
    """Connect for one question, and make the table where it is missing."""
    address = make_url(url)
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, poolclass=NullPool)
    try:
        _TABLES.create_all(engine)
        yield engine
    finally:
        engine.dispose()
