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


IN_A_RECIPE = (
    "The container that the recipe's command ran in, or one that it started, holds no "
    "program `curl`. Name an image that has it as `prepare.image` of this build in "
    "`.github/multiarch.yml`, or let the command install it."
)
IN_THE_IMAGE = (
    "The image holds no program `curl`. Install what brings it, or use one that the "
    "image has."
)
BUILT = "Step 1/1 : FROM a\n ---> 1\nSuccessfully built 1\n"
MISSED = "/bin/sh: 1: curl: not found\n"
FAILED = "The command '/bin/sh -c curl' returned a non-zero code: 127\n"
ENDED = "make: *** [Makefile:2: x] Error 127\nthe command ended with status 2\n"


@pytest.mark.parametrize(
    ("log", "message"),
    [
        (MISSED + ENDED, IN_A_RECIPE),
        (BUILT + MISSED + ENDED, IN_A_RECIPE),
        (MISSED + "Step 1/1 : RUN x\n" + FAILED + ENDED, IN_A_RECIPE),
        ("Step 2/2 : RUN curl\n" + MISSED + FAILED + ENDED, IN_THE_IMAGE),
        ("Step 2/2 : RUN curl\n" + MISSED + FAILED, IN_THE_IMAGE),
        (MISSED, IN_THE_IMAGE),
    ],
)
def test_says_where_the_program_is_missing(log: str, message: str) -> None:
    """What a Makefile calls runs beside the image, and another setting brings it."""
    assert [clue.message for clue in clues(CAUSE, log)] == [message]
