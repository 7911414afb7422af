"""What is long past is not asked for any more."""

from __future__ import annotations

import logging

import pytest

from bot.events import CheckRequest, Place, Push
from bot.job import Job
from bot.web.freshness import STALE, Fresh
from tests.handlers.fake_jobs import FakeJobs

HERE = Place("octo/app", 7, 5)
PUSH = Push(HERE, "main", "main", "0", "1", None, 1000)
PUSHED = Job("d", "k", 1000, PUSH)


async def test_passes_on_what_is_new() -> None:
    """As late as GitHub may repeat it, and much later."""
    jobs = FakeJobs()
    await Fresh(jobs, 1000 + STALE).submit(PUSHED)

    assert list(jobs.jobs.values()) == [PUSHED]


async def test_passes_on_what_comes_from_a_clock_that_is_ahead() -> None:
    """Ours may be behind."""
    jobs = FakeJobs()
    await Fresh(jobs, 0).submit(PUSHED)

    assert list(jobs.jobs.values()) == [PUSHED]


async def test_leaves_alone_what_is_old(caplog: pytest.LogCaptureFixture) -> None:
    """And says so: a clock that is wrong would do the same."""
    jobs = FakeJobs()
    caplog.set_level(logging.WARNING)
    await Fresh(jobs, 1001 + STALE).submit(PUSHED)

    assert jobs.jobs == {}
    assert caplog.messages == ["job k~1000~d is left alone: its payload is too old"]


async def test_a_check_run_may_be_old() -> None:
    """Its payload tells when it began, not when its button was pressed."""
    jobs = FakeJobs()
    asked = CheckRequest(HERE, "1", "main", "main", None, "", "alice", 1000)
    await Fresh(jobs, 1001 + STALE).submit(Job("d", "k", 1000, asked))

    assert len(jobs.jobs) == 1
