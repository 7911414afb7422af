"""Databases and killable workers for the tests of durable work."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, create_engine, text

from bot.command import Invocation
from bot.events import Comment, CommentRef, Place, Push
from bot.job import Conversation, Job, push_key, single_key
from bot.jobs.enqueueing import Outbox

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 40.0


def until(claim: Callable[[], bool], what: str) -> None:
    """Wait until *claim* holds, or fail saying *what* did not happen."""
    end = time.monotonic() + PATIENCE
    while not claim():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)


def push(head: str, branch: str = "main", moment: int = 1, app: str = "app") -> Job:
    """Return the job of a push whose delivery is called like its head.

    *app* is a repository of octo, unless it names another owner.
    """
    place = Place(app if "/" in app else f"octo/{app}", 1, 5)
    task = Push(place, branch, "main", "0", head, frozenset(), moment)
    return Job(head, push_key(place.repository, branch), moment, task)


def comment(name: str, app: str = "app") -> Job:
    """Return the job of a comment whose delivery is called *name*."""
    place = Place(f"octo/{app}", 1, 5)
    said = Comment(place, CommentRef(7), 1, True, "alice", False, "/multiarch help", 1)
    task = Conversation(said, (Invocation("help"),))
    return Job(name, single_key(place.repository, "comment", "7"), 1, task)


@dataclass(slots=True)
class Shop:
    """A database, a folder for what jobs write, and the workers in it."""

    url: str
    folder: Path
    outbox: Outbox
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return what the jobs have written, in order."""
        log = self.folder / "log"
        return log.read_text().splitlines() if log.exists() else []

    def has(self, line: str) -> Callable[[], bool]:
        """Return the claim that *line* has been written."""
        return lambda: line in self.lines()

    def open_gate(self) -> None:
        """Let the builds that wait go on."""
        (self.folder / "gate").touch()

    def count_beginnings(self, number: int) -> None:
        """Let the database say that every job was begun so often."""
        self.write("workflow_status SET recovery_attempts = :number", number=number)

    def write(self, change: str, **values: object) -> None:
        """Change a table of jobs as somebody does who can write to the database."""
        with self._connected() as connection:
            schema = "" if self.url.startswith("sqlite") else "dbos."
            connection.execute(text(f"UPDATE {schema}{change}"), values)

    def states(self) -> dict[str, str]:
        """Return the state of every job in the database, by the job's id."""
        with self._connected() as connection:
            schema = "" if self.url.startswith("sqlite") else "dbos."
            rows = text(f"SELECT workflow_uuid, status FROM {schema}workflow_status")  # noqa: S608 - our own words
            return {str(row[0]): str(row[1]) for row in connection.execute(rows)}

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"))
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def launch(self, name: str = "one") -> subprocess.Popen[str]:
        """Start a worker process called *name* without waiting for it."""
        command = (sys.executable, "-m", "tests.jobs.scripted")
        with (self.folder / f"{name}.log").open("a") as log:
            worker = subprocess.Popen(  # noqa: S603 - our own module
                (*command, self.url, name, str(self.folder)),
                cwd=ROOT,
                text=True,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def start(self, name: str = "one") -> subprocess.Popen[str]:
        """Start a worker process called *name* and wait until it works."""
        ready = self.folder / f"{name}.ready"
        ready.unlink(missing_ok=True)
        worker = self.launch(name)
        until(lambda: ready.exists() or worker.poll() is not None, f"{name} starts")
        return worker


def fresh(server: str, name: str) -> str:
    """Return the URL of a new database on the PostgreSQL at *server*."""
    database = "".join(letter for letter in name if letter.isalnum())[-60:]
    with psycopg.connect(server, autocommit=True) as connection:
        command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
        connection.execute(command)
    return server.rpartition("/")[0] + "/" + database


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Shop]:
    """Open the shop on a database, and leave no worker behind."""
    outbox = Outbox.open(url)
    shop = Shop(url, folder, outbox)
    try:
        yield shop
    finally:
        for worker in shop.workers:
            worker.kill()
            worker.wait()
        outbox.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Return a shop on each kind of database."""
    url = f"sqlite:///{tmp_path}/jobs.sqlite"
    if request.param == "postgres":
        url = fresh(request.getfixturevalue("postgres_url"), tmp_path.name)
    with opened(url, tmp_path) as made:
        yield made
