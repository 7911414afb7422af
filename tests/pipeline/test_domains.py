"""Tests of whose engine a job builds on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from bot.desk import Desk
from bot.domain import Domain
from bot.errors import EngineUnavailableError, UserError
from bot.isolation import Isolation
from bot.pipeline import domains
from tests.pipeline.workers import TableRunner

FORK = Domain("zoe/app", "job-1")
OPEN = Isolation("2026-11-28", ("ADD reaches what the runner serves",))


@dataclass(frozen=True, slots=True)
class OnlyRunners:
    """As much of a desk as is looked at."""

    runners: tuple[TableRunner, ...]


def desk(*runners: TableRunner) -> Desk:
    """Return a desk with *runners* and nothing else."""
    return cast("Desk", OnlyRunners(runners))


async def test_a_repository_keeps_its_domain() -> None:
    """Its caches are for the next job."""
    runner = TableRunner(isolation=OPEN)
    async with domains.entered(desk(runner), Domain("octo/app", 5)) as runners:
        assert runners == (runner,)

    assert (runner.domains, runner.left) == ([Domain("octo/app", 5)], [])


async def test_a_forks_domain_goes_with_the_job() -> None:
    """However the job ends."""
    runner = TableRunner()
    with pytest.raises(ValueError, match="in the middle"):
        async with domains.entered(desk(runner), FORK):
            raise ValueError("in the middle")

    assert (runner.domains, runner.left) == ([FORK], [FORK])


async def test_a_fork_is_built_where_its_code_stays_in_its_box() -> None:
    """Runners that keep nothing apart are passed by."""
    safe = TableRunner()
    runners = desk(TableRunner(isolation=OPEN), TableRunner(isolation=None), safe)
    async with domains.entered(runners, FORK) as chosen:
        assert chosen == (safe,)


async def test_a_fork_is_built_nowhere_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever asked is told who can mend it, and he is told what is to be mended."""
    with pytest.raises(UserError) as caught:
        async with domains.entered(desk(TableRunner(isolation=OPEN)), FORK):
            pass

    assert str(caught.value) == (
        "This pull request comes from a fork, and a stranger's code is built only "
        "where it can reach nothing but public addresses. No runner is known to give "
        "that (arm: something answered from inside a build that builds must not "
        "reach, so no fork is built there; whoever runs Multiarch finds in its log "
        "what). The remedy is in docs/runners.md; then say `/multiarch fix` again."
    )
    assert caplog.messages == [
        "no fork is built on the runner arm: ADD reaches what the runner serves"
    ]


async def test_a_runner_that_is_down_is_waited_for() -> None:
    """It may be the one that isolates."""
    runners = desk(TableRunner(isolation=OPEN), TableRunner(down=True))
    with pytest.raises(EngineUnavailableError):
        async with domains.entered(runners, FORK):
            pass
