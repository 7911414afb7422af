"""What all tests share: the outside world, started only when a test asks."""

from __future__ import annotations

import pytest

pytest_plugins = ("tests.world.fixtures",)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process use the arm64 machine, and begin with that.

    It is emulated whole, so it is slow, and one is enough; the other process
    does everything else meanwhile (``pytest -n 2 --dist loadgroup``).
    """
    for item in items:
        if item.get_closest_marker("arm64"):
            item.add_marker(pytest.mark.xdist_group("arm64"))
    items.sort(key=lambda item: item.get_closest_marker("arm64") is None)
