"""A comment with commands: acknowledge it at once, then answer it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.command import Command, Invocation, Permission, choose
from bot.desk import Desk
from bot.errors import UserError
from bot.events import Comment
from bot.github_ports import GitHubRefusedError
from bot.job import Conversation, talk_key
from bot.publishing import Reaction
from bot.report import reply

HOUR = 3600
ANSWERED = 3
"""Comments of one stranger that are answered within an hour, per conversation."""

Commands = Mapping[str, Command[Any, Desk]]


async def conversation(desk: Desk, task: Conversation, commands: Commands) -> None:
    """Show that the comment was seen, then run each of its commands."""
    comment = task.comment
    asked = await _heard(desk, task)
    if not asked:
        return

    async def seen() -> None:
        # No more than a courtesy: a locked conversation does not take it.
        with suppress(GitHubRefusedError):
            await desk.publisher.react(comment.ref, Reaction.SEEN)

    await desk.checkpoint("react", seen)
    for invocation in asked:
        said = await _answer(desk, comment, invocation, commands)
        if said:
            await say(desk, comment.number, marker(comment, invocation), said)


def marker(comment: Comment, invocation: Invocation) -> str:
    """Return the name of the reply to one command of *comment*."""
    where = "review" if comment.ref.in_review else "comment"
    # Only a digest of the words: they are a stranger's, and hidden in a comment
    # of ours they could end what hides them.
    words = "\0".join((invocation.name, *invocation.words))
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:12]
    return f"reply:{where}:{comment.ref.id}:{digest}"


async def say(desk: Desk, number: int, name: str, body: str) -> None:
    """Reply on issue or pull request *number* in the comment called *name*."""

    async def step() -> None:
        await desk.publisher.comment(number, name, body)

    await desk.checkpoint("reply", step)


async def _heard(desk: Desk, task: Conversation) -> tuple[Invocation, ...]:
    """Return the commands that are answered: of a stranger, one at most.

    Everybody may comment, and each reply is a notification to all who watch.
    """
    often = await _is_often(desk, task.comment)
    if len(task.invocations) == 1 and not often:
        return task.invocations
    if await _may(desk, task.comment, Permission.WRITE):
        return task.invocations
    return () if often else task.invocations[:1]


async def _is_often(desk: Desk, comment: Comment) -> bool:
    """Tell whether the author has said commands here all the time lately."""
    key = talk_key(comment.place.repository, comment.number)
    known = await desk.checkpoint("look up the talk", lambda: desk.past(key))
    talks = (job.task for job in known)
    said = {
        talk.comment.ref
        for talk in talks
        if isinstance(talk, Conversation)
        and talk.comment.author == comment.author
        and 0 <= comment.moment - talk.comment.moment < HOUR
    }
    return len(said - {comment.ref}) >= ANSWERED


async def _answer(
    desk: Desk, comment: Comment, invocation: Invocation, commands: Commands
) -> str:
    try:
        command = choose(invocation, commands)
        if not await _may(desk, comment, command.needs):
            return reply.not_allowed(command.name, command.needs)
        return await command.run(command.parse(invocation.words), desk)
    except UserError as error:
        return reply.mistaken(error)


async def _may(desk: Desk, comment: Comment, needs: Permission) -> bool:
    """Tell whether the author of *comment* may do what *needs* a permission."""
    if needs is Permission.NONE:
        return True
    held = await desk.checkpoint(
        "ask for the permission", lambda: desk.repository.permission(comment.author)
    )
    return held >= needs
