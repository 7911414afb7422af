"""``/multiarch fix``: prove what is there now, and land the proven fix on it."""

from __future__ import annotations

from bot.desk import Desk
from bot.errors import UserError
from bot.job import Fixing
from bot.pipeline import domains, forks
from bot.pipeline.conversations import say
from bot.pipeline.proofs import Proven, offer, work
from bot.pipeline.reviews import post
from bot.publishing import PullRequestRef
from bot.report import pull_request, reply, review_of_fix
from bot.report.reply import Landed, Seen


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
    if pull.fork:
        return await _of_fork(desk, pull, task.head)
    desk = desk.of_own_code()
    proven = await work(desk, pull.head, domains.of_repository(desk))
    if (await _open(desk, pull.number)).head != pull.head:
        return reply.moved(pull.branch)
    return await _commit(desk, pull, proven)


async def _of_fork(desk: Desk, pull: PullRequestRef, head: str) -> str:
    """Prove the commit that somebody with write access has seen, and no other.

    How it is built, the base branch says: its configuration takes the place of
    the fork's.
    """
    text = await forks.base_configuration(desk, pull)
    domain = domains.of_fork(desk, pull.home)
    proven = await work(desk, head, domain, lambda tree: forks.configure(tree, text))
    now = await _open(desk, pull.number)
    return await _suggest(desk, now, proven)


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
    seen = Seen(proven.head, moved=pull.head != proven.head)
    if commit is None or seen.moved:
        return reply.fixed(story, None, seen)
    count = await post(
        desk,
        pull.number,
        proven.head,
        lambda diff: review_of_fix.render(proven.before, commit.sources, diff),
    )
    return reply.fixed(story, Landed(pull.branch, suggestions=count), seen)


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
    desk = desk.of_own_code()
    proven = await work(desk, head, domains.of_repository(desk))
    try:
        opened = await offer(desk, base, proven)
    except UserError as error:
        return reply.hindered(proven.result.story, error)
    if opened is None:
        return reply.fixed(proven.result.story, None)
    landed = Landed(pull_request.branch(base), opened.head)
    told = reply.fixed(proven.result.story, landed)
    return f"{told}\n\nThe pull request is #{opened.number}."
