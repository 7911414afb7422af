"""Send signed webhooks, one after another, and remember how each was answered."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.world.github.answers import Json
from tests.world.github.entities import App
from tests.world.github.state import State

PATIENCE = 10.0
"""Seconds that GitHub waits for an answer."""

Inspect = Callable[[str, Json], None]


@dataclass(slots=True, eq=False, repr=False)
class Delivery:
    """One webhook that was sent, and its fate."""

    id: int
    guid: str
    app: App
    event: str
    payload: Json
    redelivery: bool = False
    delivered_at: str = ""
    duration: float = 0.0
    status: str = "pending"
    status_code: int = 0
    request_headers: dict[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)
    response: str = ""

    @property
    def action(self) -> str | None:
        """The event's action, where it has one."""
        return self.payload.get("action")


@dataclass(slots=True, eq=False, repr=False)
class Outbox:
    """The webhooks of one stand-in, in the order they were sent."""

    state: State
    session: ClientSession
    deliveries: list[Delivery] = field(default_factory=list)
    inspect: Inspect = lambda event, payload: None
    _queue: asyncio.Queue[Delivery] = field(default_factory=asyncio.Queue)

    def send(self, app: App, event: str, payload: Json) -> Delivery:
        """Queue one webhook for *app*."""
        self.inspect(event, payload)
        guid = str(uuid.uuid4())
        delivery = Delivery(self.state.new_id(), guid, app, event, payload)
        return self._enqueue(delivery)

    def again(self, old: Delivery) -> Delivery:
        """Queue another attempt of *old*, under the same GUID."""
        number = self.state.new_id()
        delivery = Delivery(number, old.guid, old.app, old.event, old.payload, True)
        return self._enqueue(delivery)

    async def settle(self) -> None:
        """Wait until every webhook has been answered."""
        await self._queue.join()

    async def run(self) -> None:
        """Send what is queued until cancelled."""
        while True:
            delivery = await self._queue.get()
            try:
                await self._deliver(delivery)
            finally:
                self._queue.task_done()

    def _enqueue(self, delivery: Delivery) -> Delivery:
        self.deliveries.append(delivery)
        self._queue.put_nowait(delivery)
        return delivery

    async def _deliver(self, delivery: Delivery) -> None:
        body = json.dumps(delivery.payload, separators=(",", ":")).encode()
        delivery.request_headers = _headers(delivery, body)
        delivery.delivered_at = self.state.now()
        start = time.monotonic()
        try:
            await self._post(delivery, body)
        except TimeoutError:
            delivery.status = "timed out"
        except (ClientError, OSError, ValueError):
            delivery.status = "failed to connect to host"
        delivery.duration = round(time.monotonic() - start, 2)

    async def _post(self, delivery: Delivery, body: bytes) -> None:
        async with self.session.post(
            delivery.app.webhook_url,
            data=body,
            headers=delivery.request_headers,
            timeout=ClientTimeout(total=PATIENCE),
            allow_redirects=False,
        ) as response:
            delivery.response = await response.text(errors="replace")
            delivery.response_headers = dict(response.headers)
            delivery.status_code = response.status
            delivery.status = response.reason or ""
            if response.status < 400:
                delivery.status = "OK"


def sign(secret: str, body: bytes, digest: str = "sha256") -> str:
    """Return the signature header's value for *body*."""
    return f"{digest}={hmac.new(secret.encode(), body, digest).hexdigest()}"


def _headers(delivery: Delivery, body: bytes) -> dict[str, str]:
    app = delivery.app
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": f"GitHub-Hookshot/{hashlib.sha256(b'').hexdigest()[:7]}",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature": sign(app.secret, body, "sha1"),
        "X-Hub-Signature-256": sign(app.secret, body),
    }
