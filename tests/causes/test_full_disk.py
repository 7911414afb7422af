"""What ``full-disk`` recognises, and whom it blames: nobody."""

from __future__ import annotations

import pytest

from bot.causes.full_disk import CAUSE
from bot.model import Confidence
from tests.catalogue import clues, explained

MESSAGE = (
    "The runner's disk is full; this is not a defect of the project. "
    "Its owner makes room; then the build can be tried again."
)
LINES = [
    "write /a: no space left on device",
    "tar: a: No space left on device",
    "E: You don't have enough free space in /var/cache/apt/archives/.",
    "cp: Disk quota exceeded",
    "npm ERR! code ENOSPC",
]


@pytest.mark.parametrize(
    "line",
    [
        "Filesystem  Size  Used Avail Use%",
        "disk full of joy",
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
