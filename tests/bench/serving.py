"""The bot in a process of its own, for as long as a measurement lasts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession

from tests.bench.spending import MULTIARCH
from tests.world.github.entities import App
from tests.world.places import LOOPBACK, free_port
from tests.world.processes import running
from tests.world.surroundings import surroundings

PATIENCE = 20 * 60
"""Seconds after which something is wrong."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that takes webhooks, and a session to speak to it."""

    url: str
    session: ClientSession
    process: int

    def processor(self) -> float:
        """Return the seconds of processor time that it has taken so far."""
        stat = Path(f"/proc/{self.process}/stat").read_text()
        # What comes before the bracket is its name; proc(5) counts from there.
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def rest(self) -> None:
        """Wait until no job waits or is being done."""
        idle = {"waiting": 0, "running": 0}
        async with asyncio.timeout(PATIENCE):
            # Another process: only asking tells.
            while await self.jobs() != idle:  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def jobs(self) -> Mapping[str, int] | None:
        """Return how many jobs there are; None where it does not answer."""
        with suppress(ClientError):
            async with self.session.get(f"{self.url}/ready") as answer:
                if answer.ok:
                    told: Mapping[str, int] = (await answer.json())["jobs"]
                    return told
        return None


def address() -> tuple[str, dict[str, str]]:
    """Return a free address for a bot, and the settings that give it to it."""
    port = free_port()
    return f"http://{LOOPBACK}:{port}", {"HOST": LOOPBACK, "PORT": str(port)}


def identity(app: App) -> dict[str, str]:
    """Return the settings of a bot that is *app*."""
    return {
        "MULTIARCH_APP_ID": str(app.id),
        "MULTIARCH_PRIVATE_KEY": app.key,
        "MULTIARCH_WEBHOOK_SECRET": app.secret,
    }


@asynccontextmanager
async def serving(
    url: str, settings: Mapping[str, str], place: Path, *words: str
) -> AsyncIterator[Bot]:
    """Run ``multiarch serve`` at *url* until the block ends."""
    command = (*MULTIARCH, "serve", *words)
    chosen = surroundings(**{"MULTIARCH_HOME": str(place / "home"), **settings})
    log = place / "bot.log"
    with running(command, log, chosen) as process:
        async with ClientSession() as session, asyncio.timeout(PATIENCE):
            bot = Bot(url, session, process.pid)
            while await bot.jobs() is None:
                if process.poll() is not None:
                    raise RuntimeError(log.read_text(errors="replace")[-3000:])
                await asyncio.sleep(0.1)
            yield bot
