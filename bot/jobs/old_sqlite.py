"""Let DBOS keep its jobs in a SQLite that is older than its tables expect.

From Python 3.12 on the tables take their times from ``unixepoch('subsec')``,
which SQLite knows from 3.42 on (https://sqlite.org/releaselog/3_42_0.html). But
Python uses the SQLite of the machine, and that of Debian 12 and Ubuntu 22.04 is
older: there the time would be NULL, and no worker would start.
"""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy import event
from sqlalchemy.engine import Engine

_KNOWING = (3, 42, 0)


def teach() -> None:
    """Have every connection to an old SQLite know the time in milliseconds."""
    if sqlite3.sqlite_version_info < _KNOWING and not _is_taught():
        event.listen(Engine, "connect", _connected)


def _is_taught() -> bool:
    return event.contains(Engine, "connect", _connected)


def _connected(connection: object, record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, _now)


def _now(modifier: object) -> float:
    """Return the seconds since 1970, as ``unixepoch('subsec')`` does."""
    return round(time.time(), 3)
