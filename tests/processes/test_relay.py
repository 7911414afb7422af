"""Tests of leading a connection to a program, with real ones."""

from __future__ import annotations

import socket
import threading

from bot.processes.question import Answer
from bot.processes.relay import lead
from tests.processes.test_program import ENV


def test_both_ends_speak_with_each_other() -> None:
    """The program reads what is sent and answers; what it says besides is kept."""
    ours, theirs = socket.socketpair()
    ended: list[Answer] = []

    def work() -> None:
        with theirs:
            script = "read a; echo got $a; echo why >&2; exit 7"
            ended.append(lead(("sh", "-c", script), ENV, theirs.fileno()))

    thread = threading.Thread(target=work)
    thread.start()
    with ours:
        ours.sendall(b"this\n")
        said = ours.makefile("rb").read()
    thread.join(30)

    assert said == b"got this\n"
    assert ended == [Answer(7, b"", b"why\n")]


def test_of_much_that_is_said_the_end_is_kept() -> None:
    """The reason comes last."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        script = "yes | head -c 100000 >&2; echo end >&2"
        done = lead(("sh", "-c", script), ENV, theirs.fileno())

    assert done.err.endswith(b"y\nend\n")
    assert len(done.err) == 4096
