"""A fork's pull request: which commit is built, and with whose configuration."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot import config, heads
from bot.desk import Desk
from bot.events import Comment, PullRequest
from bot.job import pull_request_key
from bot.publishing import PullRequestRef


async def head_for(
    desk: Desk, comment: Comment, pull: PullRequestRef, name: str
) -> str:
    """Return the commit of *pull* that *comment* asks for, or says by *name*."""
    told = await _told(desk, pull.number)
    if not name:
        return heads.seen(told, pull.head, comment.moment)
    commits = await desk.checkpoint(
        "list the commits", lambda: desk.repository.commits(pull.number)
    )
    return heads.named(name, told, commits, comment.moment)


async def base_configuration(desk: Desk, pull: PullRequestRef) -> str | None:
    """Return what the base branch says in its configuration, if it has one."""
    head = await desk.checkpoint(
        "read the base", lambda: desk.repository.branch_head(pull.base)
    )
    if head is None:
        return None
    base = await desk.repository.snapshot(head)
    source = base.sources.get(config.PATH)
    return None if source is None else source.text


def configure(tree: Path, text: str | None) -> None:
    """Let *tree* have the configuration *text*, whatever stands in its place.

    What stands there is a stranger's: a link is removed and never followed.
    """
    file = tree / config.PATH
    folder = file.parent
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        folder.unlink()
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    file.unlink(missing_ok=True)
    if text is not None:
        folder.mkdir(exist_ok=True)
        with file.open("x", encoding="utf-8", newline="") as written:
            written.write(text)


async def _told(desk: Desk, number: int) -> tuple[PullRequest, ...]:
    """Return the heads of a pull request that webhooks told, from our own jobs."""
    key = pull_request_key(desk.job.place.repository, number)
    known = await desk.checkpoint("look up the heads", lambda: desk.past(key))
    own = desk.job.place.id  # another repository may have had the name before
    tasks = (job.task for job in known if job.place.id == own)
    return tuple(task for task in tasks if isinstance(task, PullRequest))
