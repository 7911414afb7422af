"""What the stories share: an engine that does both platforms, and its images."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.stories.command import images
from tests.stories.town import Town, found
from tests.world import trust_domains
from tests.world.registry import Registry


@pytest.fixture(scope="session")
def settings(emulating_engine: str, registry_with_images: Registry) -> dict[str, str]:
    """Return the settings of a bot with one runner, which emulates arm64."""
    return {
        "MULTIARCH_RUNNERS": f"emulating={emulating_engine}",
        **images(registry_with_images),
        **trust_domains.settings(emulating_engine),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    settings: dict[str, str],
    described: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Town]:
    """Found the town that all stories of one module happen in."""
    async with found(tmp_path_factory.mktemp("town"), settings) as town:
        yield town
