"""The App at work in a process of its own, on a stand-in for GitHub."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession

from bot.jobs.enqueueing import Outbox
from tests.stories.command import ROOT
from tests.stories.people import Author
from tests.world.github import stand_in
from tests.world.github.entities import CheckRun
from tests.world.github.openapi import Judge
from tests.world.github.stand_in import StandIn
from tests.world.places import LOOPBACK, free_port
from tests.world.processes import DIE_WITH_STARTER
from tests.world.surroundings import surroundings

EVENTS = ("push", "pull_request", "issue_comment", "check_run")
PATIENCE = 900.0
"""Seconds after which something is wrong, however busy the machine is."""


async def until(claim: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until *claim* holds, or fail saying *what* did not happen."""
    end = time.monotonic() + PATIENCE
    while not await claim():
        assert time.monotonic() < end, f"never happened: {what}"
        await asyncio.sleep(0.1)


@dataclass(slots=True)
class Bot:
    """``multiarch serve --work``, which can be killed and started again."""

    url: str
    database: str
    folder: Path
    settings: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Return what it has logged, over all its lives."""
        file = self.folder / "bot.log"
        return file.read_text(errors="replace") if file.exists() else ""

    async def start(self) -> None:
        """Start it and wait until it takes webhooks."""
        self._launch()
        await until(self._is_ready, "the bot is ready")

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None:
            self.process.kill()
            await asyncio.to_thread(self.process.wait)

    async def jobs(self) -> list[str]:
        """Return the ids of all jobs that there ever were."""
        outbox = await asyncio.to_thread(Outbox.open, self.database)
        try:
            known = await outbox.client.list_workflows_async(
                load_input=False, load_output=False
            )
            return sorted(one.workflow_id for one in known)
        finally:
            outbox.close()

    async def is_idle(self) -> bool:
        """Tell whether no job waits or is being done."""
        answer = await self._ask()
        idle = {"waiting": 0, "running": 0}
        return isinstance(answer, dict) and answer.get("jobs") == idle

    def _launch(self) -> None:
        command = (sys.executable, "-m", "bot", "serve", "--work")
        with (self.folder / "bot.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                (*DIE_WITH_STARTER, *command),
                cwd=ROOT,
                env=surroundings(**self.settings),
                stdout=log,
                stderr=log,
            )

    async def _is_ready(self) -> bool:
        return bool(await self._ask())

    async def _ask(self) -> object:
        assert self.process is not None
        assert self.process.poll() is None, self.log[-5000:]
        with suppress(ClientError):
            async with (
                ClientSession() as session,
                session.get(f"{self.url}/ready") as answer,
            ):
                told: object = await answer.json() if answer.ok else None
                return told
        return None


@dataclass(frozen=True, slots=True)
class Town:
    """A GitHub, the bot that is installed on it, and its people."""

    github: StandIn
    bot: Bot
    folder: Path

    def author(self, login: str = "maria") -> Author:
        """Return somebody who pushes."""
        return Author(self.github, login, self.folder / "people")

    async def rest(self) -> None:
        """Wait until every webhook has been heard and every job is done."""
        await until(self._rests, "the bot has nothing left to do")

    async def _rests(self) -> bool:
        count = len(self.github.deliveries)
        await self.github.settle()
        return await self.bot.is_idle() and count == len(self.github.deliveries)

    def asked(self, name: str) -> list[str]:
        """Return what the bot asked GitHub about a repository, as ``VERB /path``."""
        home = f"/repos/{name}"
        return [
            f"{seen.method} {seen.path.removeprefix(home)}"
            for seen in self.github.calls()
            if seen.actor.startswith("installation:") and seen.path.startswith(home)
        ]

    def checks(self, name: str) -> list[tuple[str | None, str | None]]:
        """Return title and conclusion of each check run, oldest first."""
        runs = self.github.check_runs(name)
        assert {run.status for run in runs} <= {"completed"}
        return [(run.title, run.conclusion) for run in runs]

    def check(self, name: str, head: str) -> CheckRun:
        """Return the one check run of a commit."""
        runs = self.github.check_runs(name)
        (run,) = [run for run in runs if run.suite.head_sha == head]
        return run

    async def tree(self, name: str, branch: str) -> dict[str, str]:
        """Return every file at the head of a branch but the first page of text."""
        git = self.github.repository(name).git
        listed = await git.run("ls-tree", "-r", "--name-only", f"refs/heads/{branch}")
        paths = listed.decode().splitlines()
        return {path: await self.github.read(name, path, branch) for path in paths}


@asynccontextmanager
async def found(
    folder: Path, settings: Mapping[str, str], database: str = ""
) -> AsyncIterator[Town]:
    """Found a town: every exchange in it is held against GitHub's description."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    async with stand_in.start(folder / "github", Judge()) as github:
        app = github.app(events=EVENTS, webhook_url=f"{url}/webhook")
        await github.install(app, "calico")
        temporary = folder / "temporary"
        temporary.mkdir()
        chosen = {
            "HOST": LOOPBACK,
            "PORT": str(port),
            "TMPDIR": str(temporary),
            "MULTIARCH_APP_ID": str(app.id),
            "MULTIARCH_PRIVATE_KEY": app.key,
            "MULTIARCH_WEBHOOK_SECRET": app.secret,
            "MULTIARCH_GITHUB_URL": github.url,
            "MULTIARCH_HOME": str(folder / "home"),
            "MULTIARCH_DATABASE_URL": database or f"sqlite:///{folder}/jobs.sqlite",
            **settings,
        }
        bot = Bot(url, chosen["MULTIARCH_DATABASE_URL"], folder, chosen)
        try:
            await bot.start()
            yield Town(github, bot, folder)
        finally:
            await bot.kill()
