"""What workers found out about their runners, for the endpoint to tell.

The endpoint may run on a machine that reaches no runner; the database is what both
share. One row says how a runner's isolation was found last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Column,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    inspect,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from bot.isolation import Isolation

UNTRIED = "not tried yet"
SILENT = "does not answer"
_LONGEST = 200
_RUNNERS = Table(
    "multiarch_runners",
    MetaData(),
    Column("name", String(_LONGEST), primary_key=True),
    Column("words", String(2000), nullable=False),
    Column("told", String(40), nullable=False),
)
_STALE = timedelta(days=2)
"""A runner that no worker spoke of for so long is one no more."""


def told(isolation: Isolation) -> str:
    """Say in a sentence how the isolation of a runner was found. Pure."""
    if not isolation.engine:
        return f"NOT USABLE: {isolation.public}"
    found = "isolated" if isolation.holds else "NOT ISOLATED"
    return "; ".join((f"{found}: {isolation.public}", *isolation.unbounded))


def expect(url: str, name: str) -> None:
    """Keep that the runner *name* is one, unless more is known of it."""
    if name[:_LONGEST] not in read(url):
        write(url, name, UNTRIED)


def write(url: str, name: str, words: str) -> None:
    """Keep what is known of the runner *name*; anybody may read it."""
    row = {
        "name": name[:_LONGEST],
        "words": words,
        "told": datetime.now(UTC).isoformat(),
    }
    with _open(url) as engine, engine.begin() as connection:
        # Not create_all: another worker may make it between its look and its act.
        connection.execute(CreateTable(_RUNNERS, if_not_exists=True))
        connection.execute(_RUNNERS.delete().where(_RUNNERS.c.name == row["name"]))
        connection.execute(_RUNNERS.insert().values(row))


def read(url: str) -> Mapping[str, str]:
    """Return what is known of each runner, in a sentence, by its name."""
    since = (datetime.now(UTC) - _STALE).isoformat()
    asked = select(_RUNNERS.c.name, _RUNNERS.c.words).where(_RUNNERS.c.told > since)
    with _open(url) as engine, engine.begin() as connection:
        if not inspect(connection).has_table(_RUNNERS.name):
            return {}
        return {row.name: row.words for row in connection.execute(asked)}


@contextmanager
def _open(url: str) -> Iterator[Engine]:
    """Connect for one question."""
    address = make_url(url)
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()
