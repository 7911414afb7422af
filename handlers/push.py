"""Somebody pushed to a branch."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.desk import Context
from bot.events import Push
from bot.job import Job, push_key
from bot.kinds import kind_of

router = Router()


@router.register("push")
async def analyse(event: Event, ctx: Context) -> None:
    """Queue the new head, unless the payload shows that no build file changed."""
    push = Push.from_payload(event.data)
    if push is None or push.is_ours:
        return
    told = push.changed is not None and not push.forced
    if told and not any(map(kind_of, push.changed or ())):
        return
    key = push_key(push.place.repository, push.branch)
    await ctx.jobs.submit(Job(event.delivery_id, key, push.moment, push))
