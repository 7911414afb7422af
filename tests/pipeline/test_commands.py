"""What happens when somebody says ``/multiarch …``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from bot.errors import EngineUnavailableError
from bot.github_ports import GitHubRefusedError
from bot.job import Job
from bot.report import pull_request
from tests.pipeline.conftest import NAME, Town
from tests.world.github.answers import Json

T = TypeVar("T")

DOCKERFILE = "FROM alpine:3.4\nRUN true\n"
FIXED = "FROM alpine:3.6\nRUN true\n"


async def ask(town: Town, number: int, words: str, login: str = "alice") -> int:
    """Comment on *number*, let the bot work, and return the comment's id."""
    await town.jobs()
    said = await town.github.comment(login, NAME, number, words)
    await town.work()
    known: int = said["id"]
    return known


async def listed(town: Town, path: str) -> Any:  # noqa: ANN401 - JSON
    """Return what GitHub lists at *path*."""
    return await town.github.as_person("alice", "GET", path)


async def replies(town: Town, number: int) -> list[str]:
    """Return what the bot said on *number*."""
    path = f"/repos/{NAME}/issues/{number}/comments"
    said = await listed(town, path)
    return [one["body"] for one in said if one["user"]["type"] == "Bot"]


async def opened(town: Town) -> int:
    """Open a pull request with the fault in it; return its number."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE}, branch="topic")
    pull = await town.github.open_pull("alice", NAME, "topic")
    number: int = pull["number"]
    return number


async def issue(town: Town) -> int:
    """Open an issue; return its number."""
    path = f"/repos/{NAME}/issues"
    made = await town.github.as_person("alice", "POST", path, {"title": "arm64?"})
    number: int = made["number"]
    return number


async def test_fix_commits_the_proven_fix_to_the_branch(town: Town) -> None:
    """Seen at once, proven, on the branch, and told."""
    number = await opened(town)
    comment = await ask(town, number, "/multiarch fix")
    path = f"/repos/{NAME}/issues/comments/{comment}/reactions"
    reactions = await listed(town, path)

    assert [one["content"] for one in reactions] == ["eyes"]
    assert await town.github.read(NAME, "Dockerfile", "topic") == FIXED
    (told,) = await replies(town, number)
    head = await town.github.head(NAME, "topic")
    assert told.startswith(
        "The fix is proven: with it, the project builds and runs on arm64.\n\n"
        f"It is on `topic` as commit {head}."
    )


async def test_fix_done_twice_commits_and_tells_once(town: Town) -> None:
    """A job that dies after the commit finds that commit."""
    number = await opened(town)
    await town.jobs()
    await town.github.comment("alice", NAME, number, "/multiarch fix")
    (talk,) = await town.jobs()
    (fix,) = await town.do(talk)
    await town.do(fix)
    head = await town.github.head(NAME, "topic")
    await town.do(talk)

    assert await town.github.head(NAME, "topic") == head
    assert len(await replies(town, number)) == 1


async def test_fix_needs_permission_to_write(town: Town) -> None:
    """A stranger cannot make the bot push."""
    number = await opened(town)
    await ask(town, number, "/multiarch fix", "eve")

    assert await town.github.read(NAME, "Dockerfile", "topic") == DOCKERFILE
    (told,) = await replies(town, number)
    assert told.startswith("`/multiarch fix` changes this repository")


async def test_fix_on_an_issue_offers_a_pull_request(town: Town) -> None:
    """There is no branch to commit to but the default one, which is theirs."""
    number = await issue(town)
    await ask(town, number, "/multiarch fix")

    (pull,) = town.github.pulls(NAME)
    (told,) = await replies(town, number)
    assert f"The pull request is #{pull.number}." in told
    assert await town.github.read(NAME, "Dockerfile", pull_request.branch("main"))


async def forked(town: Town) -> Json:
    """Return a pull request from a fork's branch ``topic``."""
    await town.github.fork("zoe", NAME)
    files = {"Dockerfile": DOCKERFILE}
    await town.github.commit("zoe", "zoe/app", files, branch="topic")
    return await town.github.open_pull("zoe", NAME, "zoe:topic")


async def test_fix_suggests_where_the_branch_is_a_forks(town: Town) -> None:
    """The bot has no right to write there, and asks for none."""
    pull = await forked(town)
    number: int = pull["number"]
    await ask(town, number, "/multiarch fix")

    path = f"/repos/{NAME}/pulls/{number}/comments"
    remarks = await listed(town, path)
    bodies = [one["body"].partition("\n\n<!--")[0] for one in remarks]
    assert bodies == [
        "This is part of the proven fix.\n\n```suggestion\nFROM alpine:3.6\n```",
    ]
    (told,) = await replies(town, number)
    assert "belongs to a fork, where Multiarch does not write" in told
    assert await town.github.read("zoe/app", "Dockerfile", "topic") == DOCKERFILE


@dataclass(frozen=True, slots=True)
class Closing:
    """A checkpoint after whose builds the pull request is closed."""

    town: Town
    number: int

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        """Do the step."""
        result = await step()
        if name.startswith("try"):
            path = f"/repos/{NAME}/pulls/{self.number}"
            closed = {"state": "closed"}
            await self.town.github.as_person("alice", "PATCH", path, closed)
        return result


@dataclass(frozen=True, slots=True)
class Moving:
    """A checkpoint during whose builds somebody pushes to the fork."""

    town: Town

    async def __call__(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        """Do the step."""
        result = await step()
        if name.startswith("try"):
            files = {"notes": f"{name}\n"}
            await self.town.github.commit("zoe", "zoe/app", files, branch="topic")
        return result


async def test_a_pull_request_closed_during_the_proof_is_left_alone(town: Town) -> None:
    """Nobody expects a commit on what was given up, or merged."""
    number = await opened(town)
    await town.jobs()
    await town.github.comment("alice", NAME, number, "/multiarch fix")
    (talk,) = await town.jobs()
    (fix,) = await town.do(talk)
    await town.office.perform(fix, Closing(town, number), town.nowhere)

    assert await town.github.read(NAME, "Dockerfile", "topic") == DOCKERFILE
    (told,) = await replies(town, number)
    assert told.startswith("This pull request is closed")


async def test_a_rule_of_the_branch_does_not_lose_the_story(town: Town) -> None:
    """What was proven for an hour is told, and its diff is there to be applied."""
    number = await opened(town)
    rule = "Changes must be made through a pull request."
    town.github.faults.refuse("PATCH .*/git/refs/heads/topic", rule)
    await ask(town, number, "/multiarch fix")

    (told,) = await replies(town, number)
    assert told.startswith(
        f"GitHub does not let Multiarch commit to this branch: {rule}"
    )
    assert "The fix is proven" in told
    assert "+FROM alpine:3.6" in told


async def test_a_fork_that_moves_during_the_proof_gets_no_suggestion(
    town: Town,
) -> None:
    """The fix belongs to a commit that is not shown any more."""
    pull = await forked(town)
    await town.jobs()
    await town.github.comment("alice", NAME, pull["number"], "/multiarch fix")
    (talk,) = await town.jobs()
    (fix,) = await town.do(talk)
    await town.office.perform(fix, Moving(town), town.nowhere)

    path = f"/repos/{NAME}/pulls/{pull['number']}/comments"
    assert await listed(town, path) == []
    (told,) = await replies(town, pull["number"])
    assert told.startswith("The fix is proven")
    assert "The pull request has moved on since" in told


async def test_says_what_github_did_not_allow(town: Town) -> None:
    """A missing permission is the owner's to mend, not a crash of ours."""
    number = await opened(town)
    await town.jobs()
    await town.github.comment("alice", NAME, number, "/multiarch fix")
    (talk,) = await town.jobs()
    error = GitHubRefusedError("GitHub answers 403: Resource not accessible.")
    await town.office.give_up(talk, error)

    (told,) = await replies(town, number)
    assert told.partition("\n\n<!--")[0] == (
        "GitHub did not let Multiarch go on: GitHub answers 403: Resource not "
        "accessible. An owner may look at the permissions of the App and at the "
        "rules of the branch; then ask again."
    )


async def test_help_is_for_everybody(town: Town) -> None:
    """Who may not write may still ask."""
    number = await issue(town)
    await ask(town, number, "/multiarch help", "eve")

    (told,) = await replies(town, number)
    assert "`/multiarch fix [COMMIT]`" in told
    assert not [one for one in town.asked("GET") if "permission" in one]


async def test_answers_where_no_reaction_is_taken(town: Town) -> None:
    """A comment that was deleted, or a locked conversation, cannot be reacted to."""
    number = await issue(town)
    await town.jobs()
    words = "Unable to create reaction because issue is locked."
    town.github.faults.refuse("POST .*/reactions", words, status=403)
    await ask(town, number, "/multiarch help")

    (told,) = await replies(town, number)
    assert "`/multiarch fix [COMMIT]`" in told


async def test_a_typo_is_answered(town: Town) -> None:
    """With what was probably meant."""
    number = await issue(town)
    await ask(town, number, "/multiarch fxi")

    (told,) = await replies(town, number)
    words = "There is no such command. Did you mean `/multiarch fix`?"
    assert told.partition("\n\n<!--")[0] == words


async def test_a_hostile_command_name_is_not_repeated(town: Town) -> None:
    """Anybody may comment: what is typed must not speak through the bot."""
    number = await issue(town)
    await ask(town, number, "/multiarch --><b>@octo/team", "eve")

    (told,) = await replies(town, number)
    assert "octo/team" not in told
    assert told.count("-->") == 1


async def test_two_wishes_of_one_name_are_both_answered(town: Town) -> None:
    """The second reply must not take the place of the first."""
    number = await issue(town)
    await ask(town, number, "/multiarch fix now\n/multiarch fxi\n/multiarch fix all")

    assert len(await replies(town, number)) == 3


async def test_a_command_with_words_it_does_not_know_is_answered(town: Town) -> None:
    """Nothing is done that was asked for in words nobody understood."""
    number = await issue(town)
    await ask(town, number, "/multiarch fix everything")

    (told,) = await replies(town, number)
    assert told.startswith("`fix` takes one further word at most")
    assert town.runner.builds == []


async def test_without_a_runner_nothing_can_be_proven(town: Town) -> None:
    """And the answer says who can change that."""
    town.office = type(town.office)(
        town.office.github, town.office.images, (), town.office.commands
    )
    number = await issue(town)
    await ask(town, number, "/multiarch fix")

    (told,) = await replies(town, number)
    assert told.startswith("No runner is set up")


async def test_an_engine_that_is_down_is_told(town: Town) -> None:
    """In the one reply, which changes when the engine is back."""
    number = await opened(town)
    await town.jobs()
    await town.github.comment("alice", NAME, number, "/multiarch fix")
    (talk,) = await town.jobs()
    (fix,) = await town.do(talk)
    error = await failing(town, fix)
    await town.office.postpone(fix, error)
    (waiting,) = await replies(town, number)
    await town.office.give_up(fix, error)
    (over,) = await replies(town, number)
    town.runner.down = False
    await town.do(fix)
    (told,) = await replies(town, number)

    assert waiting.startswith("The runner `arm` does not answer")
    assert over.startswith("The runner arm did not answer")
    assert told.startswith("The fix is proven")


async def failing(town: Town, job: Job) -> EngineUnavailableError:
    """Do *job* with the engine down, and return the error."""
    town.runner.down = True
    with pytest.raises(EngineUnavailableError) as caught:
        await town.do(job)
    return caught.value
