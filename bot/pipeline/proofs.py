"""Prove the head of a branch, and offer what had to be repaired."""

from __future__ import annotations

import asyncio
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot import judging, workspace
from bot.desk import Desk
from bot.domain import Domain
from bot.errors import UserError
from bot.job import Proving
from bot.pipeline import checking, domains
from bot.pipeline.viewing import PLATFORM, judge
from bot.proving import Result, Workshop, prove
from bot.publishing import Commit, PullRequestRef
from bot.recipe import Recipe
from bot.report import check_run, pull_request, story
from bot.snapshot import Snapshot

Prepare = Callable[[Path], None]
"""Changes a tree that was laid out, before anything of it is read."""


def _as_it_is(tree: Path) -> None:
    """Leave the tree alone."""


@dataclass(frozen=True, slots=True)
class Proven:
    """How the loop ended on one head: before, after, and what was built."""

    head: str
    before: Snapshot
    result: Result
    recipes: tuple[Recipe, ...]
    executable: frozenset[str]

    @property
    def commit(self) -> Commit | None:
        """Return what to commit: a fix, once it is proven."""
        if not self.result.story.proven or not self.result.changed:
            return None
        words = story.message(self.result.story)
        return Commit(words, self.result.changed, self.executable)


async def proving(desk: Desk, task: Proving) -> None:
    """Run the loop on *task*'s head; a proven fix becomes a pull request."""
    proven = await work(desk, task.head, domains.of_repository(desk))
    seen = await judge(desk, proven.before)
    report = check_run.render(seen, proven.result.story)
    try:
        opened = await offer(desk, task.branch, proven)
    except UserError as error:
        report = check_run.hindered(report, str(error))
    else:
        report = check_run.offered(report, opened.number) if opened else report
    await checking.conclude(desk, task.check, report)


async def work(
    desk: Desk, head: str, domain: Domain, prepare: Prepare = _as_it_is
) -> Proven:
    """Run the loop on the tree of *head*, and build in *domain*.

    *prepare* changes the tree before anything of it is read.
    """
    async with (
        desk.repository.checkout(head) as tree,
        domains.entered(desk, domain) as runners,
    ):
        await asyncio.to_thread(prepare, tree)
        before = await asyncio.to_thread(workspace.read_unpacked, tree)
        found = await desk.judge(judging.survey, before, PLATFORM)
        recipes = found.recipes[: desk.limits.recipes]
        end = await _end(desk)
        shop = Workshop(
            *(tree, runners, desk.images, desk.checkpoint, desk.say),
            left=lambda: end - time.time(),
            judge=desk.judge,
        )
        result = await prove(shop, PLATFORM, desk.limits)
        paths = (source.path for source in result.changed)
        executable = frozenset(path for path in paths if _is_program(tree / path))
    return Proven(head, before, result, recipes, executable)


async def _end(desk: Desk) -> float:
    """Return when the job is over; it is not put off when the job goes on."""

    async def now() -> float:
        return time.time()

    begun = await desk.checkpoint("look at the clock", now)
    return begun + desk.limits.minutes * 60


def _is_program(file: Path) -> bool:
    return bool(file.stat().st_mode & stat.S_IXUSR)


async def offer(desk: Desk, base: str, proven: Proven) -> PullRequestRef | None:
    """Let the one fix pull request for *base* show the fix, if it is proven."""
    commit = proven.commit
    if commit is None:
        return None
    branch = pull_request.branch(base)
    result = proven.result
    told = pull_request.Offer(
        result.story, proven.recipes, result.remaining, PLATFORM, branch
    )

    async def put_branch() -> str:
        return await desk.publisher.put_branch(branch, proven.head, commit)

    async def put_pull_request() -> PullRequestRef:
        text = pull_request.render(told)
        return await desk.publisher.put_pull_request(branch, base, text)

    await desk.checkpoint("put the branch", put_branch)
    return await desk.checkpoint("put the pull request", put_pull_request)
