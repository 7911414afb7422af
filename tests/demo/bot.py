"""The bot as its own process, as an operator runs it."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession

from bot.trial import OUTPUT
from tests.demo.engine import Stage
from tests.demo.telling import say
from tests.world.github.stand_in import StandIn
from tests.world.places import LOOPBACK, free_port
from tests.world.surroundings import surroundings

_EVENT = re.compile(r"[\d-]+ [\d:,]+ (?P<level>[A-Z]+) [\w.]+: (?P<words>.*)")
_WORK = re.compile(r".* bot\.pipeline\.office: \w+~(?P<name>[^~]+)~\S*: (?P<words>.*)")
_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]+")
_WIDEST = 150
"""Characters of a line that are shown."""
_STEP = re.compile(
    r"""
    \s*\|\s(?:
        Step\s\d+/\d+\s:            # the classic builder names a step
        | \#\d+\s\[[^\]]*\d/\d+\]   # BuildKit does
        | make:                     # and make tells where it failed
    ).*
    """,
    re.VERBOSE,
)
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 30.0


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot."""

    process: asyncio.subprocess.Process
    url: str

    def check(self) -> None:
        """Raise where the bot has ended, which it should not."""
        if self.process.returncode is not None:
            raise RuntimeError(f"the bot ended with {self.process.returncode}")


@asynccontextmanager
async def running(
    github: StandIn, stage: Stage, place: Path, owner: str
) -> AsyncIterator[Bot]:
    """Install the App on *owner* and run the bot until the block ends."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    app = github.app(webhook_url=f"{url}/webhook")
    await github.install(app, owner)
    settings = {
        "MULTIARCH_APP_ID": str(app.id),
        "MULTIARCH_PRIVATE_KEY": app.key,
        "MULTIARCH_WEBHOOK_SECRET": app.secret,
        "MULTIARCH_GITHUB_URL": github.url,
        "MULTIARCH_HOME": str(place / "bot"),
        "MULTIARCH_RUNNERS": ",".join(stage.runners),
        "HOST": LOOPBACK,
        "PORT": str(port),
        **stage.settings,
    }
    process = await _start(settings)
    teller = asyncio.create_task(_tell(process))
    try:
        await _answering(process, url)
        yield Bot(process, url)
    finally:
        await _stop(process)
        await teller


async def _start(settings: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve", "--work"),
        env=surroundings(**settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=1 << 20,
    )


async def _tell(process: asyncio.subprocess.Process) -> None:
    """Show what the bot says about its work: its log, made readable."""
    steps: set[str] = set()
    if process.stdout is None:
        return
    async for raw in process.stdout:
        line = raw.decode(errors="replace").rstrip()
        work = _WORK.fullmatch(line)
        event = _EVENT.fullmatch(line)
        if work and _is_news(work["words"], steps):
            say(_short(work["words"]), who=work["name"])
        elif event and not work and event["level"] != "INFO":
            say(f"{event['level'].lower()}: {event['words']}", who="bot")
        elif not event:
            say(line, who="bot")


def _is_news(words: str, steps: set[str]) -> bool:
    """Tell whether to show a line: what the loop says, and each step once."""
    if not words.startswith(OUTPUT):
        steps.clear()
        return True
    known = words in steps
    steps.add(words)
    return bool(_STEP.match(words)) and not known


def _short(words: str) -> str:
    words = _DIGEST.sub(r"\1…", words)
    return words if len(words) <= _WIDEST else f"{words[:_WIDEST]}…"


async def _answering(process: asyncio.subprocess.Process, url: str) -> None:
    async with asyncio.timeout(SECONDS_TO_START), ClientSession() as session:
        while process.returncode is None:
            with suppress(ClientError):
                async with session.get(f"{url}/ready") as answer:
                    if answer.ok:
                        return
            await asyncio.sleep(0.1)
    raise RuntimeError(f"the bot ended with {process.returncode}")


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), SECONDS_TO_STOP)
    except TimeoutError:
        process.kill()
        await process.wait()
