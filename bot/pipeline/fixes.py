"""``/multiarch fix``: prove what is there now, and land the proven fix on it."""

from __future__ import annotations

from bot.desk import Desk
from bot.errors import UserError
from bot.job import Fixing
from bot.pipeline.conversations import say
from bot.pipeline.proofs import Proven, offer, work
from bot.pipeline.reviews import post
from bot.publishing import PullRequestRef
from bot.report import pull_request, reply, review_of_fix
from bot.report.reply import Landed


async def fixing(desk: Desk, task: Fixing) -> None:
    """Do what was asked for and tell the story in the reply."""
    try:
        told = await _fix(desk, task)
    except UserError as error:
        told = reply.mistaken(error)
    await say(desk, task.number, task.reply, told)


async def _fix(desk: Desk, task: Fixing) -> str:
    if not desk.runners:
        raise UserError(
            "No runner is set up, so nothing can be built and no fix can be proven. "
            "Whoever runs Multiarch adds one with MULTIARCH_RUNNERS."
        )
    if task.on_pull_request:
        return await _on_pull_request(desk, task)
    return await _on_default_branch(desk)


async def _on_pull_request(desk: Desk, task: Fixing) -> str:
    pull = await _open(desk, task.number)
    if pull.fork and pull.head != task.head:
        raise UserError(
            "New commits were pushed to this pull request after `/multiarch fix` was "
            "said, and a fork's code is built only when somebody with write access "
            "has seen it. Look at the commits and say `/multiarch fix` again."
        )
    desk = desk if pull.fork else desk.of_own_code()
    proven = await work(desk, pull.head)
    if (await _open(desk, pull.number)).head != pull.head:
        return reply.moved(pull.branch)
    if pull.fork:
        return await _suggest(desk, pull, proven)
    return await _commit(desk, pull, proven)


async def _open(desk: Desk, number: int) -> PullRequestRef:
    """Return the pull request; it may be closed before a proof, or during one."""
    pull = await desk.checkpoint(
        "read the pull request", lambda: desk.repository.pull_request(number)
    )
    if not pull.open:
        raise UserError(
            "This pull request is closed, so a fix would reach nobody. "
            "Reopen it and say `/multiarch fix` again."
        )
    return pull


async def _commit(desk: Desk, pull: PullRequestRef, proven: Proven) -> str:
    """Put the fix on the branch, unless somebody else has pushed to it."""
    commit, story = proven.commit, proven.result.story
    if commit is None:
        return reply.fixed(story, None)
    try:
        made = await desk.checkpoint(
            "commit", lambda: desk.publisher.commit(pull.branch, pull.head, commit)
        )
    except UserError as error:
        return reply.hindered(story, error)
    if made is None:
        return reply.moved(pull.branch)
    return reply.fixed(story, Landed(pull.branch, made))


async def _suggest(desk: Desk, pull: PullRequestRef, proven: Proven) -> str:
    """Suggest the fix on the lines of a fork's pull request."""
    commit, story = proven.commit, proven.result.story
    if commit is None:
        return reply.fixed(story, None)
    count = await post(
        desk,
        pull.number,
        pull.head,
        lambda diff: review_of_fix.render(proven.before, commit.sources, diff),
    )
    return reply.fixed(story, Landed(pull.branch, suggestions=count))


async def _on_default_branch(desk: Desk) -> str:
    base = await desk.checkpoint(
        "ask for the default branch", desk.repository.default_branch
    )
    head = await desk.checkpoint(
        "read its head", lambda: desk.repository.branch_head(base)
    )
    if head is None:
        raise UserError(
            "The default branch holds no commit yet, so there is nothing to build. "
            "Push something and say `/multiarch fix` again."
        )
    proven = await work(desk.of_own_code(), head)
    try:
        opened = await offer(desk, base, proven)
    except UserError as error:
        return reply.hindered(proven.result.story, error)
    if opened is None:
        return reply.fixed(proven.result.story, None)
    landed = Landed(pull_request.branch(base), opened.head)
    told = reply.fixed(proven.result.story, landed)
    return f"{told}\n\nThe pull request is #{opened.number}."
