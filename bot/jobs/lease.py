"""Who lives: a worker holds a lock that goes when the worker does."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

import psycopg

from bot.jobs.database import sqlite_file

_CONNECT_SECONDS = 10


class NotHeldError(Exception):
    """Somebody else holds the lock of this worker."""


class Lease(Protocol):
    """The sign of life of one worker, and the way to read that of others."""

    def hold(self) -> None:
        """Show that this worker lives, or go on showing it.

        Raises NotHeldError where another process shows the same.
        """
        ...

    def is_dead(self, worker: str) -> AbstractContextManager[bool]:
        """Tell whether *worker* is dead, which it stays within the block."""
        ...

    def release(self) -> None:
        """Show it no longer."""
        ...


def lease(url: str, worker: str) -> Lease:
    """Return the lease that fits the database at *url*."""
    file = sqlite_file(url)
    return AdvisoryLease(url, worker) if file is None else FileLease(file)


class FileLease:
    """One worker per SQLite file: whoever holds its lock is the only one."""

    def __init__(self, file: Path) -> None:
        self._path = file.with_name(file.name + ".worker")
        self._file: IO[str] | None = None

    def hold(self) -> None:
        """Lock the file next to the database."""
        if self._file is not None:
            return
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise NotHeldError(str(self._path)) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    @contextmanager
    def is_dead(self, worker: str) -> Iterator[bool]:
        """Tell that it is: nobody else can live beside the one that asks."""
        yield self._file is not None

    def release(self) -> None:
        """Unlock the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


class AdvisoryLease:
    """A PostgreSQL advisory lock per worker, held by a connection of its own.

    PostgreSQL lets go of it when the connection ends: when the process dies,
    or when keep-alives find that its machine has.
    """

    def __init__(self, url: str, worker: str) -> None:
        self._url = url
        self._worker = worker
        self._connection: psycopg.Connection[tuple[bool]] | None = None

    def hold(self) -> None:
        """Connect and lock, or see that the connection still stands."""
        if self._connection is not None:
            try:
                self._connection.execute("SELECT true")
            except psycopg.OperationalError:
                self.release()
            else:
                return
        self._connection = psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            application_name="multiarch worker",
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
        )
        if not self._try(self._worker):
            self.release()
            raise NotHeldError(self._worker)

    @contextmanager
    def is_dead(self, worker: str) -> Iterator[bool]:
        """Take the other's lock, if it can be had, and give it back after."""
        dead = self._try(worker)
        try:
            yield dead
        finally:
            if dead and self._connection is not None:
                self._connection.execute(
                    "SELECT pg_advisory_unlock(%s)", (_number(worker),)
                )

    def release(self) -> None:
        """End the connection, and with it the lock."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _try(self, worker: str) -> bool:
        if self._connection is None:
            return False
        row = self._connection.execute(
            "SELECT pg_try_advisory_lock(%s)", (_number(worker),)
        ).fetchone()
        return row is not None and row[0]


def _number(worker: str) -> int:
    """Return the advisory lock that *worker* is known by."""
    digest = hashlib.sha256(f"multiarch worker {worker}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
