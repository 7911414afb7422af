"""A row that no worker can do anything with fails, and keeps nobody waiting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.job import Job, Proving
from bot.jobs import notation
from tests.attacks.test_database import plant
from tests.jobs.conftest import Shop, push, shop, until

__all__ = ["shop"]

OURS = "multiarch_json"
OTHER = notation.write({"args": (push("b"),), "kwargs": {}})
"""A job that is in order, but not the one that the row says."""
OLD = OTHER.replace(',"id":5', "")
"""A job of before repositories were known by their number."""


def proving(head: str) -> Job:
    """Return a job that builds, and keeps others waiting while it does."""
    job = push(head)
    return job.then("prove", Proving(job.place, "main", head, 1))


def told(shop: Shop, job: Job) -> str:
    """Return what the worker logged about *job* where it failed."""
    log = (shop.folder / "one.log").read_text()
    lines = (line for line in log.splitlines() if job.id in line)
    return next((line for line in lines if "thrown away" in line), "")


@pytest.mark.parametrize("make", [push, proving])
@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("tomorrow", "{}", "it is written as 'tomorrow', which is not read"),
        ("tomorrow", None, "it is written as 'tomorrow', which is not read"),
        (OURS, None, "it holds no job"),
        (None, None, "it holds no job"),
        (OURS, "null", "it holds no job"),
        (OURS, "{not JSON", "it is no value of a job (JSONDecodeError: "),
        (OURS, "[" * 100_000, "it is no value of a job (RecursionError: "),
        (OURS, '{"dict":[]}', "it holds no job"),
        (OURS, '{"Job":{"delivery":"a"}}', "it is no value of a job (TypeError: "),
        (OURS, OLD, "it is no value of a job (TypeError: "),
        (OURS, OTHER, "it holds a job of another id"),
        ("portable_json", "[1]", "it is JSON as no job is written"),
        ("portable_json", None, "it is JSON as no job is written"),
        ("py_pickle", "gA==", "it is a pickle, which is never read"),
    ],
)
async def test_it_fails_with_a_reason(
    shop: Shop, make: Callable[[str], Job], name: str, text: str | None, why: str
) -> None:
    """Who runs the bot reads what was lost; the next job of its kind is done."""
    bad = make("a")
    await shop.outbox.submit(bad)
    plant(shop, bad, text, name)
    shop.start()
    until(lambda: shop.states()[bad.id] == "ERROR", "the row fails")
    good = make("z")
    await shop.outbox.submit(good)
    until(lambda: shop.states()[good.id] == "SUCCESS", "the next job ends")

    assert why in told(shop, bad)
    assert shop.lines()[-1] == "z tell"
    assert not [line for line in shop.lines() if line.startswith("a")]


@pytest.mark.parametrize(
    "change",
    [
        "name = 'os.system'",
        "class_name = 'Office'",
        "config_name = 'x', class_name = 'Office'",
        "status = 'PENDING', executor_id = NULL",
        "status = 'PENDING', executor_id = ''",
    ],
)
async def test_what_asks_for_something_else_fails(shop: Shop, change: str) -> None:
    """It would hold the one place at the runner for ever."""
    bad = proving("a")
    await shop.outbox.submit(bad)
    shop.write(f"workflow_status SET {change}")
    shop.start()
    until(lambda: shop.states()[bad.id] == "ERROR", "the row fails")
    await shop.outbox.submit(proving("z"))
    until(shop.has("z tell"), "the next job ends")

    assert told(shop, bad)


@pytest.mark.parametrize("name", ["junk", "a~b", "push~octo/app~proved~soon~x"])
async def test_a_row_of_any_name_is_passed_by(shop: Shop, name: str) -> None:
    """Ids say what is newer and whose turn it is, if they are ids of jobs."""
    await shop.outbox.submit(proving("a"))
    shop.write("workflow_input SET workflow_uuid = :name", name=name)
    # Nobody takes what is for another version, so it is there as long as it takes.
    change = "workflow_uuid = :name, application_version = 'another'"
    shop.write(f"workflow_status SET {change}", name=name)
    await shop.outbox.submit(push("z", "proved"))
    shop.open_gate()
    shop.start()
    until(shop.has("z tell"), "a job that follows from another ends")

    assert shop.states()[name] == "ENQUEUED"
