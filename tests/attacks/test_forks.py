"""A fork gets nothing built but what somebody with write access has seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.job import Conversation, Job
from tests.pipeline.conftest import NAME, Town, described, github, town
from tests.pipeline.test_commands import forked, replies
from tests.world.github.answers import Json

__all__ = ["described", "github", "town"]

FORK = "zoe/app"
CLEAN, EVIL = "FROM alpine:3.4", "FROM evil:1"
WORSE = {"Dockerfile": f"{EVIL}\nRUN steal\n"}
LONG_AGO = "2001-01-01T00:00:00Z"


async def pushed(town: Town, files: dict[str, str]) -> str:
    """Let the fork push *files* to its pull request; return the new head."""
    return await town.github.commit("zoe", FORK, files, branch="topic")


async def asked(town: Town, pull: Json, words: str = "/multiarch fix") -> Job:
    """Let somebody with write access comment; return the job of the comment."""
    await town.github.comment("alice", NAME, pull["number"], words)
    jobs = await town.jobs()
    (talk,) = [job for job in jobs if isinstance(job.task, Conversation)]
    return talk


async def done(town: Town, talk: Job) -> str:
    """Do what the comment asks for, and return what the bot says."""
    for job in await town.do(talk):
        await town.do(job)
    assert isinstance(talk.task, Conversation)
    (told,) = await replies(town, talk.task.comment.number)
    return told


def built(town: Town) -> set[str]:
    """Return the first line of every Dockerfile that was built."""
    return {line for _, line in town.runner.builds}


async def seen(town: Town) -> Json:
    """Open a fork's pull request, and let time pass so that people see it."""
    pull = await forked(town)
    await town.jobs()
    town.wait()
    return pull


async def test_a_push_after_the_comment_is_not_built(town: Town) -> None:
    """Its webhook came before the job began: it is known what was seen."""
    pull = await seen(town)
    talk = await asked(town, pull)
    town.wait(1)
    await pushed(town, WORSE)
    await town.jobs()
    told = await done(town, talk)

    assert built(town) == {CLEAN, "FROM alpine:3.6"}
    assert f"What was built is the commit {pull['head']['sha']}." in told
    assert "The pull request has moved on since" in told


async def test_a_push_whose_webhook_comes_late_is_not_built(town: Town) -> None:
    """Whether it came before or after the comment, nobody can tell: it asks."""
    pull = await seen(town)
    talk = await asked(town, pull)
    await pushed(town, WORSE)
    told = await done(town, talk)

    assert built(town) == set()
    assert told.startswith("New commits were pushed to this pull request around")
    assert "`/multiarch fix abc1234`" in told


async def test_a_push_between_the_command_and_its_build_is_not_built(
    town: Town,
) -> None:
    """An hour may lie between the two."""
    pull = await seen(town)
    talk = await asked(town, pull)
    (fix,) = await town.do(talk)
    await pushed(town, WORSE)
    await town.do(fix)

    assert EVIL not in built(town)
    assert CLEAN in built(town)


async def test_a_push_just_before_the_comment_is_not_built(town: Town) -> None:
    """Who wrote had the page of a minute ago before his eyes."""
    pull = await seen(town)
    await pushed(town, WORSE)
    town.wait(5)
    told = await done(town, await asked(town, pull))

    assert built(town) == set()
    assert told.startswith("Commits were pushed to this pull request within the minute")


async def test_what_no_webhook_told_is_not_built(town: Town) -> None:
    """The bot came later than the pull request, or a webhook was lost."""
    pull = await seen(town)
    town.known.clear()
    told = await done(town, await asked(town, pull))

    assert built(town) == set()
    assert told.startswith("Multiarch was not told which commit")


async def test_what_was_told_of_another_repository_of_the_name_does_not_count(
    town: Town,
) -> None:
    """The name was taken over, and pull request 1 was another one before."""
    pull = await seen(town)
    town.known[:] = map(of_another, town.known)
    told = await done(town, await asked(town, pull))

    assert built(town) == set()
    assert told.startswith("Multiarch was not told which commit")


def of_another(job: Job) -> Job:
    """Return *job* as one of the repository that had the name before."""
    if isinstance(job.task, Conversation):
        return job
    place = replace(job.place, id=job.place.id + 1)
    return replace(job, task=replace(job.task, place=place))


async def test_a_lost_webhook_leaves_a_gap_that_is_seen(town: Town) -> None:
    """The head that is known may not be what was there when it was asked for."""
    pull = await seen(town)
    known = list(town.known)
    await pushed(town, WORSE)
    await town.jobs()
    town.known[:] = known
    town.wait()
    talk = await asked(town, pull)
    town.wait(1)
    await pushed(town, {"notes": "x\n"})
    await town.jobs()
    told = await done(town, talk)

    assert built(town) == set()
    assert "`/multiarch fix COMMIT`" in told


async def test_a_forged_date_makes_no_commit_older(town: Town) -> None:
    """Dates in a commit are its author's to choose."""
    pull = await seen(town)
    talk = await asked(town, pull)
    town.wait(1)
    await forged(town)
    await town.jobs()
    await done(town, talk)

    assert EVIL not in built(town)
    assert CLEAN in built(town)


async def test_a_forged_date_helps_no_push_that_is_unheard(town: Town) -> None:
    """Without its webhook it is not known at all."""
    pull = await seen(town)
    talk = await asked(town, pull)
    await forged(town)
    await done(town, talk)

    assert built(town) == set()


async def forged(town: Town) -> str:
    """Let the fork push a commit that says it is from long ago."""
    git = f"/repos/{FORK}/git"
    head = await town.github.head(FORK, "topic")
    entry = {
        "path": "Dockerfile",
        "mode": "100644",
        "type": "blob",
        "content": WORSE["Dockerfile"],
    }
    wanted = {"base_tree": head, "tree": [entry]}
    tree = await town.github.as_person("zoe", "POST", f"{git}/trees", wanted)
    who = {"name": "zoe", "email": "zoe@example.org", "date": LONG_AGO}
    commit = await town.github.as_person(
        "zoe",
        "POST",
        f"{git}/commits",
        {
            "message": "Old",
            "tree": tree["sha"],
            "parents": [head],
            "author": who,
            "committer": who,
        },
    )
    moved = {"sha": commit["sha"]}
    await town.github.as_person("zoe", "PATCH", f"{git}/refs/heads/topic", moved)
    made: str = commit["sha"]
    return made


async def test_a_named_commit_is_built_though_the_fork_moved(town: Town) -> None:
    """Who names it has seen it."""
    pull = await seen(town)
    await pushed(town, WORSE)
    town.wait(5)
    sha = pull["head"]["sha"]
    told = await done(town, await asked(town, pull, f"/multiarch fix {sha[:7]}"))

    assert EVIL not in built(town)
    assert CLEAN in built(town)
    assert f"What was built is the commit {sha}." in told


async def test_a_named_commit_in_full_needs_no_webhook(town: Town) -> None:
    """Nobody can make another commit with the same forty digits."""
    pull = await seen(town)
    town.known.clear()
    sha = pull["head"]["sha"]
    await done(town, await asked(town, pull, f"/multiarch fix {sha}"))

    assert CLEAN in built(town)


async def test_a_short_name_counts_only_for_what_was_told_before(town: Town) -> None:
    """A commit that begins alike is made in minutes once its name is said."""
    pull = await seen(town)
    later = await pushed(town, WORSE)
    await town.jobs()
    town.known.clear()
    told = await done(town, await asked(town, pull, f"/multiarch fix {later[:7]}"))

    assert built(town) == set()
    assert "Name it with all of its 40 digits." in told


@pytest.mark.parametrize("name", ["0" * 40, "0123456"])
async def test_a_commit_of_somebody_else_is_not_built(town: Town, name: str) -> None:
    """GitHub serves every commit of every fork under the repository's name."""
    pull = await seen(town)
    told = await done(town, await asked(town, pull, f"/multiarch fix {name}"))

    assert built(town) == set()
    assert told.startswith(f"No commit of this pull request begins with `{name}`")


OTHER = "builds:\n- name: x\n  dockerfile: Other.Dockerfile\n"
FILES = {".github/multiarch.yml": OTHER, "Other.Dockerfile": f"{EVIL}\n"}


async def test_a_forks_own_configuration_decides_nothing(town: Town) -> None:
    """It could name commands, images and runners that nobody has looked at."""
    await forked(town)
    town.wait(1)
    await pushed(town, FILES)
    await town.jobs()
    town.wait()
    await done(town, await asked(town, {"number": 1}))

    assert CLEAN in built(town)
    assert town.runner.recipes == {"Dockerfile", "Other.Dockerfile"}


async def test_a_fork_is_built_as_the_base_branch_says(town: Town) -> None:
    """Whatever the fork says instead, or takes away."""
    ours = OTHER.replace("name: x", "name: ours").replace("Other.", "")
    said = {".github/multiarch.yml": ours}
    await town.github.commit("alice", NAME, said)
    await forked(town)
    town.wait(1)
    await pushed(town, FILES)
    await town.jobs()
    town.wait()
    await done(town, await asked(town, {"number": 1}))

    assert town.runner.recipes == {"ours"}
    assert EVIL not in built(town)
