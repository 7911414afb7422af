"""Somebody asked for our check run again, or used one of its buttons."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.desk import Context
from bot.events import CheckRequest
from bot.job import Job, single_key

router = Router()

_SECONDS = 600
"""How long the same button, pressed again, is the same wish. The payload does not
tell when it was pressed: two presses can be the very same bytes."""


@router.register("check_run", action="rerequested")
@router.register("check_run", action="requested_action")
async def repeat(event: Event, ctx: Context) -> None:
    """Queue the head of the check run once more."""
    asked = CheckRequest.from_payload(event.data)
    name = f"{event.delivery_id}-{ctx.received // _SECONDS}"
    key = single_key(asked.place.repository, "check", name)
    await ctx.jobs.submit(Job(name, key, asked.moment, asked))
