"""Tests of the scripts in a recipe's container, under the shells that images have."""

from __future__ import annotations

import asyncio
import io
import shutil
import tarfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.builds import desk, shim
from bot.builds.desk import Answer, Call
from bot.builds.hearing import Hearing
from bot.processes import program
from bot.processes.program import Command
from tests.builds import budgets

PATH = "/usr/local/bin:/usr/bin:/bin"
SHELLS = {"dash": "dash", "bash": "bash --posix"}
"""Busybox's shell is tried in a container, with its own programs."""
Recipe = Callable[[str, Callable[[Call], Answer]], Awaitable[tuple[int, str]]]


def furnish(folder: Path, shell: str) -> str:
    """Put the scripts into *folder* as into a container; return how to start."""
    (folder / "workspace").mkdir()
    (folder / "sh").write_text(f'#!/bin/sh\nexec {shell} "$@"\n')
    (folder / "sh").chmod(0o755)
    with tarfile.open(fileobj=io.BytesIO(shim.furniture())) as tar:
        tar.extractall(folder, filter="fully_trusted")  # noqa: S202 - our own
    for path in (folder / ".multiarch/start", folder / ".multiarch/bin/docker"):
        text = path.read_text().replace("/.multiarch", f"{folder}/.multiarch")
        text = text.replace("cd /workspace", f"cd {folder}/workspace")
        path.write_text(text.replace("#!/bin/sh", f"#!{folder}/sh"))
    return f"{folder}/.multiarch/start"


@pytest.fixture(params=SHELLS)
def recipe(request: pytest.FixtureRequest, tmp_path: Path) -> Recipe:
    """Give what runs a command as a recipe and has its calls answered."""
    if shutil.which(request.param, path=PATH) is None:
        pytest.skip(f"{request.param} is not installed")
    start = furnish(tmp_path, SHELLS[request.param])

    async def run(script: str, respond: Callable[[Call], Answer]) -> tuple[int, str]:
        answers: asyncio.Queue[bytes] = asyncio.Queue()
        out: list[bytes] = []

        async def attend(call: Call) -> None:
            answers.put_nowait(desk.word(call.name, respond(call)))

        hearing = Hearing(attend, budgets.made())
        command = Command((start, script), {"PATH": PATH, "KEEP": "a b"}, 30.0)
        ended = await hearing.attend_while(
            program.run(command, out.append, hearing.hear, answers.get)
        )
        return ended.code, b"".join(out).decode()

    return run


async def test_a_call_arrives_as_it_was_made(recipe: Recipe, tmp_path: Path) -> None:
    """Its words, its directory, its environment, and where its outputs go."""
    heard: list[Call] = []

    def respond(call: Call) -> Answer:
        heard.append(call)
        return Answer(0)

    script = "mkdir sub; cd sub; MORE=1 docker build '' 'a  b' \"$(printf 'c\\nd')\""
    ended = await recipe(f"{script} 2>/dev/null", respond)
    (call,) = heard

    assert ended == (0, "")
    assert call.asked.words == ("build", "", "a  b", "c\nd")
    assert call.asked.directory == f"{tmp_path}/workspace/sub"
    assert (call.asked.environment["KEEP"], call.asked.environment["MORE"]) == (
        "a b",
        "1",
    )
    assert (call.live, call.has_input) == (frozenset({"out"}), False)


async def test_an_answer_is_printed_byte_for_byte(
    recipe: Recipe, tmp_path: Path
) -> None:
    """Programs print what they like, to both outputs, and end as they like."""
    answer = Answer(7, bytes(range(256)) * 3 + b"$(id) %s", b"-n \n")
    ended = await recipe("docker run x >out 2>err", lambda _: answer)
    printed = [(tmp_path / "workspace" / name).read_bytes() for name in ("out", "err")]

    assert (ended, printed) == ((7, ""), [answer.out, answer.err])
    assert not list((tmp_path / ".multiarch/calls").iterdir())


async def test_what_was_shown_is_not_printed_again(recipe: Recipe) -> None:
    """The log of the build would have it twice."""
    answer = Answer(0, b"shown", b"new", frozenset({"out"}))

    assert await recipe("docker build .", lambda _: answer) == (0, "new")


async def test_calls_at_once_get_their_own_answers(recipe: Recipe) -> None:
    """``make -j`` calls docker several times at once."""
    script = """
        for n in 1 2 3 4; do docker images $n >$n & done; wait
        docker version
        cat 1 2 3 4
    """
    said = await recipe(script, lambda call: Answer(0, call.asked.words[-1].encode()))

    assert said == (0, "version1234")


async def test_the_commands_end_is_the_containers(recipe: Recipe) -> None:
    """Whoever listens beside the command must not hold it up or hide its status."""
    script = "echo words >&2; read line || echo nothing to read; exit 9"

    assert await recipe(script, lambda _: Answer(0)) == (
        9,
        "words\nnothing to read\n",
    )
