"""What it means how a step of judging ended, in words for the author of the files."""

from __future__ import annotations

import os
import signal
from typing import Any

from bot.errors import CostlyError, UserError
from bot.processes import answers
from bot.processes.allowance import Allowance
from bot.processes.answers import BrokenAnswerError
from bot.processes.forking import VERDICT
from bot.processes.step import FAILURE, RESULT, Failure

_SIMPLER = (
    "Look for a Makefile, Dockerfile or ignore file that was generated or is much "
    "larger than the others, and make it simpler."
)
_TOO_LONG = (
    "This project's build files take too long to judge (more than {}), so nothing is "
    f"said about them. {_SIMPLER}"
)
_TOO_LARGE = (
    "This project's build files take too much memory to judge, so nothing is said "
    f"about them. {_SIMPLER}"
)
TOO_MUCH = (
    "There is more to say about this project's build files than can be shown, so "
    f"nothing is said about them. {_SIMPLER}"
)
_BROKE = (
    "Judging this project's build files came to a sudden end, so nothing is said "
    f"about them. {_SIMPLER}"
)


class JudgementError(Exception):
    """A step ended without a result, and nothing in the files is to blame."""


def check(verdict: bytes, allowance: Allowance) -> None:
    """Raise CostlyError where a child did not end by itself."""
    status, late = VERDICT.unpack(verdict)
    if late:
        time = f"{allowance.patience:.0f} s on the clock"
        raise CostlyError(_TOO_LONG.format(time))
    if not os.WIFSIGNALED(status):
        return
    if os.WTERMSIG(status) == signal.SIGXCPU:
        time = f"{allowance.seconds} s of processor time"
        raise CostlyError(_TOO_LONG.format(time))
    raise CostlyError(_BROKE)


def result(answer: bytes, hint: object) -> Any:  # noqa: ANN401 - what *hint* says
    """Return the result that *answer* brings, or raise what it says instead."""
    if answer[:1] == RESULT:
        return answers.read(answer[1:], hint)
    if answer[:1] != FAILURE:
        raise BrokenAnswerError(f"the answer begins with {answer[:8]!r}")
    failure: Failure = answers.read(answer[1:], Failure)
    if failure.of_memory:
        raise CostlyError(_TOO_LARGE)
    if failure.for_author:
        raise UserError(failure.words)
    raise JudgementError(failure.words)
