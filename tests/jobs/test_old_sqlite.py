"""The job queue works with the SQLite that the machine has."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.jobs import database, old_sqlite


def test_an_old_sqlite_knows_the_milliseconds() -> None:
    """Without them no worker starts, from Python 3.12 on."""
    old_sqlite.teach()
    old_sqlite.teach()
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        (told,) = connection.execute(text("SELECT unixepoch('subsec')")).one()
    engine.dispose()

    assert abs(told - time.time()) < 60


def test_the_tables_can_be_made_twice(tmp_path: Path) -> None:
    """Each process makes them ready when it starts."""
    url = f"sqlite:///{tmp_path}/jobs.sqlite"
    database.prepare(url)
    database.prepare(url)

    assert (tmp_path / "jobs.sqlite").stat().st_mode & 0o777 == 0o600
