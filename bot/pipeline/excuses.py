"""What people are told when a job has to wait, or ends without a result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.desk import Desk
from bot.errors import EngineUnavailableError, UserError
from bot.events import CheckRequest, PullRequest, Push
from bot.github_ports import GitHubRefusedError, GitHubUnavailableError
from bot.job import Conversation, Fixing, Job, Proving, delivery_of
from bot.pipeline import conversations
from bot.pipeline.viewing import view
from bot.publishing import CheckReport, Conclusion
from bot.report import check_run, reply
from bot.report.check_run import Inspected
from bot.report.markdown import prose

_ENGINE = re.compile(r"the Docker engine (\S+) does not answer")


async def wait(desk: Desk, error: Exception) -> None:
    """Say that an engine is down; what else passes is not worth a word."""
    if not isinstance(error, EngineUnavailableError):
        return
    match desk.job.task:
        case Proving() as task:
            await _explain(desk, task, error, check_run.waiting)
        case Fixing() as task:
            text = reply.no_runner(_runner(error))
            await desk.publisher.comment(task.number, task.reply, text)


async def end(desk: Desk, error: Exception) -> None:
    """Say that the job ends without a result, and whose turn it is."""
    match desk.job.task:
        case Proving() as task if isinstance(error, EngineUnavailableError):
            ending = Conclusion.NEUTRAL
            await _explain(desk, task, error, check_run.given_up, ending)
        case Proving() as task:
            await desk.publisher.update_check(task.check, _report(desk.job, error))
        case Push() | PullRequest() as task:
            await _put(desk, task.head, task.head, error)
        case CheckRequest() as task:
            await _put(desk, task.head, f"{task.head}:{desk.job.delivery}", error)
        case Fixing() as task:
            text = _words(desk.job, error)
            await desk.publisher.comment(task.number, task.reply, text)
        case Conversation() as task:
            name = conversations.marker(task.comment, task.invocations[0])
            text = _words(desk.job, error)
            await desk.publisher.comment(task.comment.number, name, text)


async def give_way(desk: Desk) -> None:
    """Say that a newer push ends the job; only a build has shown anything yet."""
    task = desk.job.task
    if isinstance(task, Proving):
        await desk.publisher.update_check(task.check, check_run.superseded())


async def _explain(
    desk: Desk,
    task: Proving,
    error: EngineUnavailableError,
    render: Callable[[Inspected, str], CheckReport],
    ending: Conclusion | None = None,
) -> None:
    """Say which runner is missing, beside what is known without it."""
    try:
        seen = await view(desk, task.head)
    except (UserError, GitHubRefusedError):
        report = replace(_report(desk.job, error), conclusion=ending)
    else:
        report = replace(render(seen, _runner(error)), annotations=())
    await desk.publisher.update_check(task.check, report)


async def _put(desk: Desk, head: str, external_id: str, error: Exception) -> None:
    report = _report(desk.job, error)
    publisher = desk.publisher
    check = await publisher.find_or_create_check(head, external_id, report)
    await publisher.update_check(check, report)


def _report(job: Job, error: Exception) -> CheckReport:
    error = _understood(error)
    if isinstance(error, UserError):
        title = "Multiarch cannot go on"
        return CheckReport(title, prose(str(error)), Conclusion.NEUTRAL)
    return check_run.crashed(delivery_of(job.id))


def _words(job: Job, error: Exception) -> str:
    error = _understood(error)
    if isinstance(error, UserError):
        return reply.mistaken(error)
    return reply.crashed(delivery_of(job.id))


def _understood(error: Exception) -> Exception:
    """Return what *error* means to the author, where it is not ours to mend."""
    if isinstance(error, EngineUnavailableError):
        return UserError(
            f"The runner {_runner(error)} did not answer, so nothing could be built "
            "and nothing is proven. Whoever runs it should look at it; then say "
            "`/multiarch fix` again."
        )
    if isinstance(error, GitHubRefusedError):
        return UserError(
            f"GitHub did not let Multiarch go on: {error} An owner may look at the "
            "permissions of the App and at the rules of the branch; then ask again."
        )
    if isinstance(error, GitHubUnavailableError):
        return UserError(
            "GitHub did not answer Multiarch for too long, so this could not be done. "
            "Ask again later."
        )
    return error


def _runner(error: EngineUnavailableError) -> str:
    """Return the name of the runner that *error* is about, as far as it tells."""
    named = _ENGINE.search(str(error))
    return named[1] if named else "that was chosen"
