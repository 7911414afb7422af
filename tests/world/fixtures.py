"""The outside world as pytest fixtures: each starts when a test first asks.

What a machine cannot have is a skip that says why, and a failure where the
environment variable CI is set: there everything has to be had.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

import pytest

from tests.world import arm_host, base_images, engines, postgres, registry
from tests.world.packages import Missing
from tests.world.places import scratch
from tests.world.registry import Registry

Thing = TypeVar("Thing")


@contextmanager
def had(thing: AbstractContextManager[Thing]) -> Iterator[Thing]:
    """Enter *thing*; skip the test, or fail it in CI, where it cannot be had."""
    with ExitStack() as stack:
        try:
            value = stack.enter_context(thing)
        except Missing as missing:
            if os.environ.get("CI"):
                pytest.fail(f"CI needs this: {missing}", pytrace=False)
            pytest.skip(str(missing))
        yield value


@pytest.fixture(scope="session")
def registry_with_images() -> Iterator[Registry]:
    """Give an open registry with all base images, which tests may add to."""
    with had(_registry_with_images()) as running:
        yield running


@pytest.fixture(scope="session")
def local_engine() -> Iterator[str]:
    """Give the URL of a Docker engine of this machine's own architecture."""
    with had(_engine()) as url:
        yield url


@pytest.fixture(scope="session")
def emulating_engine() -> Iterator[str]:
    """Give the URL of a Docker engine that emulates arm64."""
    with had(_emulating_engine()) as url:
        yield url


@pytest.fixture(scope="session")
def arm64_engine() -> Iterator[str]:
    """Give the URL of a real arm64 Docker engine."""
    with had(_arm64_engine()) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the URL of a PostgreSQL database of this session."""
    with had(postgres.start()) as url:
        yield url


@contextmanager
def _registry_with_images() -> Iterator[Registry]:
    with scratch("images.copy") as place:
        base_images.copy_to(place / "storage")
        with registry.serve(storage=place / "storage") as running:
            yield running


@contextmanager
def _engine() -> Iterator[str]:
    with engines.start(base_images.stored()) as url:
        yield url


@contextmanager
def _emulating_engine() -> Iterator[str]:
    with engines.start_emulating(base_images.stored()) as url:
        yield url


@contextmanager
def _arm64_engine() -> Iterator[str]:
    """Start the machine, and the registry that answers its pulls.

    MULTIARCH_WORLD_ARM64 names one that runs already (``python -m tests.world up``).
    """
    shared = os.environ.get("MULTIARCH_WORLD_ARM64")
    if shared:
        yield shared
        return
    with (
        registry.serve(registry.TLS, base_images.stored()) as images,
        arm_host.start(images.port) as url,
    ):
        yield url
