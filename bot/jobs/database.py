"""The database that jobs are kept in, made ready before DBOS opens it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from dbos import DBOS

_SQLITE = "sqlite:///"
_BUSY_SECONDS = 30


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite database, or None for another database."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def prepare(url: str) -> None:
    """Make the database and its tables, as often as you like."""
    file = sqlite_file(url)
    if file is not None:
        _write_ahead(file)
    DBOS.migrate(url)


def _write_ahead(file: Path) -> None:
    """Let readers and a writer work side by side.

    The journal mode is kept in the file, but it cannot be changed while
    others have it open: so it is set before DBOS opens it.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    # Jobs hold what private repositories say.
    file.chmod(0o600)
