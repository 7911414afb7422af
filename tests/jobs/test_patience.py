"""How long a job waits before it is tried again."""

from __future__ import annotations

from bot.errors import EngineUnavailableError
from bot.github_ports import GitHubUnavailableError
from bot.jobs.performing import Patience


def test_waits_longer_each_time_up_to_a_bound() -> None:
    """What is down says not when it will be back."""
    for error in (EngineUnavailableError("down"), GitHubUnavailableError("down")):
        pauses = [Patience().pause(attempt, error) for attempt in range(8)]

        assert pauses == [15, 30, 60, 120, 240, 300, 300, 300]


def test_waits_as_long_as_github_asks() -> None:
    """A rate limit ends within the hour: to ask before is vain, and rude."""
    limited = GitHubUnavailableError("the rate limit is used up", 3000.0)
    absurd = GitHubUnavailableError("the rate limit is used up", 1e9)

    assert Patience().pause(0, limited) == 3000
    assert Patience().pause(7, limited) == 3000
    assert Patience().pause(0, absurd) == 3900
