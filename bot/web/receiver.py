"""The webhook endpoint: check who sends, queue, and answer within milliseconds.

It asks GitHub nothing; whatever takes longer is a job.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs

from aiohttp import web
from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.desk import Context, Jobs, QueueDownError
from bot.events import PayloadError
from bot.web.announcement import Announcement, announced, unsigned
from bot.web.freshness import Fresh
from bot.web.intake import Intake
from bot.web.readiness import PAUSE, Readiness, State

LOG = logging.getLogger(__name__)

_FIELDS = 8
"""Fields that a form may have; GitHub's has one."""


class Queue(Jobs, State, Protocol):
    """Where jobs go, and how many are in it."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """What the endpoint needs: where jobs go, who decides, what proves a sender."""

    queue: Queue
    router: Router
    secret: str
    intake: Intake = field(default_factory=Intake)
    clock: Callable[[], float] = time.time

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one webhook, after what it asks for is durable."""
        said = announced(request.headers, request.content_length)
        event = self._event(said, await self.intake.body(request.content))
        found = self.router.fetch(event)
        if not found:
            return web.Response(status=204)
        now = int(self.clock())
        context = Context(Fresh(self.queue, now), now)
        try:
            for callback in found:
                await callback(event, context)
        except PayloadError as error:
            raise web.HTTPBadRequest(text=f"{error}\n") from error
        except QueueDownError as error:
            LOG.exception("delivery %s is lost", said.delivery)
            # GitHub shows a failed delivery, which can be sent once more.
            words = "The database does not answer; deliver it again later.\n"
            raise web.HTTPServiceUnavailable(text=words) from error
        name, known = said.delivery, event.delivery_id
        LOG.info("delivery %s: %s accepted as %s", name, said.event, known)
        return web.Response(status=202)

    async def health(self, request: web.Request) -> web.Response:
        """Tell that the process lives."""
        return web.json_response({"status": "live"})

    def _event(self, said: Announcement, pieces: Sequence[bytes]) -> Event:
        """Return what was sent, under a name that the sender cannot choose.

        GitHub's own name of a delivery is not signed: whoever has seen one body
        could send it again under a thousand names. So it is named after its
        signature, of which the name gives nothing away.
        """
        code = hmac.new(self.secret.encode(), digestmod="sha256")
        for piece in pieces:
            code.update(piece)
        signature = code.digest()
        if not hmac.compare_digest(said.signature, signature):
            raise unsigned()
        name = hashlib.sha256(signature).hexdigest()[:32]
        return Event(_payload(said, pieces), event=said.event, delivery_id=name)


def application(receiver: Receiver, pause: float = PAUSE) -> web.Application:
    """Return the web application, which asks for its state each *pause* seconds."""
    made = web.Application()
    made.router.add_post("/webhook", receiver.receive)
    made.router.add_post("/", receiver.receive)
    made.router.add_get("/health", receiver.health)
    made.router.add_get("/ready", Readiness(receiver.queue, pause).answer)
    return made


def _payload(said: Announcement, pieces: Sequence[bytes]) -> Mapping[str, Any]:
    try:
        text = b"".join(pieces).decode()
        if said.is_form:
            text = parse_qs(text, max_num_fields=_FIELDS)["payload"][0]
        data = json.loads(text)
    except (ValueError, LookupError, RecursionError) as error:
        raise web.HTTPBadRequest(text="The body is not JSON.\n") from error
    if not isinstance(data, dict):
        raise web.HTTPBadRequest(text="The body is not a JSON object.\n")
    if not isinstance(data.get("action", ""), str):
        raise web.HTTPBadRequest(text="payload.action is not a string.\n")
    return data
