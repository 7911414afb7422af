"""What all tests share: the outside world, started only when a test asks."""

from __future__ import annotations

import pytest

pytest_plugins = ("tests.world.fixtures",)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what takes many minutes, unless ``-m`` asks for it by name.

    Attacks on real engines get a name of their own.
    """
    for item in items:
        if "tests/attacks/" in item.nodeid and item.get_closest_marker("engine"):
            item.add_marker("attack")
    if "soak" in config.getoption("markexpr"):
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
