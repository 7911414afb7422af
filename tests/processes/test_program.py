"""Tests of running programs, with real ones."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.processes import program
from bot.processes.program import Command, Ended

ENV = {"PATH": os.environ["PATH"]}


def shell(script: str, seconds: float = 30.0, stdin: Path | None = None) -> Command:
    """Return a command that runs *script*."""
    return Command(("sh", "-c", script), ENV, seconds, stdin)


async def test_output_comes_in_order_and_with_the_status() -> None:
    """What fails is told on either output."""
    pieces: list[bytes] = []
    ended = await program.run(shell("echo a; echo b >&2; exit 3"), pieces.append)

    assert (ended, b"".join(pieces)) == (Ended(3), b"a\nb\n")


async def test_errors_can_go_their_own_way(tmp_path: Path) -> None:
    """The caller may read one and show the other."""
    (tmp_path / "in").write_text("typed")
    out: list[bytes] = []
    err: list[bytes] = []
    command = shell("cat; echo b >&2", stdin=tmp_path / "in")
    await program.run(command, out.append, err.append)

    assert (b"".join(out), b"".join(err)) == (b"typed", b"b\n")


async def test_a_source_is_typed_in_until_the_program_ends() -> None:
    """Answers go to a recipe as they come; what comes too late is left."""
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    out: list[bytes] = []

    def answer(chunk: bytes) -> None:
        out.append(chunk)
        answers.put_nowait(b"again\n")

    answers.put_nowait(b"once\n")
    command = shell('read a; echo "$a"; read b; echo "$b"')
    ended = await program.run(command, answer, None, answers.get)

    assert (ended, b"".join(out)) == (Ended(0), b"once\nagain\n")


async def test_nothing_of_our_environment_is_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bot's own environment holds its keys."""
    monkeypatch.setenv("MULTIARCH_PRIVATE_KEY", "secret")
    pieces: list[bytes] = []
    await program.run(shell("env"), pieces.append)

    assert b"secret" not in b"".join(pieces)


@contextmanager
def ending(pipe: Path) -> Iterator[None]:
    """Wait behind the block until nobody holds *pipe* open any more."""
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    yield
    os.set_blocking(reader, True)
    with os.fdopen(reader, "rb") as opened:
        opened.read()


async def test_a_program_that_takes_too_long_ends_with_its_children(
    tmp_path: Path,
) -> None:
    """A builder starts programs of its own; they hold the output open."""
    pipe = tmp_path / "pipe"
    command = shell(f"exec 3> {pipe}; sleep 600 & wait", seconds=0.5)
    with ending(pipe):
        ended = await program.run(command, lambda _: None)

    assert ended.timed_out


async def test_a_cancelled_program_ends_even_if_it_does_not_listen() -> None:
    """A superseded build must not go on in the background."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    script = "trap '' TERM; echo $$; while :; do sleep 0.2; done"
    running = asyncio.create_task(program.run(shell(script), heard.put_nowait))
    pid = int(await heard.get())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert gone(pid)


def gone(pid: int) -> bool:
    """Tell whether the process *pid* has ended, waited for or not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return True
    return text.rpartition(")")[2].split()[0] == "Z"


def opened() -> int:
    """Return how many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_nothing_is_left_open_where_the_output_is_refused() -> None:
    """A program that prints on has more to say than anybody took."""

    async def refuse(_: bytes) -> None:
        await asyncio.sleep(0.1)
        raise ValueError

    before = opened()
    with pytest.raises(ValueError, match=r"^$"):
        await program.run(shell("yes"), refuse)

    assert opened() == before
