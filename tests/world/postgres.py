"""A real PostgreSQL server on the loopback address, fresh for every start."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.world.packages import SYSTEM_PATH, Missing, ensure
from tests.world.places import LOOPBACK, free_port
from tests.world.processes import await_answer, run, running

INSTALLED = Path("/usr/lib/postgresql")
NOBODY = "nobody"
"""The server refuses to run as root; this user is on every machine."""

SECONDS_TO_START = 30.0
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Nothing here has to survive a power cut."""


@contextmanager
def start() -> Iterator[str]:
    """Give the URL of an empty database, whose user may do everything."""
    programs = _programs()
    port = free_port()
    # Below the system's temporary directory: the cache may be root's alone.
    place = Path(tempfile.mkdtemp(prefix="multiarch-postgres."))
    try:
        _hand_over(place)
        data = place / "data"
        run(
            (
                *_as_nobody(), str(programs / "initdb"), "--pgdata", str(data),
                "--username", "multiarch", "--auth", "trust", "--encoding", "UTF8",
                "--locale", "C", "--no-sync",
            ),
            PATH=SYSTEM_PATH,
        )  # fmt: skip
        settings = (
            *FAST, f"port={port}", f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=", "max_connections=200",
        )  # fmt: skip
        words = [word for setting in settings for word in ("-c", setting)]
        log = place / "PostgreSQL.log"
        command = (str(programs / "postgres"), "-D", str(data), *words)
        with running((*_as_nobody(), *command), log) as process:
            await_answer(process, log, lambda: _answers(port), SECONDS_TO_START)
            yield _address(port)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _programs() -> Path:
    """Return the directory of the newest server that this machine has."""
    found = _newest()
    if found is None:
        ensure("postgresql")
        found = _newest()
    if found is None:
        raise Missing("the package postgresql brings no initdb")
    return found


def _newest() -> Path | None:
    servers = sorted(
        (path.parent for path in INSTALLED.glob("*/bin/initdb")),
        key=lambda path: float(path.parent.name),
    )
    on_path = shutil.which("initdb")
    if servers:
        return servers[-1]
    return Path(on_path).resolve().parent if on_path else None


def _as_nobody() -> tuple[str, ...]:
    """Return what runs a program as nobody, and still ends it with its starter.

    A change of user clears the wish to end with one's parent, so it comes last.
    """
    if os.geteuid() != 0:
        return ()
    user, group = _ids()
    become = ("--reuid", str(user), "--regid", str(group), "--clear-groups")
    return ("setpriv", *become, "setpriv", "--pdeathsig", "INT", "--")


def _hand_over(place: Path) -> None:
    if os.geteuid() == 0:
        os.chown(place, *_ids())


def _ids() -> tuple[int, int]:
    entry = pwd.getpwnam(NOBODY)
    return entry.pw_uid, entry.pw_gid


def _answers(port: int) -> bool:
    """Tell whether the server lets somebody in, which it does once it has started."""
    try:
        psycopg.connect(_address(port), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _address(port: int) -> str:
    return f"postgresql://multiarch@{LOOPBACK}:{port}/postgres"
