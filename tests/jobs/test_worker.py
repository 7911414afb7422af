"""Jobs survive the process that does them, on both kinds of database."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.jobs.conftest import Shop, comment, push, until
from tests.jobs.scripted import SEATS, STEPS


def done(head: str, *again: str) -> list[str]:
    """Return what a job writes that is done, with the steps begun *again*."""
    return [
        f"{head} {step}"
        for name in STEPS
        for step in ([name] * (1 + again.count(name)))
    ]


async def test_goes_on_with_the_step_it_was_killed_in(shop: Shop) -> None:
    """The heart of it: no finished step is done again, none is left out."""
    await shop.outbox.submit(push("a", "gated"))
    worker = shop.start()
    until(shop.has("a build"), "the build begins")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    shop.open_gate()
    shop.start()
    until(shop.has("a tell"), "the job ends")

    assert shop.lines() == done("a", "build")


async def test_goes_on_after_it_was_told_to_stop(shop: Shop) -> None:
    """A deployment stops a build, which then begins again; nothing is lost."""
    await shop.outbox.submit(push("a", "gated"))
    worker = shop.start()
    until(shop.has("a build"), "the build begins")
    worker.terminate()

    assert worker.wait(30) == 0
    shop.open_gate()
    shop.start()
    until(shop.has("a tell"), "the job ends")
    assert shop.lines() == [
        "a fetch",
        "a scan",
        "a build",
        "a build stopped",
        "a build",
        "a open",
        "a tell",
    ]


@pytest.mark.parametrize(
    ("branch", "reached"),
    [("gated", "a build"), ("down", "a waits: the engine is down")],
)
async def test_an_orderly_end_is_quiet(shop: Shop, branch: str, reached: str) -> None:
    """Who stops a service should not be shown the inside of a library."""
    await shop.outbox.submit(push("a", branch))
    worker = shop.start()
    until(shop.has(reached), "the job comes so far")
    worker.terminate()

    assert worker.wait(30) == 0
    lines = (shop.folder / "one.log").read_text().splitlines()
    assert [line for line in lines if not line.endswith("the engine is down")] == []


async def test_does_a_redelivered_job_once(shop: Shop) -> None:
    """GitHub may deliver twice, before and after the job is done."""
    await shop.outbox.submit(push("a"))
    await shop.outbox.submit(push("a"))
    shop.start()
    until(shop.has("a tell"), "the job ends")
    await shop.outbox.submit(push("a"))
    await shop.outbox.submit(push("z", app="other"))
    until(shop.has("z tell"), "a later job ends")

    assert shop.lines() == [*done("a"), *done("z")]


async def test_a_newer_push_stops_the_build_of_an_older_one(shop: Shop) -> None:
    """Nobody waits for a head that is gone, and its runner is free again."""
    await shop.outbox.submit(push("old", "proved", moment=1))
    shop.start()
    until(shop.has("old build"), "the old build begins")
    await shop.outbox.submit(push("new", "proved", moment=2))
    until(shop.has("old build stopped"), "the old build stops")
    until(shop.has("new build"), "the new build begins")
    shop.open_gate()
    until(shop.has("new tell"), "the new job ends")

    old = ["old fetch", "old scan", "old build", "old build stopped"]
    steps = [line for line in shop.lines() if line.startswith("old ")]
    assert steps == old
    assert shop.lines().count("old.prove gives way") == 1
    assert [line for line in shop.lines() if line.startswith("new")] == done("new")


async def test_leaves_out_heads_that_are_gone_before_it_comes_to_them(
    shop: Shop,
) -> None:
    """A burst of pushes costs one job, in whatever order GitHub delivers."""
    for moment in (3, 1, 4, 2):
        await shop.outbox.submit(push(str(moment), moment=moment))
    shop.start()
    await shop.outbox.submit(push("z", app="other"))
    until(lambda: {"4 tell", "z tell"} <= set(shop.lines()), "the jobs end")

    assert sorted(shop.lines()) == sorted([*done("4"), *done("z")])


async def test_an_older_push_does_nothing_after_a_newer_one(shop: Shop) -> None:
    """A delivery that comes late must not bring back an old state."""
    await shop.outbox.submit(push("new", moment=2))
    shop.start()
    until(shop.has("new tell"), "the newer job ends")
    await shop.outbox.submit(push("late", moment=1))
    await shop.outbox.submit(push("z", "other"))
    until(shop.has("z tell"), "a later job ends")

    assert shop.lines() == [*done("new"), *done("z")]


async def test_tries_again_until_the_engine_is_back(shop: Shop) -> None:
    """An engine that is down is nobody's fault: said once, then tried again."""
    await shop.outbox.submit(push("a", "down"))
    shop.start()
    until(lambda: shop.lines().count("a build") == 2, "the second try")
    shop.open_gate()
    until(shop.has("a tell"), "the job ends")

    lines = shop.lines()
    assert lines.count("a waits: the engine is down") == 1
    assert [line for line in lines if line != "a build"] == [
        "a fetch",
        "a scan",
        "a waits: the engine is down",
        "a open",
        "a tell",
    ]


async def test_gives_up_when_the_engine_stays_down(shop: Shop) -> None:
    """A job does not wait for ever, and its end is said."""
    await shop.outbox.submit(push("a", "down"))
    shop.start()
    until(shop.has("a gives up: the engine is down"), "the job ends")

    assert shop.lines().count("a build") == 4


async def test_says_so_when_a_job_breaks(shop: Shop) -> None:
    """An error of ours ends one job, with a word, and no other."""
    await shop.outbox.submit(push("a", "broken"))
    await shop.outbox.submit(push("z", app="other"))
    shop.start()
    until(shop.has("a gives up: it cannot be built"), "the job ends")
    until(shop.has("z tell"), "the other job ends")

    assert [line for line in shop.lines() if line.startswith("a")] == [
        "a fetch",
        "a scan",
        "a build",
        "a gives up: it cannot be built",
    ]


async def test_says_it_again_until_it_is_heard(shop: Shop) -> None:
    """A check run must not stay open because GitHub was down at the end."""
    await shop.outbox.submit(push("a", "mute"))
    shop.start()
    until(shop.has("a is not heard"), "the first word is lost")
    shop.open_gate()
    until(shop.has("a gives up: it cannot be built"), "the job ends")

    assert shop.lines().count("a build") == 1


async def test_says_the_end_of_a_job_that_kills_its_worker(shop: Shop) -> None:
    """Though it gets on each time, it must not go on so for ever."""
    await shop.outbox.submit(push("a", "gated"))
    worker = shop.start()
    until(shop.has("a build"), "the build begins")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    shop.count_beginnings(100)
    shop.start()
    lost = "a gives up: push~octo/app~gated~1~a"
    until(shop.has(lost), "its end is said")

    assert shop.lines().count("a build") == 1


async def test_a_job_that_kills_its_worker_at_one_step_is_begun_three_times(
    shop: Shop,
) -> None:
    """The next worker would die of it too, and no other job would be done."""
    await shop.outbox.submit(push("a", "gated"))
    for time in (1, 2, 3):
        worker = shop.start()
        until(lambda: shop.lines().count("a build") == time, "the build begins")  # noqa: B023 - waited for here
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    shop.start()
    until(shop.has("a gives up: push~octo/app~gated~1~a"), "its end is said")

    assert shop.lines().count("a build") == 3


async def test_a_worker_that_is_told_to_stop_does_not_count(shop: Shop) -> None:
    """A day of deployments must not end a long build."""
    await shop.outbox.submit(push("a", "gated"))
    for time in (1, 2, 3, 4):
        worker = shop.start()
        until(lambda: shop.lines().count("a build") == time, "the build begins")  # noqa: B023 - waited for here
        worker.terminate()
        worker.wait()
    shop.open_gate()
    shop.start()
    until(shop.has("a tell"), "the job ends")

    assert shop.lines().count("a build") == 5


async def test_a_refusal_ends_the_job_calmly(shop: Shop) -> None:
    """An installation that was suspended is no crash, and no reason to try again."""
    await shop.outbox.submit(push("a", "refused"))
    shop.start()
    until(shop.has("a gives up: the installation is suspended"), "the job ends")

    assert shop.lines().count("a build") == 1
    assert "Traceback" not in (shop.folder / "one.log").read_text()


async def test_does_one_job_of_a_repository_at_a_time(shop: Shop) -> None:
    """Two jobs side by side could open the same check run twice."""
    await shop.outbox.submit(push("a", "gated"))
    await shop.outbox.submit(push("b", "main"))
    await shop.outbox.submit(push("z", app="other"))
    shop.start()
    until(shop.has("a build"), "the first job begins")
    until(shop.has("z tell"), "another repository's job ends")

    assert not [line for line in shop.lines() if line.startswith("b")]


async def test_a_comment_is_answered_while_a_push_is_judged(shop: Shop) -> None:
    """A command is acknowledged at once, however slow a registry is."""
    await shop.outbox.submit(push("a", "gated"))
    shop.start()
    until(shop.has("a build"), "the first job begins")
    await shop.outbox.submit(comment("c"))
    until(shop.has("c answered"), "the comment is answered")

    assert "a build stopped" not in shop.lines()


async def test_a_job_that_waits_for_github_keeps_nobody_waiting(shop: Shop) -> None:
    """One owner's rate limit lasts an hour; the others' pushes go on."""
    for name in "abcde":
        await shop.outbox.submit(push(name, "limited", app=name))
    shop.start()
    for name in "abcde":
        until(shop.has(f"{name} build"), "every limited job has begun")
    await shop.outbox.submit(push("f", app="f"))
    until(shop.has(f"f {STEPS[-1]}"), "another repository is served")


async def test_no_more_jobs_work_at_once_than_there_are_seats(shop: Shop) -> None:
    """Each of them reads a tree and judges it."""
    for name in "abcdef":
        await shop.outbox.submit(push(name, "gated", app=name))
    shop.start()
    until(lambda: builds(shop) == SEATS, "every seat is taken")
    await asyncio.sleep(1.0)

    assert builds(shop) == SEATS
    shop.open_gate()
    until(lambda: builds(shop) == len("abcdef"), "the others take the seats")


def builds(shop: Shop) -> int:
    """Return how many jobs have begun to build."""
    return sum(line.endswith(" build") for line in shop.lines())


async def test_two_workers_of_one_name_do_not_work_side_by_side(shop: Shop) -> None:
    """They would do the same jobs twice."""
    shop.start()
    second = shop.launch()

    assert second.wait(30) == 1
    told = (shop.folder / "one.log").read_text().strip().splitlines()[-1]
    assert told == (
        "A worker called one is at work with this database already, and two of one "
        "name would do the same jobs. Stop it; on PostgreSQL another "
        "MULTIARCH_WORKER will do, a SQLite file takes one worker."
    )


async def test_goes_on_with_the_jobs_of_a_worker_that_died(shop: Shop) -> None:
    """A machine that is gone takes no job with it."""
    await shop.outbox.submit(push("a", "gated"))
    first = shop.start("one")
    until(shop.has("a build"), "the build begins")
    if shop.url.startswith("postgresql"):
        shop.start("two")
    first.send_signal(signal.SIGKILL)
    first.wait()
    shop.open_gate()
    if not shop.url.startswith("postgresql"):
        shop.start("two")
    until(shop.has("a tell"), "the job ends")

    assert shop.lines() == done("a", "build")


async def test_counts_the_jobs_that_are_open(shop: Shop) -> None:
    """The figure that /ready shows comes from the database itself."""
    await shop.outbox.submit(push("a"))
    await shop.outbox.submit(push("b", "gated", app="other"))

    assert await shop.outbox.depth() == {"waiting": 2, "running": 0}
    shop.start()
    await shop.outbox.submit(push("z", "main", 2))
    until(lambda: {"b build", "z tell"} <= set(shop.lines()), "b is left")
    depth = {"waiting": 0, "running": 2}
    while depth == {"waiting": 0, "running": 2}:
        depth = dict(await shop.outbox.depth())
    assert depth == {"waiting": 0, "running": 1}


async def test_what_another_version_began_is_told_and_let_go(shop: Shop) -> None:
    """It would count as at work for ever, and its check run would stay open."""
    await shop.outbox.submit(push("a", "proved"))
    worker = shop.start()
    until(shop.has("a build"), "the build begins")
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    begun = "workflow_status SET application_version = '0' WHERE status = 'PENDING'"
    shop.write(begun)
    shop.open_gate()
    shop.start()
    until(shop.has("a.prove gives up: push~octo/app~proved~1~a.prove"), "it is told")
    await shop.outbox.submit(push("z", "proved", app="other"))
    until(shop.has("z tell"), "another is built")

    assert shop.lines().count("a build") == 1


async def test_a_job_that_waits_too_long_leaves_its_place(shop: Shop) -> None:
    """Who builds keeps a runner from others, while GitHub is down too."""
    await shop.outbox.submit(push("a", "limited"))
    (shop.folder / "hurried").touch()
    shop.start()
    until(shop.has("a gives up: the rate limit is used up"), "it gives up")

    assert shop.lines().count("a build") == 1
