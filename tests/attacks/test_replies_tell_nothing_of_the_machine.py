"""What is wrong with the operator's machines is told to the operator alone.

Whoever opens a pull request reads what the bot says to it. Where a runner is, what its
engine says of it, and which way out of a build was found are in the operator's log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from docker import APIClient
from docker.errors import APIError

from bot.builds.domain_runner import DomainHost
from bot.builds.endpoint import Endpoint
from bot.builds.engine import Engine
from bot.builds.options import Options
from bot.builds.runner import DockerRunner
from bot.errors import EngineUnavailableError, UserError
from bot.github_ports import GitHubUnavailableError
from bot.isolation import Isolation
from bot.ports import Abilities
from tests.pipeline.conftest import NAME, Town, described, github, town
from tests.pipeline.test_commands import DOCKERFILE, forked, opened, replies

__all__ = ["described", "github", "town"]

T = TypeVar("T")
HOST, ADDRESS, PLACE = "rack-7.corp.example", "10.1.2.3", "/srv/engines"
DETAILS = f"dial tcp: lookup {HOST} on {ADDRESS}:53, {PLACE}/arm.sock: no such host"
ERRORS = [
    pytest.param(UserError(f"The runner arm has no engine ({DETAILS})."), id="refusal"),
    pytest.param(APIError(f"500 Server Error: {DETAILS}"), id="the engine's words"),
    pytest.param(
        EngineUnavailableError(f"the Docker engine arm does not answer: {DETAILS}"),
        id="silence",
    ),
    pytest.param(
        EngineUnavailableError(f"the runner arm: no docker command ({DETAILS})"),
        id="another silence",
    ),
    pytest.param(
        GitHubUnavailableError(f"GitHub cannot be reached: {DETAILS}."),
        id="GitHub's silence",
    ),
    pytest.param(OSError(28, DETAILS, PLACE), id="crash"),
]
OPEN = Isolation("2026-11-28", (f"ADD reaches {ADDRESS}:41641", DETAILS))


class Troubled(Engine):
    """An engine with which everything ends in one error."""

    def __init__(self, error: Exception) -> None:
        super().__init__(Endpoint("arm", f"unix://{PLACE}/arm.sock"), 1.0)
        self.error = error

    async def call(
        self, work: Callable[[APIClient], T], seconds: float | None = None
    ) -> T:
        """Fail."""
        raise self.error


class Machine(DockerRunner):
    """A machine that says what it can do, and can give no repository an engine."""

    async def abilities(self) -> Abilities:
        """Say that everything can be built."""
        return Abilities(self.name, "linux/arm64", frozenset({"linux/amd64"}), ())

    async def warnings(self) -> tuple[str, ...]:
        """Say nothing against its engine."""
        return ()


async def everything(town: Town) -> None:
    """Do every job that is asked for; say of one that fails that it waits, and ends."""
    todo = await town.jobs()
    while todo:
        job = todo.pop(0)
        try:
            todo += await town.do(job)
        except Exception as error:  # noqa: BLE001 - whatever it is ends in words
            await town.office.postpone(job, error)
            await town.office.give_up(job, error)


def said(town: Town) -> str:
    """Return all that was written to GitHub."""
    return "\n".join(
        f"{seen.path} {seen.content.decode()}"
        for seen in town.github.calls()
        if seen.actor.startswith("installation:") and seen.method != "GET"
    )


async def asked_on_everything(town: Town) -> list[str]:
    """Push, and ask for a fix of a branch and of a fork's; return the replies."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    numbers = [await opened(town), (await forked(town))["number"]]
    await everything(town)
    for number in numbers:
        await town.github.comment("alice", NAME, number, "/multiarch fix")
    await everything(town)
    return [told for number in numbers for told in await replies(town, number)]


def unspoken(town: Town) -> bool:
    """Tell whether nothing of the machine reached GitHub."""
    text = said(town)
    return not any(detail in text for detail in (HOST, ADDRESS, PLACE))


@pytest.mark.parametrize("error", ERRORS)
async def test_what_keeps_a_repository_from_an_engine_stays_in_the_log(
    error: Exception, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """An engine's own words name its files, its network and its neighbours."""
    host = DomainHost(Machine(Troubled(error), Options()))
    town.office = replace(town.office, runners=(host,))
    told = await asked_on_everything(town)
    host.close()

    assert len(told) == 2
    assert unspoken(town)
    if isinstance(error, UserError | APIError):
        assert told[0].startswith(
            "The runner arm cannot give this repository a Docker engine of its own, so "
            "nothing of it is built there. Whoever runs Multiarch finds the reason in "
            "its log"
        )
        assert f"the runner arm has no engine for {NAME}: {error}" in caplog.messages


@pytest.mark.parametrize("error", ERRORS[1:])
async def test_what_ends_a_job_is_told_without_where_it_happened(
    error: Exception, town: Town
) -> None:
    """What is raised for the author is written for him; all else is ours."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    number = await opened(town)
    await town.github.comment("alice", NAME, number, "/multiarch fix")
    todo = await town.jobs()
    for job in todo:
        todo += await town.do(job)
        await town.office.postpone(job, error)
        await town.office.give_up(job, error)

    assert len(todo) > 3
    assert len(await replies(town, number)) == 1
    assert unspoken(town)


async def test_a_way_out_of_a_build_is_told_to_nobody_else(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """Who reads that the metadata of a cloud answers there knows where to go on."""
    town.runner.isolation = OPEN
    own, of_fork = await asked_on_everything(town)

    assert unspoken(town)
    assert own.startswith("The fix is proven")
    assert of_fork.partition("\n\n<!--")[0] == (
        "This pull request comes from a fork, and a stranger's code is built only "
        "where it can reach nothing but public addresses. No runner is known to give "
        "that (arm: something answered from inside a build that builds must not "
        "reach, so no fork is built there; whoever runs Multiarch finds in its log "
        "what). The remedy is in docs/runners.md; then say `/multiarch fix` again."
    )
    logged = f"no fork is built on the runner arm: {OPEN.words}"
    assert logged in caplog.messages
