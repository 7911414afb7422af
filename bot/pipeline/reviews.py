"""A pull request: one review with suggestions on its lines, and the check run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.desk import Desk
from bot.events import PullRequest
from bot.pipeline import checking
from bot.pipeline.viewing import view
from bot.publishing import Review
from bot.report import check_run, review
from bot.report.review import Diff


async def pull_request(desk: Desk, task: PullRequest) -> None:
    """Review the head of *task* and show its check run, unless it is a draft."""
    if task.draft:
        return
    check = await checking.start(desk, task.head, task.head)
    seen = await view(desk, task.head)

    def written(diff: Diff) -> Review | None:
        return review.render(seen.snapshot, seen.analysis.findings, diff)

    await post(desk, task.number, task.head, written)
    report = check_run.render(seen)
    if desk.runners and seen.analysis.findings and not task.fork:
        report = replace(report, buttons=(checking.FIX,))
    await checking.show(desk, check, report)


async def post(
    desk: Desk, number: int, head: str, written: Callable[[Diff], Review | None]
) -> int:
    """Post what the pull request was not told yet; return how many remarks.

    What was said is read and added to in one step: done again after a crash,
    it finds its own remarks and posts nothing. Nothing is said about a head
    that is gone: its lines are not those that the pull request shows.
    """

    async def step() -> int:
        pull = await desk.repository.pull_request(number)
        if not pull.open or pull.head != head:
            return 0
        shown = await desk.repository.shown_lines(number)
        posted = await desk.publisher.fingerprints(number)
        said = written(Diff(shown, posted))
        if said is not None:
            await desk.publisher.review(number, head, said)
        return len(said.remarks) if said is not None else 0

    return await desk.checkpoint("review", step)
