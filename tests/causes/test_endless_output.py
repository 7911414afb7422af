"""What ``endless-output`` recognises: the runner's own words."""

from __future__ import annotations

import pytest

from bot.builds.printed import Attention, TooMuchPrintedError
from bot.causes.endless_output import CAUSE
from tests.catalogue import explained


@pytest.mark.parametrize(
    "line", ["stopped: the server", "it printed more than 3 MiB", "Killed"]
)
def test_leaves_what_a_build_says_alone(line: str) -> None:
    """A program may speak of its own output."""
    assert explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n") == ()


def test_says_after_how_much() -> None:
    """The words are those with which a build is stopped."""
    with pytest.raises(TooMuchPrintedError) as stopped:
        Attention(most=3 << 20).pay(b"x" * (4 << 20))

    message = (
        "The build was stopped after it had printed 3 MiB. Look at the end of the log "
        "for what repeats itself, and let it print less or into a file."
    )
    assert not CAUSE.transient
    assert explained(CAUSE, f"Step 1/2 : RUN x\n{stopped.value}\n") == (
        (2, message, ""),
    )
