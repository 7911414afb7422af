"""What ``exceeded-time`` recognises: the runner's own words."""

from __future__ import annotations

import pytest

from bot.causes.exceeded_time import CAUSE
from tests.catalogue import explained


@pytest.mark.parametrize(
    "line", ["stopped: the server", "it took longer than 3 s", "Killed"]
)
def test_leaves_what_a_build_says_alone(line: str) -> None:
    """A test may be slow without the build being stopped."""
    assert explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n") == ()


@pytest.mark.parametrize("what", ["the build", "it"])
def test_says_after_how_long(what: str) -> None:
    """The operator sees which limit it was."""
    log = f"Step 1/2 : RUN x\nstopped: {what} took longer than 90 s\n"

    message = (
        "The build was stopped after 90 seconds. "
        "Allow more time for it, or build on a native runner."
    )
    assert not CAUSE.transient
    assert explained(CAUSE, log) == ((2, message, ""),)
