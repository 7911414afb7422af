"""Somebody commented on a line of a pull request."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.desk import Context
from bot.events import Comment
from handlers.issue_comment import converse

router = Router()


@router.register("pull_request_review_comment", action="created")
async def answer(event: Event, ctx: Context) -> None:
    """Queue the commands of a new comment in a review."""
    await converse(Comment.from_review(event.data), event.delivery_id, ctx)
