"""A bot that is tried knows nothing of the machine's own."""

from __future__ import annotations

import pytest

from tests.world.surroundings import surroundings


def test_the_machines_own_bot_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that writes to the database of a bot at work would be a disaster."""
    monkeypatch.setenv("MULTIARCH_DATABASE_URL", "postgresql://prod/jobs")
    monkeypatch.setenv("DOCKER_BUILDKIT", "0")
    given = surroundings(MULTIARCH_HOME="/home/x")

    assert "MULTIARCH_DATABASE_URL" not in given
    assert (given["MULTIARCH_HOME"], given["DOCKER_BUILDKIT"]) == ("/home/x", "0")
