"""What reaches a terminal, and what a file or a pipe gets."""

from __future__ import annotations

import io
import sys

import pytest

from bot import terminal

HOSTILE = "--- a/Dockerfile\n-FROM \x1b[2Ja\r\n+FROM é\n \n"


class Screen(io.TextIOWrapper):
    """Standard output as a terminal has it."""

    def isatty(self) -> bool:
        """Be one."""
        return True


def test_a_patch_is_written_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """`multiarch fix --diff . | git apply` must work, whatever the locale."""
    file = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file, "ascii"))
    terminal.out_patch(f"{HOSTILE}\udcff\n")

    assert file.getvalue() == HOSTILE.encode() + b"\xff\n"


def test_a_patch_on_a_terminal_does_not_steer_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lines come from a stranger's file."""
    screen = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Screen(screen, "utf-8"))
    terminal.out_patch(HOSTILE)

    assert screen.getvalue().decode() == (
        "--- a/Dockerfile\n-FROM �[2Ja�\n+FROM é\n \n"
    )


def test_progress_does_not_steer_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A build prints what it likes: titles, colours, a cleared screen."""
    terminal.say("  | \x1b]0;title\x07\tdone")

    assert capsys.readouterr().err == "  | �]0;title�    done\n"
