"""A worker whose jobs write down what they do: ``python -m tests.jobs.scripted``.

It runs in a process of its own, so that a test can kill it. A job's branch
says what it does; files in the folder open the gates that it waits at.
"""

from __future__ import annotations

import asyncio
import math
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import EngineUnavailableError, UserError
from bot.events import Push
from bot.github_ports import GitHubRefusedError, GitHubUnavailableError
from bot.job import Conversation, Job, Proving, push_key
from bot.jobs.past import past
from bot.jobs.performing import Follow, Patience, Performing
from bot.jobs.worker import Capacity, Identity, Worker
from bot.ports import Checkpoint

STEPS = ("fetch", "scan", "build", "open", "tell")
SEATS = 4


@dataclass(frozen=True, slots=True)
class Scripted:
    """A performer that appends a line to ``log`` for everything it does."""

    folder: Path

    async def perform(self, job: Job, checkpoint: Checkpoint, follow: Follow) -> None:
        """Do the five steps, on the branch ``proved`` in a job that follows.

        A comment is answered in one.
        """
        task = job.task
        if isinstance(task, Conversation):
            await checkpoint("answer", self._step(f"{job.delivery} answered", ""))
            return
        if not isinstance(task, Push | Proving):
            raise TypeError("a scripted job is a push or what follows from it")
        if isinstance(task, Push) and task.branch.startswith("proved"):
            after = Proving(task.place, "gated", task.head, 1)
            await follow(job.then("prove", after))
            return
        if task.branch == "recall":
            key = push_key(task.place.repository, "main")
            known = await checkpoint("recall", lambda: past(key))
            names = " ".join(sorted(job.delivery for job in known))
            self._write(f"{task.head} recalls {names}")
            return
        for name in STEPS:
            await checkpoint(name, self._step(f"{task.head} {name}", task.branch))

    async def postpone(self, job: Job, why: Exception) -> None:
        """Say that the job waits; said twice, it is there once."""
        self._write_once(f"{job.delivery} waits: {why}")

    async def give_up(self, job: Job, why: Exception) -> None:
        """Say that the job is over; said twice, it is there once."""
        task = job.task
        mute = isinstance(task, Push) and task.branch == "mute"
        if mute and not (self.folder / "gate").exists():
            self._write_once(f"{job.delivery} is not heard")
            raise GitHubUnavailableError("GitHub is down")
        self._write_once(f"{job.delivery} gives up: {why}")

    async def supersede(self, job: Job) -> None:
        """Say that a newer job takes the place of *job*, if it had shown itself."""
        if isinstance(job.task, Proving):
            self._write(f"{job.delivery} gives way")

    def _step(self, line: str, branch: str) -> Callable[[], Awaitable[str]]:
        async def step() -> str:
            self._write(line)
            if line.endswith("build"):
                await self._build(line, branch)
            return line

        return step

    async def _build(self, line: str, branch: str) -> None:
        if branch == "down" and not (self.folder / "gate").exists():
            raise EngineUnavailableError("the engine is down")
        if branch == "limited" and not (self.folder / "gate").exists():
            raise GitHubUnavailableError("the rate limit is used up", 3600.0)
        if branch in {"broken", "mute"}:
            raise UserError("it cannot be built")
        if branch == "refused":
            raise GitHubRefusedError("the installation is suspended")
        try:
            gate = self.folder / "gate"
            while branch == "gated" and not gate.exists():  # noqa: ASYNC110 - a file
                await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            self._write(f"{line} stopped")
            raise

    def _write_once(self, line: str) -> None:
        if line not in (self.folder / "log").read_text(encoding="utf-8").splitlines():
            self._write(line)

    def _write(self, line: str) -> None:
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")


async def main(url: str, name: str, folder: Path) -> None:
    """Work until SIGTERM; the file ``NAME.ready`` says that it has begun."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    longest = 10.0 if (folder / "hurried").exists() else math.inf
    patience = Patience(tries=4, first=0.2, most=0.5, longest=longest)
    worker = Worker(
        Identity(name, url), Performing(Scripted(folder), patience), Capacity(SEATS, 1)
    )
    try:
        await worker.start()
    except UserError as error:
        sys.exit(str(error))
    (folder / f"{name}.ready").touch()
    await told.wait()
    await worker.stop(0.2)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
