"""What all tests share: the outside world, started only when a test asks."""

from __future__ import annotations

import pytest

pytest_plugins = ("tests.world.fixtures",)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what takes many minutes, unless ``-m`` asks for it by name."""
    if "soak" in config.getoption("markexpr"):
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
