"""Fixtures: a judged stand-in, and the recorded webhooks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.world.github import stand_in
from tests.world.github.openapi import Judge
from tests.world.github.packages import OPENAPI, fetch_or_skip
from tests.world.github.recorded import Recorded, recorded_webhooks
from tests.world.github.stand_in import StandIn


@pytest.fixture(scope="session")
def described() -> None:
    """Have GitHub's description at hand; a named skip without it, outside CI."""
    fetch_or_skip(OPENAPI)


@pytest_asyncio.fixture
async def github(tmp_path: Path, described: None) -> AsyncIterator[StandIn]:
    """Run a stand-in whose every exchange and webhook must fit the description."""
    async with stand_in.start(tmp_path / "github", Judge()) as running:
        yield running


@pytest.fixture(scope="session")
def webhooks() -> tuple[Recorded, ...]:
    """All webhooks that GitHub's own examples record."""
    return recorded_webhooks()
