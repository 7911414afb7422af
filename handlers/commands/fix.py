"""``/multiarch fix``: repair, build, prove, and commit the proven fix."""

from __future__ import annotations

from dataclasses import dataclass

from bot.command import Command, Invocation, Permission, UsageError
from bot.desk import Desk
from bot.job import Conversation, Fixing, single_key
from bot.pipeline.conversations import marker


@dataclass(frozen=True, slots=True)
class Request:
    """Fix everything that can be proven."""


def parse(words: tuple[str, ...]) -> Request:
    """Read the words after ``fix``: there are none."""
    if words:
        raise UsageError(
            "`fix` takes no further words: it repairs whatever it can prove. "
            "Say `/multiarch fix`."
        )
    return Request()


async def run(request: Request, desk: Desk) -> str:
    """Have the fix proven in a job that may take its time; it replies itself."""
    asked = desk.job.task
    if not isinstance(asked, Conversation):
        raise TypeError("a command is part of a conversation")
    comment = asked.comment
    head = await _head(comment.number, desk) if comment.on_pull_request else ""
    task = Fixing(
        comment.place,
        comment.number,
        comment.on_pull_request,
        marker(comment, Invocation(COMMAND.name)),
        head,
    )
    key = single_key(comment.place.repository, "fix", str(comment.ref.id))
    await desk.follow(desk.job.then("fix", task, key=key))
    return ""


async def _head(number: int, desk: Desk) -> str:
    """Return what the pull request shows now, which is what is asked for."""
    pull = await desk.checkpoint(
        "read what is asked for", lambda: desk.repository.pull_request(number)
    )
    return pull.head


COMMAND = Command(
    name="fix",
    usage="/multiarch fix",
    summary="Repair what keeps the project from arm64, prove it by building, and "
    "commit the fix to the branch of this pull request; a fork gets it as "
    "suggestions, an issue as a pull request.",
    needs=Permission.WRITE,
    parse=parse,
    run=run,
)
