"""Which program ``missing-program`` names."""

from __future__ import annotations

import pytest

from bot.causes.missing_program import CAUSE
from bot.model import Confidence
from tests.catalogue import clues, explained


@pytest.mark.parametrize(
    "line",
    [
        "/usr/local/bin/tool: 1: ELF: not found",
        "ls: /nowhere: No such file or directory",
        "/bin/sh: 1: cannot open /nowhere: No such file",
        "error: tool not found",
    ],
)
def test_leaves_other_absences_alone(line: str) -> None:
    """Only the shell and the runtime can say that a program is missing."""
    assert explained(CAUSE, f"Step 2/3 : RUN x\n{line}\n") == ()


@pytest.mark.parametrize(
    "line",
    [
        "/bin/sh: /opt/tool: not found",
        "/bin/sh: 1: /opt/tool: not found",
        "/bin/sh: line 2: /opt/tool: not found",
        "sh: /opt/tool: not found",
        "/bin/bash: line 1: /opt/tool: command not found",
        "/bin/bash: /opt/tool: No such file or directory",
        "/bin/bash: line 1: /opt/tool: cannot execute: required file not found",
        'runc: exec: "/opt/tool": executable file not found in $PATH',
        'exec: "/opt/tool": stat /opt/tool: no such file or directory: unknown',
    ],
)
def test_names_the_program(line: str) -> None:
    """In the words of every shell, and of the runtime where there is none."""
    assert explained(CAUSE, f"Step 2/3 : RUN x\n{line}\n") == (
        (
            2,
            (
                "The image holds no program `/opt/tool`. Install what brings it, or "
                "use one that the image has."
            ),
            "/opt/tool",
        ),
    )


def test_a_program_that_was_not_needed_weighs_little() -> None:
    """A configure script asks for many programs and goes on without them."""
    log = (
        "Step 2/3 : RUN ./configure\n/bin/sh: gtkdoc: not found\n"
        "Step 3/3 : RUN make\nmake: *** failed\n"
    )

    assert [clue.confidence for clue in clues(CAUSE, log)] == [Confidence.LOW]
