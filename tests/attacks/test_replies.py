"""A stranger cannot make the bot talk: each reply is a mail to all who watch."""

from __future__ import annotations

from dataclasses import replace

from bot.job import Conversation, Job
from tests.pipeline.conftest import Town, described, github, town
from tests.pipeline.test_commands import ask, issue, replies

__all__ = ["described", "github", "town"]

MANY = "\n".join(f"/multiarch fix {number}" for number in range(20))


async def test_twenty_commands_of_a_stranger_get_one_reply(town: Town) -> None:
    """And one that says who may use the command."""
    number = await issue(town)
    await ask(town, number, f"/multiarch fix\n{MANY}", "eve")

    (told,) = await replies(town, number)
    assert told.startswith("`/multiarch fix` changes this repository")


async def test_twenty_commands_of_a_writer_get_three_replies(town: Town) -> None:
    """More than that is a mistake, whoever makes it."""
    number = await issue(town)
    await ask(town, number, MANY)

    assert len(await replies(town, number)) == 3


async def test_twenty_comments_of_a_stranger_get_three_replies_an_hour(
    town: Town,
) -> None:
    """Then nothing more is said, nor shown to be seen."""
    number = await issue(town)
    for _ in range(20):
        await ask(town, number, "/multiarch help", "eve")

    assert len(await replies(town, number)) == 3
    assert len([one for one in town.asked("POST") if one.endswith("/reactions")]) == 3
    town.known[:] = map(an_hour_older, town.known)
    await ask(town, number, "/multiarch help", "eve")
    assert len(await replies(town, number)) == 4


def an_hour_older(job: Job) -> Job:
    """Return the job of a comment as if it had been written an hour ago."""
    task = job.task
    if not isinstance(task, Conversation):
        return job
    comment = replace(task.comment, moment=task.comment.moment - 3600)
    return replace(job, task=replace(task, comment=comment))


async def test_a_stranger_silences_nobody_else(town: Town) -> None:
    """The bound is a person's own; who may write has none."""
    number = await issue(town)
    for _ in range(5):
        await ask(town, number, "/multiarch help", "eve")
    await ask(town, number, "/multiarch help", "zoe")
    for _ in range(5):
        await ask(town, number, "/multiarch help")

    assert len(await replies(town, number)) == 3 + 1 + 5
