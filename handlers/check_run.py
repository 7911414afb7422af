"""Somebody asked for our check run again, or used one of its buttons."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.desk import Context
from bot.events import CheckRequest
from bot.job import Job, single_key

router = Router()


@router.register("check_run", action="rerequested")
@router.register("check_run", action="requested_action")
async def repeat(event: Event, ctx: Context) -> None:
    """Queue the head of the check run once more."""
    asked = CheckRequest.from_payload(event.data)
    key = single_key(asked.place.repository, "check", event.delivery_id)
    await ctx.jobs.submit(Job(event.delivery_id, key, asked.moment, asked))
