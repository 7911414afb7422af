"""Somebody commented on an issue or a pull request."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.command import find
from bot.desk import Context
from bot.events import Comment
from bot.job import Conversation, Job, comment_key

router = Router()


@router.register("issue_comment", action="created")
async def answer(event: Event, ctx: Context) -> None:
    """Queue the commands of a new comment; edits are not run again."""
    await converse(Comment.from_issue(event.data), event.delivery_id, ctx)


async def converse(comment: Comment, delivery: str, ctx: Context) -> None:
    """Queue what *comment* asks for, if it comes from a person and asks."""
    asked = find(comment.body)
    if comment.by_bot or not asked:
        return
    task = Conversation(comment, asked)
    job = Job(delivery, comment_key(comment), comment.moment, task)
    await ctx.jobs.submit(job)
