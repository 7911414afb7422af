"""What owners take away: permissions, the installation, the branch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.github_ports import GitHubRefusedError, GitHubUnavailableError
from tests.pipeline.conftest import NAME, Town
from tests.pipeline.test_commands import replies

DOCKERFILE = "FROM alpine:3.4\nRUN true\n"


async def test_an_installation_that_is_suspended_is_left_alone(town: Town) -> None:
    """The job ends; nothing is written, and nothing crashes when it says so."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    (push,) = await town.jobs()
    (installation,) = town.github.state.installations.values()
    installation.suspended_at = town.github.state.now()
    with pytest.raises(GitHubRefusedError) as caught:
        await town.do(push)
    await town.office.give_up(push, caught.value)

    assert town.github.check_runs(NAME) == []


async def test_an_app_without_a_permission_says_which(town: Town) -> None:
    """An owner has not yet agreed to what a newer version asks for."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    (push,) = await town.jobs()
    (installation,) = town.github.state.installations.values()
    del installation.app.permissions["checks"]

    with pytest.raises(GitHubRefusedError, match="gives the App no token"):
        await town.do(push)


async def test_a_branch_that_is_deleted_meanwhile_is_no_crash(town: Town) -> None:
    """Its head is still there to be judged, and nothing is offered to it."""
    head = await town.github.commit(
        "alice", NAME, {"Dockerfile": DOCKERFILE}, branch="topic"
    )
    jobs = await town.jobs()
    path = f"/repos/{NAME}/git/refs/heads/topic"
    await town.github.as_person("alice", "DELETE", path)
    for job in jobs:
        await town.do(job)

    assert town.verdict(head) == ("completed", "1 finding", "failure", 1)


async def test_a_comment_that_is_deleted_before_the_reaction(town: Town) -> None:
    """What it asked for is done all the same."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE}, branch="topic")
    pull = await town.github.open_pull("alice", NAME, "topic")
    await town.jobs()
    said = await town.github.comment("alice", NAME, pull["number"], "/multiarch fix")
    todo = await town.jobs()
    path = f"/repos/{NAME}/issues/comments/{said['id']}"
    await town.github.as_person("alice", "DELETE", path)
    while todo:
        todo += await town.do(todo.pop(0))

    assert "3.6" in await town.github.read(NAME, "Dockerfile", "topic")


async def test_a_branch_deleted_during_the_proof_is_told(town: Town) -> None:
    """There is nothing to commit to."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE}, branch="topic")
    pull = await town.github.open_pull("alice", NAME, "topic")
    await town.jobs()
    await town.github.comment("alice", NAME, pull["number"], "/multiarch fix")
    (talk,) = await town.jobs()
    (fix,) = await town.do(talk)
    path = f"/repos/{NAME}/git/refs/heads/topic"
    await town.github.as_person("alice", "DELETE", path)
    await town.do(fix)

    (told,) = await replies(town, pull["number"])
    assert told.startswith("This pull request is closed")


async def test_a_token_that_ends_in_mid_job(town: Town) -> None:
    """A clock that jumps, a machine that slept: the job's next try goes on."""
    head = await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    (push,) = await town.jobs()
    (prove,) = await town.do(push)
    town.github.advance(timedelta(hours=2))
    with pytest.raises(GitHubUnavailableError):
        await town.do(prove)
    await town.do(prove)

    assert town.verdict(head)[1] == "A proven fix is ready"
