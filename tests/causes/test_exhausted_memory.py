"""What ``exhausted-memory`` recognises, and whom it blames: nobody."""

from __future__ import annotations

import pytest

from bot.causes.exhausted_memory import CAUSE
from bot.model import Confidence
from tests.catalogue import clues, explained

MESSAGE = (
    "The runner ran out of memory; this is not a defect of the project. "
    "Give it more, or let fewer programs compile at once."
)
LINES = [
    "c++: fatal error: Killed signal terminated program cc1plus",
    "link: signal: killed",
    "The command '/bin/sh -c make' returned a non-zero code: 137",
    'process "make" did not complete successfully: exit code: 137',
    "executor failed running [/bin/sh -c make]: exit code: 137",
    'ResourceExhausted: process "make" did not complete: cannot allocate memory',
    "fatal error: runtime: out of memory",
    "Killed",
    "fork: Cannot allocate memory",
]


@pytest.mark.parametrize(
    "line",
    [
        "The command '/bin/sh -c make' returned a non-zero code: 1",
        "the code is 1370",
        "Killed 3 of 4 mutants",
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
