"""Tests that what the operator sets reaches what keeps to it."""

from __future__ import annotations

from bot import app
from bot.settings import Settings


def settings(**environ: str) -> Settings:
    """Return the settings of *environ*."""
    return Settings.from_environment({"HOME": "/home/u", **environ})


def test_the_endpoint_holds_as_many_connections_as_the_operator_says() -> None:
    """The port may be reached by anybody."""
    chosen = settings(MULTIARCH_CONNECTIONS_PER_ADDRESS="7")

    assert app.connections(chosen).per_address == 7


def test_a_job_takes_what_the_operator_gives() -> None:
    """Each of the three is a line in the settings' page."""
    chosen = settings(
        MULTIARCH_ATTEMPTS="3",
        MULTIARCH_RECIPES="5",
        MULTIARCH_JOB_MINUTES="30",
        MULTIARCH_RETRIES="2",
    )
    limits, patience = app.limits(chosen), app.patience(chosen)

    assert (limits.attempts, limits.recipes, limits.minutes) == (3, 5, 30)
    assert (patience.tries, patience.longest) == (2, 1800.0)
