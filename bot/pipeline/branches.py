"""A push, or a check run that somebody asked for again: judge the head."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk import Desk
from bot.events import NOTHING, CheckRequest, Push
from bot.job import Proving
from bot.kinds import kind_of
from bot.pipeline import checking
from bot.pipeline.viewing import view
from bot.report import check_run


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a branch that is to be judged."""

    branch: str
    commit: str
    external_id: str
    is_default: bool


async def push(desk: Desk, task: Push) -> None:
    """Judge the head of a push that touches build files."""
    if await _is_relevant(desk, task):
        is_default = task.branch == task.default_branch
        await judge(desk, Head(task.branch, task.head, task.head, is_default))


async def again(desk: Desk, task: CheckRequest) -> None:
    """Judge a head once more, in a check run of its own."""
    external_id = f"{task.head}:{desk.job.delivery}"
    is_default = task.branch == task.default_branch
    await judge(desk, Head(task.branch, task.head, external_id, is_default))


async def judge(desk: Desk, head: Head) -> None:
    """Show what the rules say, and have the default branch proven."""
    check = await checking.start(desk, head.commit, head.external_id)
    seen = (await view(desk, head.commit)).inspected
    if not (head.is_default and desk.runners):
        await checking.show(desk, check, check_run.render(seen))
        return
    await checking.show(desk, check, check_run.building(seen))
    task = Proving(desk.job.place, head.branch, head.commit, check)
    await desk.follow(desk.job.then("prove", task))


async def _is_relevant(desk: Desk, task: Push) -> bool:
    """Tell whether a build file changed; ask GitHub where the payload is cut."""
    changed = task.changed
    if changed is None and task.before != NOTHING:
        changed = await desk.checkpoint(
            "compare", lambda: desk.repository.changed_paths(task.before, task.head)
        )
    return changed is None or any(map(kind_of, changed))
