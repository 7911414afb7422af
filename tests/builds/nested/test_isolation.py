"""Tests of how the answers to an ADD are judged."""

from __future__ import annotations

from bot.builds.nested.isolation import answered

REFUSED = "dial tcp 10.0.2.15:41641: connect: connection refused"
EARLY = 'Get "http://10.0.2.15:41641/": readLoopPeekFailLocked: <nil>'


def test_an_add_that_passes_was_answered() -> None:
    """Nothing is left of its log."""
    assert answered(())


def test_an_add_that_is_refused_was_not_answered() -> None:
    """What the engine says of a way that is closed."""
    assert not answered(("------", REFUSED))


def test_an_answer_that_comes_too_early_is_an_answer() -> None:
    """A slow arm64 machine said this of a server that it had reached."""
    assert answered(("------", f"failed to load cache key: {EARLY}"))
