"""The container in which a recipe's own command runs, on the runner.

It gets a copy of the project in a volume, limits, no privileges and no Docker
socket. What it asks of ``docker`` is handed to a listener.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docker import APIClient
from docker.errors import APIError, NotFound

from bot.builds import archive, desk, shim, starting
from bot.builds.budget import Budget
from bot.builds.calls import WORKSPACE
from bot.builds.confinement import host_config
from bot.builds.desk import Answer
from bot.builds.gate import Gate
from bot.builds.hearing import Hearing, Listener
from bot.builds.inspection import inspect
from bot.builds.shim import CALLS
from bot.builds.transcript import Lines
from bot.builds.words import CallError
from bot.builds.workplace import Workplace
from bot.processes import program
from bot.processes.program import Ended

_SPENT = "What the command hands to the runner in one run"
_REMEDY = (
    "List what the images do not need in .dockerignore, build from smaller "
    "directories, or build less at once."
)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A container that has been furnished, and its workspace's volume."""

    place: Workplace
    name: str
    volume: str
    budget: Budget
    replies: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    gate: Gate = field(default_factory=Gate)

    async def run(self, listener: Listener) -> int:
        """Run the command; call *listener* with each docker call it makes."""
        transcript, limits = self.place.transcript, self.place.limits
        lines, hearing = Lines(transcript), Hearing(listener, self.budget)
        command = self.place.command("start", "--attach", "--interactive", self.name)

        async def show(chunk: bytes) -> None:
            self.budget.spend(size=len(chunk))
            await lines.hear(chunk)

        def begin() -> Coroutine[None, None, Ended]:
            return program.run(command, show, hearing.hear, self.replies.get)

        try:
            ended = await hearing.attend_while(
                starting.run(self.place.engine, self.gate, self.name, begin)
            )
            await lines.hear(hearing.text().encode())
        finally:
            await lines.finish()
        if ended.timed_out:
            transcript.add(f"stopped: it took longer than {limits.seconds:.0f} s")
        return ended.code or int(ended.timed_out)

    async def reply(self, call: str, answer: Answer) -> None:
        """Let the script of *call* print *answer* and end."""
        if not desk.fits(answer):
            await self.give(f"{CALLS}/{call}", desk.tarred(answer.unsaid()))
            answer = Answer(answer.code)
        self.replies.put_nowait(desk.word(call, answer))

    async def fetch(self, path: str, folder: Path) -> tuple[str, ...]:
        """Copy *path* of the container into *folder*; return its files."""

        def work(client: APIClient) -> tuple[str, ...]:
            chunks, _ = client.get_archive(self.name, path)
            with contextlib.closing(chunks):
                return archive.unpack(chunks, folder, self.budget)

        try:
            return await self.place.engine.call(work, self.place.limits.transfer)
        except NotFound:
            raise CallError(f"path {path.removesuffix('/.')} not found") from None

    async def give(self, path: str, content: bytes) -> None:
        """Unpack the tar *content* in the directory *path* of the container."""
        with contextlib.suppress(APIError):  # it may be gone already
            await self.place.engine.call(
                lambda client: client.put_archive(self.name, path, content)
            )


async def open_sandbox(
    place: Workplace,
    tree: Path,
    image: str,
    command: str,
    environment: Mapping[str, str],
) -> Sandbox:
    """Create the container for *command* in *image* with a copy of *tree*."""
    budget = Budget(place.limits.allowance(), _SPENT, _REMEDY)
    name, volume = place.mark.name("recipe"), place.mark.name("workspace")
    sandbox = Sandbox(place, name, volume, budget)

    def create(client: APIClient) -> None:
        details = inspect(client, image)
        labels = place.mark.labels()
        client.create_volume(sandbox.volume, labels=labels)
        client.create_container(
            image,
            command=[f"{shim.HOME}/start", command],
            entrypoint=["/bin/sh"],
            working_dir=WORKSPACE,
            user="0",
            stdin_open=True,
            environment={"PATH": details.path if details else "", **environment},
            host_config=host_config(
                client, place.limits, (f"{sandbox.volume}:{WORKSPACE}",)
            ),
            name=sandbox.name,
            labels=labels,
        )

    def fill(client: APIClient) -> None:
        inner = WORKSPACE.lstrip("/")
        with archive.pack(tree, inner, shim.furniture()) as spool:
            client.put_archive(sandbox.name, "/", spool)

    await place.engine.call(create)
    await place.engine.call(fill, place.limits.transfer)
    return sandbox
