"""Tests of judging whether a program has started."""

from __future__ import annotations

import pytest

from bot.builds import smoke
from bot.builds.smoke import Outcome


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(0, "done"),
        Outcome(None, "listening"),
        Outcome(1, "usage: thing FILE"),
        Outcome(2, "panic: no configuration"),
        Outcome(137, "", out_of_memory=True),
        Outcome(141, "", out_of_memory=False),
        Outcome(143, "stopping"),
        Outcome(255, "no such host"),
    ],
)
def test_a_program_that_ran_has_started(outcome: Outcome) -> None:
    """Without network and configuration many programs give up by themselves."""
    assert smoke.started(outcome)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(1, "standard_init_linux.go:228: exec user process: exec format error"),
        Outcome(126, "permission denied"),
        Outcome(127, "sh: thing: not found"),
        Outcome(125, ""),
        Outcome(132, ""),
        Outcome(134, ""),
        Outcome(137, ""),
        Outcome(139, ""),
        Outcome(
            0, "./run.sh: line 1: /x: cannot execute binary file: Exec format error"
        ),
        Outcome(255, "qemu-x86_64: Could not open '/lib64/ld-linux-x86-64.so.2': No"),
        Outcome(255, "qemu-aarch64: /x: Invalid ELF image for this architecture"),
        Outcome(1, "rosetta error: failed to open elf at /lib64/ld-linux-x86-64.so.2"),
        Outcome(None, "sh: /code/x: Exec format error; trying again"),
    ],
)
def test_a_program_that_could_not_run_has_not(outcome: Outcome) -> None:
    """These are the ends that programs of another machine come to."""
    assert not smoke.started(outcome)
