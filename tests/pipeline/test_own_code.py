"""For whose code the registries are asked with the operator's logins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest

from bot.facts import Facts
from bot.ports import ImageRegistry
from tests.pipeline.conftest import NAME, Town
from tests.pipeline.workers import TableRegistry


@dataclass(frozen=True, slots=True)
class _Seen:
    whose: str
    asked: list[str]

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Note whose view was asked."""
        self.asked.append(self.whose)
        return await TableRegistry().facts(images, platform)


@dataclass(frozen=True, slots=True)
class Views:
    """Hands out registries, and notes for whom each question was asked."""

    asked: list[str] = field(default_factory=list)

    def of_repository(self, repository: str) -> ImageRegistry:
        """Return the registries as *repository* sees them."""
        return _Seen(repository, self.asked)


@pytest.fixture
def views(town: Town) -> Views:
    """Let the town's office ask through views."""
    views = Views()
    town.office = replace(town.office, images=views)
    return views


async def of_fork(town: Town, branch: str = "topic") -> str:
    """Open a pull request from a fork; return its head."""
    await town.github.fork("zoe", NAME)
    files = {"a/Dockerfile": "FROM alpine:3.4\n"}
    await town.github.commit("zoe", "zoe/app", files, branch=branch)
    pull = await town.github.open_pull("zoe", NAME, f"zoe:{branch}")
    head: str = pull["head"]["sha"]
    return head


async def test_a_push_is_own_code(town: Town, views: Views) -> None:
    """Who pushes has been allowed to write."""
    await town.github.commit("alice", NAME, {"a/Dockerfile": "FROM alpine:3.4\n"})
    await town.work()

    assert set(views.asked) == {NAME}


async def test_a_pull_request_of_a_branch_is_own_code(town: Town, views: Views) -> None:
    """The branch is in the repository."""
    files = {"a/Dockerfile": "FROM alpine:3.4\n"}
    await town.github.commit("alice", NAME, files, branch="topic")
    await town.github.open_pull("alice", NAME, "topic")
    await town.work()

    assert set(views.asked) == {NAME}


async def test_a_pull_request_of_a_fork_is_not(town: Town, views: Views) -> None:
    """Anybody can open one and name any image in it."""
    await of_fork(town)
    await town.work()

    assert set(views.asked) == {""}


async def test_nor_is_a_fork_whose_check_is_asked_for_again(
    town: Town, views: Views
) -> None:
    """The button says nothing about whose commit it is, and names lie."""
    head = await of_fork(town, branch="main")
    await town.work()
    (run,) = town.checks(head)
    town.github.rerequest("alice", NAME, run)
    await town.work()

    assert set(views.asked) == {""}


async def test_a_check_of_a_branch_that_is_asked_for_again_is(
    town: Town, views: Views
) -> None:
    """The branch holds this very commit."""
    files = {"a/Dockerfile": "FROM alpine:3.4\n"}
    await town.github.commit("alice", NAME, files, branch="topic")
    await town.work()
    (run,) = town.checks(await town.github.head(NAME, "topic"))
    town.github.rerequest("alice", NAME, run)
    await town.work()

    assert set(views.asked) == {NAME}


async def test_a_fork_is_fixed_without_a_login(town: Town, views: Views) -> None:
    """Somebody with write access has asked for it, but a stranger has written it."""
    await of_fork(town)
    await town.work()
    await town.github.comment("alice", NAME, 1, "/multiarch fix")
    await town.work()

    assert town.runner.builds
    assert set(views.asked) == {""}


async def test_a_branch_is_fixed_with_one(town: Town, views: Views) -> None:
    """It is the repository's own."""
    files = {"a/Dockerfile": "FROM alpine:3.4\n"}
    await town.github.commit("alice", NAME, files, branch="topic")
    await town.github.open_pull("alice", NAME, "topic")
    await town.work()
    await town.github.comment("alice", NAME, 1, "/multiarch fix")
    await town.work()

    assert town.runner.builds
    assert set(views.asked) == {NAME}
