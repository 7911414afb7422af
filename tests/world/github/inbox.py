"""A webhook receiver that keeps what it got, for tests of the sender."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from aiohttp import web

from tests.world.github.answers import Json


@dataclass(frozen=True, slots=True)
class Letter:
    """One webhook as it arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        """What happened."""
        return self.headers["X-GitHub-Event"]

    @property
    def payload(self) -> Json:
        """The JSON that was sent."""
        told: Json = json.loads(self.body)
        return told


@dataclass(slots=True)
class Inbox:
    """Everything that arrived at *url*, answered with *status*."""

    url: str = ""
    status: int = 202
    letters: list[Letter] = field(default_factory=list)

    def of(self, event: str) -> list[Json]:
        """Return the payloads of one kind of event."""
        return [letter.payload for letter in self.letters if letter.event == event]

    async def take(self, request: web.Request) -> web.Response:
        """Keep one webhook."""
        self.letters.append(Letter(dict(request.headers), await request.read()))
        return web.Response(status=self.status, text="taken")


@contextlib.asynccontextmanager
async def receive() -> AsyncIterator[Inbox]:
    """Listen on loopback until the block ends."""
    inbox = Inbox()
    application = web.Application(client_max_size=32 * 1024 * 1024)
    application.router.add_post("/", inbox.take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    inbox.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield inbox
    finally:
        await runner.cleanup()
