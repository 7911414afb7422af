"""The state of the service is asked for once, however many want to know it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from aiohttp.test_utils import make_mocked_request

from bot.desk import QueueDownError
from bot.web.readiness import Readiness
from tests.handlers.fake_jobs import FakeJobs


class Counting(FakeJobs):
    """Counts how often it is asked, and takes its time."""

    asked = 0

    async def depth(self) -> Mapping[str, int]:
        """Count the question, and let others come in the meantime."""
        self.asked += 1
        await asyncio.sleep(0)
        if self.down:
            raise QueueDownError
        return {"waiting": self.asked}


async def answers(readiness: Readiness, count: int) -> list[tuple[int, object]]:
    """Return the status and the number of jobs that each of *count* askers is told."""
    request = make_mocked_request("GET", "/ready")
    told = await asyncio.gather(*(readiness.answer(request) for _ in range(count)))
    said = [(one.status, json.loads(one.text or "")) for one in told]
    return [(status, words.get("jobs", words["status"])) for status, words in said]


async def test_asks_once_for_all_who_come_within_a_moment() -> None:
    """Each question cost the database a connection."""
    jobs = Counting()
    actual = await answers(Readiness(jobs, 600), 500)

    assert (jobs.asked, actual) == (1, [(200, {"waiting": 1})] * 500)


async def test_a_database_that_is_silent_is_asked_once_too() -> None:
    """Else 500 askers would wait for its silence one after the other."""
    jobs = Counting()
    jobs.down = True
    actual = await answers(Readiness(jobs, 600), 500)

    expected = (503, "the database does not answer")
    assert (jobs.asked, actual) == (1, [expected] * 500)


async def test_asks_again_after_a_while() -> None:
    """Who watches sees what changes."""
    readiness = Readiness(Counting(), 0)

    assert await answers(readiness, 1) == [(200, {"waiting": 1})]
    assert await answers(readiness, 1) == [(200, {"waiting": 2})]


async def test_nobody_is_told_what_was_so_before_he_came() -> None:
    """Who has just closed the way for webhooks asks whether all jobs are done."""
    jobs = Counting()
    readiness = Readiness(jobs, 0.05)
    began = asyncio.get_running_loop().time()

    assert [(await answers(readiness, 1))[0] for _ in range(3)] == [
        (200, {"waiting": number}) for number in (1, 2, 3)
    ]
    assert asyncio.get_running_loop().time() - began >= 0.1
