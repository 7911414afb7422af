"""``/multiarch fix``: repair, build, prove, and commit the proven fix."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.command import Command, Invocation, Permission, UsageError
from bot.desk import Desk
from bot.errors import UserError
from bot.events import Comment
from bot.job import Conversation, Fixing, single_key
from bot.pipeline import forks
from bot.pipeline.conversations import marker

_COMMIT = re.compile(r"[0-9a-fA-F]{7,40}")


@dataclass(frozen=True, slots=True)
class Request:
    """Fix everything that can be proven, on *commit* if one is named."""

    commit: str = ""


def parse(words: tuple[str, ...]) -> Request:
    """Read the words after ``fix``: none, or a commit."""
    match words:
        case ():
            return Request()
        case (commit,) if _COMMIT.fullmatch(commit):
            return Request(commit.lower())
    raise UsageError(
        "`fix` takes one further word at most, a commit of this pull request with 7 "
        "to 40 digits: it repairs whatever it can prove. Say `/multiarch fix`, or "
        "`/multiarch fix abc1234`."
    )


async def run(request: Request, desk: Desk) -> str:
    """Have the fix proven in a job that may take its time; it replies itself."""
    asked = desk.job.task
    if not isinstance(asked, Conversation):
        raise TypeError("a command is part of a conversation")
    comment = asked.comment
    head = await _head(request, comment, desk)
    words = (request.commit,) if request.commit else ()
    task = Fixing(
        comment.place,
        comment.number,
        comment.on_pull_request,
        marker(comment, Invocation(COMMAND.name, words)),
        head,
    )
    name = ".".join((str(comment.ref.id), *words))
    key = single_key(comment.place.repository, "fix", name)
    await desk.follow(desk.job.then("fix", task, key=key))
    return ""


async def _head(request: Request, comment: Comment, desk: Desk) -> str:
    """Return the commit that is asked for, as far as it matters.

    Who can push to the repository itself may write to it anyway.
    """
    if not comment.on_pull_request:
        _refuse(request, "this is an issue, and its fix starts from the newest commit")
        return ""
    pull = await desk.checkpoint(
        "read what is asked for", lambda: desk.repository.pull_request(comment.number)
    )
    if pull.fork:
        return await forks.head_for(desk, comment, pull, request.commit)
    if not pull.head.startswith(request.commit):
        _refuse(request, "it is not the newest one, and a fix goes on top of that")
    return pull.head


def _refuse(request: Request, why: str) -> None:
    if request.commit:
        raise UserError(
            f"The commit `{request.commit}` cannot be fixed here: {why}. Say "
            "`/multiarch fix`."
        )


COMMAND = Command(
    name="fix",
    usage="/multiarch fix [COMMIT]",
    summary="Repair what keeps the project from arm64, prove it by building, and "
    "commit the fix to the branch of this pull request; a fork gets it as "
    "suggestions on the commit that was seen, an issue as a pull request.",
    needs=Permission.WRITE,
    parse=parse,
    run=run,
)
