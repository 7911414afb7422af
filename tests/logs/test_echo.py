"""What a line says, and what it only repeats."""

from __future__ import annotations

import pytest

from bot.causes.exhausted_memory import CAUSE as EXHAUSTED_MEMORY
from bot.causes.full_disk import CAUSE as FULL_DISK
from bot.logs import read
from bot.logs.echo import spoken
from bot.model import LogLine
from tests.catalogue import explained

COMMAND = "make || echo no space left on device"


@pytest.mark.parametrize(
    "text",
    [
        "write /a: no space left on device",
        "ADD failed: no source files were specified",
        "[1/3] Compiling",
        "   1 | int main",
        "ERROR: no match for platform in manifest: not found",
    ],
)
def test_what_was_said_is_left_alone(text: str) -> None:
    """Numbers in front of a line are no sign of a builder."""
    assert spoken(LogLine(1, text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Step 2/2 : RUN {COMMAND}", ""),
        (f"[2/2] RUN {COMMAND}", ""),
        (f"[app 2/2] RUN {COMMAND}", ""),
        (f" > [2/2] RUN {COMMAND}:", ""),
        (f" => ERROR [2/2] RUN {COMMAND}  0.3s", ""),
        (f"   2 | >>> RUN {COMMAND}", ""),
        (f"   3 |     RUN {COMMAND}", ""),
        (
            f"The command '/bin/sh -c {COMMAND}' returned a non-zero code: 2",
            "The command '…' returned a non-zero code: 2",
        ),
        (
            f'ERROR: process "/bin/sh -c {COMMAND}" did not complete: exit code: 2',
            'ERROR: process "…" did not complete: exit code: 2',
        ),
        (
            f"ERROR: executor failed running [/bin/sh -c {COMMAND}]: exit code: 2",
            "ERROR: executor failed running […]: exit code: 2",
        ),
        (f"The command '/bin/sh -c {COMMAND}; and so on for ever", "The command '…"),
    ],
)
def test_an_instruction_that_is_repeated_says_nothing(text: str, said: str) -> None:
    """In every builder's way to repeat it, before the output and after."""
    assert spoken(LogLine(1, text)) == said


@pytest.mark.parametrize(
    "log",
    [
        f"Step 2/2 : RUN {COMMAND}\noops\nThe command '{COMMAND}' returned a 2\n",
        f"#6 [2/2] RUN {COMMAND}\n#6 0.1 oops\n------\n > [2/2] RUN {COMMAND}:\n",
        f"#6 [2/2] RUN {COMMAND}\n#6 ERROR: executor failed running [{COMMAND}]: 2\n",
    ],
)
def test_no_cause_is_found_in_the_words_of_a_command(log: str) -> None:
    """The author wrote them for another day; the disk has room."""
    assert explained(FULL_DISK, log) == ()


def test_how_a_command_ended_is_still_read() -> None:
    """The exit status stands in the very line that repeats the command."""
    text = f"The command '/bin/sh -c {COMMAND}' returned a non-zero code: 137"
    log = f"Step 2/2 : RUN {COMMAND}\n{text}\n"

    assert [line for line, _, _ in explained(EXHAUSTED_MEMORY, log)] == [2]
    assert read(log).lines[1].text == text
