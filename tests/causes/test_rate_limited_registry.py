"""What ``rate-limited-registry`` recognises, and whom it blames: nobody."""

from __future__ import annotations

import pytest

from bot.causes.rate_limited_registry import CAUSE
from bot.model import Confidence
from tests.catalogue import clues, explained

MESSAGE = (
    "The registry limits how often images are pulled; this is not a defect of the "
    "project. A login, or a mirror, raises the limit."
)
LINES = [
    "toomanyrequests: slow down",
    "TOOMANYREQUESTS: slow down",
    "You have reached your pull rate limit.",
    "unexpected status from https://ghcr.io/v2/a: 429 Too Many Requests",
]


@pytest.mark.parametrize(
    "line",
    [
        "test 429 passed",
        "denied: requested access to the resource is denied",
    ],
)
def test_leaves_other_failures_alone(line: str) -> None:
    """Calling a defect a passing trouble would build it again for ever."""
    assert explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n") == ()


@pytest.mark.parametrize("line", LINES)
def test_says_that_it_is_no_defect(line: str) -> None:
    """The author is told what happened and that there is nothing to mend."""
    found = explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n")

    assert CAUSE.transient
    assert found == ((2, MESSAGE, ""),)


def test_what_the_build_survived_weighs_little() -> None:
    """A retry inside an earlier step succeeded; it did not stop the build."""
    log = f"Step 1/2 : RUN x\n{LINES[0]}\nStep 2/2 : RUN y\nfailed\n"

    assert [clue.confidence for clue in clues(CAUSE, log)] == [Confidence.LOW]
