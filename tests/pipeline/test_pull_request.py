"""What a pull request is told, and that it is told once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipeline.conftest import NAME, Town

DOCKERFILE = "FROM alpine:3.4\nRUN true\n"


async def reviews(town: Town, number: int) -> Any:  # noqa: ANN401 - JSON
    """Return the remarks of all reviews of a pull request."""
    path = f"/repos/{NAME}/pulls/{number}/comments"
    return await town.github.as_person("alice", "GET", path)


async def opened(town: Town) -> int:
    """Open a pull request that touches the base image; return its number."""
    files = {"a/Dockerfile": DOCKERFILE}
    await town.github.commit("alice", NAME, files, branch="topic")
    pull = await town.github.open_pull("alice", NAME, "topic")
    await town.work()
    number: int = pull["number"]
    return number


async def test_suggests_on_the_lines_it_touches(town: Town) -> None:
    """One click repairs it; what was there before is not blamed on it."""
    (remark,) = await reviews(town, await opened(town))

    assert (remark["path"], remark["line"]) == ("a/Dockerfile", 1)
    assert "```suggestion\nFROM alpine:3.6\n```" in remark["body"]


async def test_does_not_repeat_itself_on_the_next_push(town: Town) -> None:
    """The worst habit of a bot."""
    number = await opened(town)
    more = {"a/Dockerfile": DOCKERFILE + "RUN true\n"}
    await town.github.commit("alice", NAME, more, branch="topic")
    await town.work()

    assert len(await reviews(town, number)) == 1


async def test_one_check_run_for_one_head(town: Town) -> None:
    """The push and the pull request speak of the same commit."""
    await opened(town)
    head = await town.github.head(NAME, "topic")

    assert town.verdict(head) == ("completed", "2 findings", "failure", 2)


async def test_done_twice_it_reviews_once(town: Town) -> None:
    """After a crash the job finds its own remarks."""
    files = {"a/Dockerfile": DOCKERFILE}
    await town.github.commit("alice", NAME, files, branch="topic")
    pull = await town.github.open_pull("alice", NAME, "topic")
    for job in await town.work():
        await town.do(job)

    assert len(await reviews(town, pull["number"])) == 1


@pytest.mark.parametrize("forced", [True, False])
async def test_a_head_that_is_gone_is_not_remarked_on(town: Town, forced: bool) -> None:  # noqa: FBT001 - a case
    """Its lines are not those that the pull request shows by now."""
    files = {"a/Dockerfile": DOCKERFILE}
    first = await town.github.commit("alice", NAME, files, branch="topic")
    pull = await town.github.open_pull("alice", NAME, "topic")
    jobs = await town.jobs()
    if forced:
        data = {"sha": await town.github.head(NAME), "force": True}
        path = f"/repos/{NAME}/git/refs/heads/topic"
        await town.github.as_person("alice", "PATCH", path, data)
    moved = {"a/Dockerfile": "# This file moved.\n" * 9 + DOCKERFILE}
    await town.github.commit("alice", NAME, moved, branch="topic")
    for job in jobs:
        await town.do(job)

    assert await reviews(town, pull["number"]) == []
    assert town.verdict(first) == ("completed", "2 findings", "failure", 2)
    await town.work()
    assert [one["line"] for one in await reviews(town, pull["number"])] == [10]


async def test_a_pull_request_that_was_closed_gets_no_review(town: Town) -> None:
    """Nobody reads remarks on what was merged or given up."""
    files = {"a/Dockerfile": DOCKERFILE}
    await town.github.commit("alice", NAME, files, branch="topic")
    pull = await town.github.open_pull("alice", NAME, "topic")
    path = f"/repos/{NAME}/pulls/{pull['number']}"
    await town.github.as_person("alice", "PATCH", path, {"state": "closed"})
    await town.work()

    assert await reviews(town, pull["number"]) == []


@pytest.mark.parametrize(
    ("login", "fixed"), [("alice", True), ("eve", False)], ids=["may", "may not"]
)
async def test_the_button_fixes(town: Town, login: str, fixed: bool) -> None:  # noqa: FBT001 - a case
    """It is the command in another form, with the same permission."""
    number = await opened(town)
    head = await town.github.head(NAME, "topic")
    (run,) = town.checks(head)
    run.suite.head_branch = "topic"
    town.github.request_action(login, NAME, run, run.actions[0]["identifier"])
    await town.work()

    text = await town.github.read(NAME, "a/Dockerfile", "topic")
    assert (text != DOCKERFILE) is fixed
    path = f"/repos/{NAME}/issues/{number}/comments"
    said = await town.github.as_person("alice", "GET", path)
    assert len(said) == int(fixed)
