"""Tests of asking a program something, with real ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.processes.program import Command
from bot.processes.question import Answer, ask
from tests.processes.test_program import ENV, ending, shell


def test_an_answer_is_what_was_written_and_how_it_ended() -> None:
    """Both outputs, apart, and the status."""
    done = ask(shell("cat; echo b >&2; exit 3"), b"typed")

    assert done == Answer(3, b"typed", b"b\n")


def test_nothing_of_our_environment_is_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bot's own environment holds its keys."""
    monkeypatch.setenv("MULTIARCH_PRIVATE_KEY", "secret")

    assert ask(Command(("env",), ENV, 30.0)).out.decode() == f"PATH={ENV['PATH']}\n"


def test_what_takes_too_long_ends_with_its_children(tmp_path: Path) -> None:
    """A program that waits for something must not hold a worker."""
    pipe = tmp_path / "pipe"
    with ending(pipe), pytest.raises(TimeoutError, match="no answer in"):
        ask(shell(f"sleep 600 > {pipe} & wait", seconds=0.5))


def test_what_is_left_in_the_background_ends_too(tmp_path: Path) -> None:
    """An answer is an answer; nothing goes on behind it."""
    pipe = tmp_path / "pipe"
    with ending(pipe):
        done = ask(shell(f"exec 3> {pipe}; sleep 600 >/dev/null 2>&1 & echo done"))

    assert done == Answer(0, b"done\n", b"")


def test_it_has_no_terminal_to_ask_on() -> None:
    """A question for a password would wait for ever."""
    assert ask(shell("exec < /dev/tty")).code != 0


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    """It is looked for on the path that it is given, not on ours."""
    with pytest.raises(FileNotFoundError):
        ask(Command(("sh",), {"PATH": str(tmp_path)}, 30.0))
    with pytest.raises(FileNotFoundError):
        ask(Command((os.fspath(tmp_path / "sh"),), ENV, 30.0))
