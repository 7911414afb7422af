"""The database that jobs are kept in, made ready before DBOS opens it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from dbos import DBOS
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot import private
from bot.errors import UserError
from bot.jobs import old_sqlite

_SQLITE = "sqlite:///"
_BUSY_SECONDS = 30


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite database, or None for another database."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def prepare(url: str) -> None:
    """Make the database and its tables, as often as you like."""
    file = sqlite_file(url)
    try:
        if file is not None:
            old_sqlite.teach()
            _write_ahead(file)
        DBOS.migrate(url)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise UserError(
            f"The database {_named(url)} cannot be used: {_reason(error)}. "
            "MULTIARCH_DATABASE_URL names it."
        ) from error


def _named(url: str) -> str:
    """Return *url* without a password."""
    return make_url(url).render_as_string()


def _reason(error: Exception) -> str:
    """Return what the driver says, on one line."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(cause).split())


def _write_ahead(file: Path) -> None:
    """Let readers and a writer work side by side.

    The journal mode is kept in the file, but it cannot be changed while
    others have it open: so it is set before DBOS opens it.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private.refuse_shared(file.parent)
    # Jobs hold what private repositories say: nobody else reads them, from the
    # first moment on. SQLite gives its other files the mode of this one.
    file.touch(mode=0o600)
    file.chmod(0o600)
    with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
