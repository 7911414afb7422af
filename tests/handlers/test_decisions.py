"""What each webhook leads to: one job, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from gidgethub.sansio import Event

from bot.command import Invocation
from bot.desk import Context
from bot.events import CheckRequest, Comment, PullRequest, Push
from bot.job import Conversation, Job
from handlers import ROUTER
from tests import payloads
from tests.handlers.fake_jobs import FakeJobs

ROOT = Path(__file__).parent.parent.parent


async def deliver(name: str, data: dict[str, Any]) -> list[Job]:
    """Send one event through the real router and return what was queued."""
    jobs = FakeJobs()
    await ROUTER.dispatch(Event(data, event=name, delivery_id="d"), Context(jobs))
    return list(jobs.jobs.values())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("push", payloads.push("README.md", "src/main.go")),
        ("push", payloads.push()),
        ("push", payloads.push("Dockerfile", ref="refs/tags/v1")),
        ("push", payloads.push("Dockerfile", deleted=True)),
        (
            "push",
            payloads.push(
                "Dockerfile", ref="refs/heads/multiarch/x", sender=payloads.BOT
            ),
        ),
        ("pull_request", payloads.pull_request(draft=True)),
        ("pull_request", payloads.pull_request("closed")),
        ("pull_request", payloads.pull_request("edited")),
        (
            "pull_request",
            payloads.pull_request(
                user=payloads.BOT,
                head={"sha": "b", "ref": "multiarch/x", "repo": payloads.REPOSITORY},
            ),
        ),
        ("issue_comment", payloads.comment("Nice work")),
        ("issue_comment", payloads.comment("> /multiarch fix")),
        ("issue_comment", payloads.comment("/multiarch fix", user=payloads.BOT)),
        ("issue_comment", {**payloads.comment("/multiarch fix"), "action": "edited"}),
        ("check_run", payloads.check_run("completed")),
    ],
)
async def test_leaves_alone(name: str, data: dict[str, Any]) -> None:
    """What needs no work costs none: no job, no call."""
    assert await deliver(name, data) == []


@pytest.mark.parametrize(
    "path", ["Dockerfile", "a/Makefile", ".dockerignore", ".github/multiarch.yml"]
)
async def test_a_push_to_a_build_file_is_judged(path: str) -> None:
    """The key is the branch: a newer push takes the place of this one."""
    data = payloads.push("README.md", path)
    (job,) = await deliver("push", data)

    assert job == Job(
        "d", "push~octo/app~main", 1_700_000_000, Push.from_payload(data) or job.task
    )
    assert job.id == "push~octo/app~main~1700000000~d"


async def test_a_push_that_is_cut_is_judged_in_the_job() -> None:
    """To compare takes a call to GitHub, which the endpoint never makes."""
    (job,) = await deliver("push", payloads.push(commits=None))

    assert isinstance(job.task, Push)
    assert job.task.changed is None


async def test_a_forced_push_is_judged_in_the_job() -> None:
    """It may have taken a build file back, which no payload tells."""
    (job,) = await deliver("push", payloads.push("README.md", forced=True))

    assert isinstance(job.task, Push)
    assert job.task.forced


async def test_the_heads_of_a_forks_draft_are_kept() -> None:
    """Somebody may ask for a build of one, and it must be known which he saw."""
    fork = {"sha": "b" * 40, "ref": "topic", "repo": {"full_name": "zoe/app"}}
    (job,) = await deliver("pull_request", payloads.pull_request(draft=True, head=fork))

    assert isinstance(job.task, PullRequest)
    assert job.task.draft


@pytest.mark.parametrize(
    "action", ["opened", "reopened", "synchronize", "ready_for_review"]
)
async def test_a_pull_request_is_reviewed(action: str) -> None:
    """Whenever there is a head that was not looked at."""
    data = payloads.pull_request(action)
    (job,) = await deliver("pull_request", data)

    pull = PullRequest.from_payload(data)
    assert job == Job("d", "pull~octo/app~7", 1_700_000_000, pull)


async def test_commands_become_a_conversation() -> None:
    """The key is the comment: nothing takes the place of a wish."""
    data = payloads.comment("/multiarch fix\n/multiarch help")
    (job,) = await deliver("issue_comment", data)

    asked = (Invocation("fix"), Invocation("help"))
    task = Conversation(Comment.from_issue(data), asked)
    assert job == Job("d", "comment~octo/app~7~issue-99", 1_700_000_000, task)


async def test_commands_in_reviews_count_too() -> None:
    """People answer a remark where it stands."""
    data = payloads.comment("/multiarch fix")
    data["pull_request"] = {"number": 7}
    (job,) = await deliver("pull_request_review_comment", data)

    comment = Comment.from_review(data)
    assert job.task == Conversation(comment, (Invocation("fix"),))


@pytest.mark.parametrize("action", ["rerequested", "requested_action"])
async def test_a_check_run_is_done_again(action: str) -> None:
    """A button that does nothing is a broken one: no wish displaces another."""
    data = payloads.check_run(action)
    (job,) = await deliver("check_run", data)

    asked = CheckRequest.from_payload(data)
    assert job == Job("d-0", "check~octo/app~d-0", 1_700_000_000, asked)


async def test_a_button_that_is_pressed_twice_at_once_is_one_wish() -> None:
    """Its payload does not tell when, so the same bytes later are another wish."""
    jobs = FakeJobs()
    event = Event(payloads.check_run(), event="check_run", delivery_id="d")
    for received in (0, 599, 600):
        await ROUTER.dispatch(event, Context(jobs, received))

    assert [job.delivery for job in jobs.jobs.values()] == ["d-0", "d-1"]


def test_the_app_asks_for_the_events_that_are_handled() -> None:
    """An event that is not in the manifest never arrives."""
    manifest = yaml.safe_load((ROOT / "app.yaml").read_text())
    handled = {*ROUTER._shallow_routes, *ROUTER._deep_routes}  # noqa: SLF001 - no other way to ask

    assert sorted(manifest["default_events"]) == sorted(handled)


def test_one_callback_per_event_and_action() -> None:
    """The order of two would be undefined, and the first error stops the rest."""
    deep = ROUTER._deep_routes.items()  # noqa: SLF001 - no other way to ask
    shallow = ROUTER._shallow_routes  # noqa: SLF001 - no other way to ask
    counts = {
        (event, value): len(callbacks) + len(shallow.get(event, []))
        for event, details in deep
        for values in details.values()
        for value, callbacks in values.items()
    }

    assert set(counts.values()) == {1}
    assert {len(callbacks) for callbacks in shallow.values()} == {1}
