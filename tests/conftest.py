"""What all tests share: the outside world, started only when a test asks."""

from __future__ import annotations

pytest_plugins = ("tests.world.fixtures",)
