"""Somebody who can write to the database of jobs cannot run code in the worker."""

from __future__ import annotations

import base64
import json
import os
import pickle
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.job import Job
from tests.jobs.conftest import Shop, push, shop, until

__all__ = ["shop"]

NAMES = ("py_pickle", "multiarch_json", None)
"""How a row says that it was written; DBOS reads each as it says."""


@dataclass(frozen=True, slots=True)
class Trap:
    """Makes *file* when it is unpickled."""

    file: Path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Let a reader of pickles run a command."""
        return os.system, (f"touch {self.file}",)


@dataclass(frozen=True, slots=True)
class Pickled:
    """A trap in the words of the database."""

    shop: Shop
    name: str | None = "py_pickle"

    @property
    def trap(self) -> Path:
        """Return what is there once somebody read the pickle."""
        return self.shop.folder / "trapped"

    @property
    def text(self) -> str:
        """Return the pickle as DBOS keeps one."""
        return base64.b64encode(pickle.dumps(Trap(self.trap))).decode()

    def plant(self, job: Job) -> None:
        """Put the pickle in the place of *job*'s arguments."""
        plant(self.shop, job, self.text, self.name)


def plant(shop: Shop, job: Job, text: str | None, name: str | None) -> None:
    """Put *text* in the place of *job*'s arguments, as what *name* says."""
    where = "workflow_uuid = :job"
    kept = {"text": text, "job": job.id}
    shop.write(f"workflow_input SET inputs = :text WHERE {where}", **kept)
    shop.write(f"workflow_status SET inputs = :text WHERE {where}", **kept)
    named = {"name": name, "job": job.id}
    shop.write(f"workflow_status SET serialization = :name WHERE {where}", **named)


def test_the_trap_works(tmp_path: Path) -> None:
    """A trap that nobody can fall into would prove nothing."""
    file = tmp_path / "trapped"
    pickle.loads(pickle.dumps(Trap(file)))  # noqa: S301 - the danger itself

    assert file.exists()


@pytest.mark.parametrize("name", NAMES)
async def test_a_planted_job_is_refused(shop: Shop, name: str | None) -> None:
    """It ends with an error, and the worker goes on with the others."""
    planted = push("a")
    await shop.outbox.submit(planted)
    Pickled(shop, name).plant(planted)
    shop.start()
    until(lambda: shop.states()[planted.id] == "ERROR", "the planted job ends")
    await shop.outbox.submit(push("z", app="other"))
    until(shop.has("z tell"), "another job ends")

    assert not Pickled(shop).trap.exists()
    assert not [line for line in shop.lines() if line.startswith("a")]


async def test_a_planted_job_is_not_read_when_another_takes_its_place(
    shop: Shop,
) -> None:
    """The newer one looks at the older one to say that it ends."""
    newer, older = push("new", moment=2), push("old", moment=1)
    await shop.outbox.submit(newer)
    await shop.outbox.submit(older)
    Pickled(shop).plant(older)
    shop.start()
    until(shop.has("new tell"), "the newer job ends")
    until(lambda: shop.states()[older.id] == "ERROR", "the planted job ends")

    assert not Pickled(shop).trap.exists()


@pytest.mark.parametrize("column", ["output", "error"])
async def test_a_planted_result_of_a_step_is_refused(shop: Shop, column: str) -> None:
    """A job that goes on after a crash reads what its steps returned."""
    job = push("a", "gated")
    await shop.outbox.submit(job)
    worker = shop.start()
    until(shop.has("a build"), "the build begins")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    planted = Pickled(shop)
    shop.write(
        f"operation_outputs SET {column} = :text, serialization = :name",
        text=planted.text,
        name=planted.name,
    )
    shop.open_gate()
    shop.start()
    until(lambda: shop.states()[job.id] == "ERROR", "the job ends")
    await shop.outbox.submit(push("z", app="other"))
    until(shop.has("z tell"), "another job ends")

    assert not planted.trap.exists()
    assert shop.lines().count("a build") == 1


async def test_a_planted_job_is_not_read_at_its_burial(shop: Shop) -> None:
    """The end of a lost job is said with what the row holds."""
    job = push("a")
    await shop.outbox.submit(job)
    Pickled(shop).plant(job)
    lost = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
    shop.write("workflow_status SET status = :lost", lost=lost)
    shop.start()
    until(lambda: shop.states()[job.id] == "CANCELLED", "the job is buried")

    assert not Pickled(shop).trap.exists()


async def test_a_planted_job_is_counted_unread(shop: Shop) -> None:
    """Anybody may ask whether the endpoint is ready."""
    job = push("a")
    await shop.outbox.submit(job)
    Pickled(shop).plant(job)

    assert await shop.outbox.depth() == {"waiting": 1, "running": 0}
    assert not Pickled(shop).trap.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("portable_json", json.dumps({"positionalArgs": [{"task": "x"}]})),
        (
            "multiarch_json",
            '{"dict":[["args",{"tuple":["x"]}],["kwargs",{"dict":[]}]]}',
        ),
        ("multiarch_json", "[]"),
        ("multiarch_json", '{"os.system":{"command":"true"}}'),
    ],
)
async def test_what_is_no_job_is_not_done(shop: Shop, name: str, text: str) -> None:
    """A row may be well written and still not hold what the worker does."""
    job = push("a")
    await shop.outbox.submit(job)
    plant(shop, job, text, name)
    shop.start()
    until(lambda: shop.states()[job.id] == "ERROR", "the job ends")
    await shop.outbox.submit(push("z", app="other"))
    until(shop.has("z tell"), "another job ends")

    assert not [line for line in shop.lines() if line.startswith("a")]
