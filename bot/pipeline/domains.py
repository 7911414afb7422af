"""Build in the trust domain of whoever wrote the code, and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from bot.desk import Desk
from bot.domain import Domain
from bot.errors import EngineUnavailableError, UserError
from bot.isolation import Isolation
from bot.ports import Runner

LOG = logging.getLogger(__name__)


def of_repository(desk: Desk) -> Domain:
    """Return the domain of the repository that the job is about."""
    place = desk.job.place
    return Domain(place.repository, place.id)


def of_fork(desk: Desk, home: str) -> Domain:
    """Return the domain of the fork *home*, which lasts as long as the job."""
    return Domain(home, desk.job.id)


@asynccontextmanager
async def entered(desk: Desk, domain: Domain) -> AsyncIterator[tuple[Runner, ...]]:
    """Give the runners of *domain*; a domain of one job is gone when the block ends.

    Raise UserError where the domain is a fork's and no runner isolates it.
    """
    runners: tuple[Runner, ...] = tuple(host.within(domain) for host in desk.runners)
    try:
        yield runners if domain.kept else await _trusted(runners)
    finally:
        if not domain.kept:
            for host in desk.runners:
                # One that is down forgets the domain by itself when it is back.
                with suppress(EngineUnavailableError):
                    await host.leave(domain)


async def _trusted(runners: Iterable[Runner]) -> tuple[Runner, ...]:
    """Return those of *runners* on which a stranger's code stays in its box."""
    safe: list[Runner] = []
    reasons: dict[str, None] = {}
    errors: list[EngineUnavailableError] = []
    for runner in runners:
        try:
            able = await runner.abilities()
        except EngineUnavailableError as error:
            errors.append(error)
            continue
        isolation = able.isolation or Isolation(
            "", untried=("it gives builds no engine apart",)
        )
        if isolation.holds:
            safe.append(runner)
        else:
            reasons[f"{able.name}: {isolation.public}"] = None
            LOG.warning(
                "no fork is built on the runner %s: %s", able.name, isolation.words
            )
    if errors and not safe:
        raise errors[0]
    if reasons and not safe:
        raise UserError(
            "This pull request comes from a fork, and a stranger's code is built only "
            "where it can reach nothing but public addresses. No runner is known to "
            f"give that ({'; '.join(reasons)}). The remedy is in docs/runners.md; "
            "then say `/multiarch fix` again."
        )
    return tuple(safe)
