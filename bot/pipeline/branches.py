"""A push, or a check run that somebody asked for again: judge the head."""

from __future__ import annotations

from dataclasses import dataclass

from bot.command import Permission
from bot.desk import Desk
from bot.events import NOTHING, CheckRequest, Push
from bot.job import Fixing, Proving, single_key
from bot.kinds import kind_of
from bot.pipeline import checking
from bot.pipeline.checking import FIX
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
    """Do what a button says: fix the pull request, or judge its head once more.

    The new judgement goes into a check run of its own.
    """
    number = task.pull_request
    if task.action == FIX.identifier and number is not None:
        await _fix(desk, task, number)
        return
    external_id = f"{task.head}:{desk.job.delivery}"
    is_current = await _is_current(desk, task)
    is_default = is_current and task.branch == task.default_branch
    desk = desk.of_own_code() if is_current else desk
    await judge(desk, Head(task.branch, task.head, external_id, is_default))


async def judge(desk: Desk, head: Head) -> None:
    """Show what the rules say, and have the default branch proven."""
    check = await checking.start(desk, head.commit, head.external_id)
    seen = await view(desk, head.commit)
    if not (head.is_default and desk.runners):
        await checking.show(desk, check, check_run.render(seen))
        return
    await checking.show(desk, check, check_run.building(seen))
    task = Proving(desk.job.place, head.branch, head.commit, check)
    await desk.follow(desk.job.then("prove", task))


async def _fix(desk: Desk, task: CheckRequest, number: int) -> None:
    """Have the pull request fixed, if who pressed the button may write."""
    held = await desk.checkpoint(
        "ask for the permission", lambda: desk.repository.permission(task.author)
    )
    if held < Permission.WRITE:
        return
    delivery = desk.job.delivery
    name = f"reply:check:{delivery}"
    place, head = desk.job.place, task.head
    fixing = Fixing(place, number, on_pull_request=True, reply=name, head=head)
    key = single_key(desk.job.place.repository, "fix", delivery)
    await desk.follow(desk.job.then("fix", fixing, key=key))


async def _is_current(desk: Desk, task: CheckRequest) -> bool:
    """Tell whether the check run is about what its branch holds now.

    An older head is judged, but not proven: its fix would take the place of
    the newest one's. Nor is a fork's branch that has the name of one of ours.
    """
    if not task.branch:
        return False
    head = await desk.checkpoint(
        "read the head", lambda: desk.repository.branch_head(task.branch)
    )
    return head == task.head


async def _is_relevant(desk: Desk, task: Push) -> bool:
    """Tell whether a build file changed; ask GitHub what the payload leaves out."""
    came = task.changed
    if came is None:
        came = await _compared(desk, task.before, task.head)
    if came is None or any(map(kind_of, came)):
        return True
    if not task.forced:
        return False
    went = await _compared(desk, task.head, task.before)
    return went is None or any(map(kind_of, went))


async def _compared(desk: Desk, base: str, head: str) -> frozenset[str] | None:
    """Return what *head* changes since it left *base*; None where nobody can tell."""
    if NOTHING in {base, head}:
        return None
    return await desk.checkpoint(
        "compare", lambda: desk.repository.changed_paths(base, head)
    )
