"""How the place of a line decides what it is worth."""

from __future__ import annotations

from bot.logs import read
from bot.logs.failing import failing_step, weight
from bot.model import Confidence, Step

LOG = read("prepare\nStep 1/2 : RUN a\nharmless\nStep 2/2 : RUN b\nfatal\n")


def test_the_last_step_is_the_one_that_failed() -> None:
    """Nothing runs after it."""
    assert failing_step(LOG) == Step(2, "RUN b")


def test_a_log_without_steps_has_no_failing_step() -> None:
    """A recipe may fail before any build starts; all lines then count alike."""
    log = read("make: nothing to be done\n")

    assert failing_step(log) is None
    assert weight(log.lines[0], log) is Confidence.HIGH


def test_what_the_build_survived_weighs_little() -> None:
    """A step that went on after a complaint did not fail because of it."""
    weights = [weight(line, LOG) for line in LOG.lines]

    low, high = Confidence.LOW, Confidence.HIGH
    assert weights == [low, low, low, high, high]
