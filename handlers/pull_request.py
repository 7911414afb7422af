"""A pull request was opened, reopened, made ready or got new commits."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.desk import Context
from bot.events import PullRequest
from bot.job import Job, pull_request_key

router = Router()


@router.register("pull_request", action="opened")
@router.register("pull_request", action="reopened")
@router.register("pull_request", action="synchronize")
@router.register("pull_request", action="ready_for_review")
async def review(event: Event, ctx: Context) -> None:
    """Queue the review of the new head; drafts wait until they are ready.

    The heads of a fork's draft are kept: somebody may ask for a build of one.
    """
    pull = PullRequest.from_payload(event.data)
    if (pull.draft and not pull.fork) or pull.is_ours:
        return
    key = pull_request_key(pull.place.repository, pull.number)
    await ctx.jobs.submit(Job(event.delivery_id, key, pull.moment, pull))
