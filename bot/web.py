"""The webhook endpoint: check who sends, queue, and answer within milliseconds.

It asks GitHub nothing; whatever takes longer is a job.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from gidgethub import BadRequest, ValidationFailure
from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.desk import Context, Jobs, QueueDownError
from bot.events import PayloadError

LOG = logging.getLogger(__name__)

LARGEST = 25 * 1024 * 1024
"""Bytes of the largest payload; GitHub sends none beyond."""
SECONDS = 10.0
"""How long a payload may take to arrive; GitHub waits no longer for an answer."""
_HEADERS = ("content-type", "x-github-event", "x-github-delivery")
_DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}")


class Queue(Jobs, Protocol):
    """Where jobs go, and how many are in it."""

    async def depth(self) -> Mapping[str, int]:
        """Return how many jobs wait and are being done."""
        ...


@dataclass(frozen=True, slots=True)
class Receiver:
    """What the endpoint needs: where jobs go, who decides, what proves a sender."""

    queue: Queue
    router: Router
    secret: str
    patience: float = SECONDS

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one webhook, after what it asks for is durable."""
        try:
            async with asyncio.timeout(self.patience):
                body = await _body(request)
        except TimeoutError as error:
            words = "The body did not arrive in time.\n"
            raise web.HTTPRequestTimeout(text=words) from error
        event = self._event(request.headers, body)
        found = self.router.fetch(event)
        if not found:
            return web.Response(status=204)
        try:
            for callback in found:
                await callback(event, Context(self.queue))
        except PayloadError as error:
            raise web.HTTPBadRequest(text=f"{error}\n") from error
        except QueueDownError as error:
            LOG.exception("delivery %s is lost", event.delivery_id)
            # GitHub shows a failed delivery, which can be sent once more.
            words = "The database does not answer; deliver it again later.\n"
            raise web.HTTPServiceUnavailable(text=words) from error
        LOG.info("delivery %s: %s accepted", event.delivery_id, event.event)
        return web.Response(status=202)

    async def health(self, request: web.Request) -> web.Response:
        """Tell that the process lives."""
        return web.json_response({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """Tell whether a webhook could be taken now, and how many jobs are open."""
        try:
            depth = await self.queue.depth()
        except QueueDownError:
            LOG.exception("the database does not answer")
            answer = {"status": "the database does not answer"}
            return web.json_response(answer, status=503)
        return web.json_response({"status": "ready", "jobs": dict(depth)})

    def _event(self, headers: Mapping[str, str], body: bytes) -> Event:
        lower = {name.lower(): value for name, value in headers.items()}
        self._check(lower.get("x-hub-signature-256", ""), body)
        missing = next((name for name in _HEADERS if name not in lower), None)
        if missing:
            raise web.HTTPBadRequest(text=f"The header {missing} is missing.\n")
        try:
            event = Event.from_http(lower, body, secret=self.secret)
        except ValidationFailure as error:
            raise web.HTTPUnauthorized(text=f"{error}\n") from error
        except (BadRequest, UnicodeDecodeError, LookupError, RecursionError) as error:
            raise web.HTTPBadRequest(text="The body is not JSON.\n") from error
        if not isinstance(event.data, dict):
            raise web.HTTPBadRequest(text="The body is not a JSON object.\n")
        if not isinstance(event.data.get("action", ""), str):
            raise web.HTTPBadRequest(text="payload.action is not a string.\n")
        if not _DELIVERY.fullmatch(event.delivery_id):
            raise web.HTTPBadRequest(text="X-GitHub-Delivery is not an id.\n")
        return event

    def _check(self, signature: str, body: bytes) -> None:
        """Refuse what is not signed with SHA-256; gidgethub would take SHA-1."""
        key = self.secret.encode()
        wanted = "sha256=" + hmac.new(key, body, "sha256").hexdigest()
        given = signature.encode(errors="replace")
        if not hmac.compare_digest(given, wanted.encode()):
            words = "The signature is missing or does not fit the secret.\n"
            raise web.HTTPUnauthorized(text=words)


def application(receiver: Receiver) -> web.Application:
    """Return the web application."""
    made = web.Application()
    made.router.add_post("/webhook", receiver.receive)
    made.router.add_post("/", receiver.receive)
    made.router.add_get("/health", receiver.health)
    made.router.add_get("/ready", receiver.ready)
    return made


async def _body(request: web.Request) -> bytes:
    """Read the body, and never more than is allowed."""
    if (request.content_length or 0) > LARGEST:
        raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
    body = bytearray()
    async for chunk in request.content.iter_any():
        if len(body) + len(chunk) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(LARGEST, len(body) + len(chunk))
        body += chunk
    return bytes(body)
