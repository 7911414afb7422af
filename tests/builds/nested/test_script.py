"""Tests of what runs in the container of a nested engine."""

from __future__ import annotations

import time
from contextlib import closing

import pytest
from docker import APIClient

from bot.builds import pool
from bot.builds.domain_runner import DomainHost
from bot.builds.nested import script
from bot.builds.nested.container import Place
from bot.builds.options import Options
from bot.domain import Domain
from tests.world import trust_domains

pytestmark = pytest.mark.engine

DOMAIN = Domain("waiting/project", "job")
LINES = 4
"""One that asks, and one that is kept ready, each before and after the start."""


async def test_who_comes_before_the_engine_waits_for_it(local_engine: str) -> None:
    """Each line that is given up costs a start of "docker", on the runner itself."""
    nested = trust_domains.options(local_engine)
    (outer,) = pool.runners([local_engine], Options(nested=nested))
    host = DomainHost(outer)
    began = int(time.time())
    try:
        async with host.inside(DOMAIN) as runner:
            await runner.engine.call(APIClient.ping)
            opened = lines(local_engine, began)
    finally:
        await host.leave(DOMAIN)
        host.close()

    assert 0 < opened <= LINES


def lines(url: str, since: int) -> int:
    """Count the programs that lead to the engine of the domain, since then."""
    named = {"container": Place(DOMAIN.key).name}
    with closing(APIClient(url, version="auto")) as client:
        told = client.events(
            since=since, until=int(time.time()) + 1, filters=named, decode=True
        )
        begun = [one for one in told if one["Action"].startswith("exec_start")]
    return sum(script.DIAL in one["Action"] for one in begun)
