"""From a push to a check run, and from the default branch to a proven fix."""

from __future__ import annotations

import json

import pytest

from bot.errors import EngineUnavailableError
from bot.events import Place, Push
from bot.job import Job
from bot.report import pull_request
from tests.pipeline.conftest import NAME, Town

DOCKERFILE = 'FROM alpine:3.4\nCMD ["/bin/false"]\n'
FIXED = 'FROM alpine:3.6\nCMD ["/bin/false"]\n'
FIX = pull_request.branch("main")


async def test_leaves_alone_what_touches_no_build_file(town: Town) -> None:
    """Most pushes: no job, no call, no word."""
    await town.github.commit("alice", NAME, {"README.md": "More.\n"})

    assert await town.work() == []
    assert town.asked() == []


async def test_offers_a_proven_fix_for_the_default_branch(town: Town) -> None:
    """The whole way: judged, built, repaired, built again, proven, offered."""
    head = await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    await town.work()

    assert town.verdict(head) == ("completed", "A proven fix is ready", "failure", 1)
    (pull,) = town.github.pulls(NAME)
    assert pull.title == "Build and run on arm64"
    (run,) = town.checks(head)
    where = f"The fix is in pull request #{pull.number}; merge it to have it.\n\n"
    assert str(run.summary).startswith(where)
    assert await town.github.read(NAME, "Dockerfile", FIX) == FIXED
    assert town.runner.builds == [
        ("linux/arm64", "FROM alpine:3.4"),
        ("linux/arm64", "FROM alpine:3.6"),
        ("linux/amd64", "FROM alpine:3.6"),
    ]


async def test_done_twice_it_posts_nothing_twice(town: Town) -> None:
    """A job that dies half-way is begun again from its first step."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    first = await town.work()
    body = town.github.pulls(NAME)[0].body
    for job in first:
        await town.do(job)

    assert len(town.github.check_runs(NAME)) == 1
    assert [pull.body for pull in town.github.pulls(NAME)] == [body]
    assert len(town.github.check_runs(NAME)[0].annotations) == 1


async def test_keeps_one_fix_for_one_branch(town: Town) -> None:
    """A second push moves the offer, it does not make another."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    await town.work()
    again = DOCKERFILE.replace("false", "true")
    await town.github.commit("alice", NAME, {"Dockerfile": again})
    await town.work()

    assert len(town.github.pulls(NAME)) == 1
    expected = FIXED.replace("false", "true")
    assert await town.github.read(NAME, "Dockerfile", FIX) == expected


async def test_says_nothing_but_yes_to_a_healthy_project(town: Town) -> None:
    """A green check, and nothing else."""
    head = await town.github.commit("alice", NAME, {"Dockerfile": FIXED})
    await town.work()

    assert town.verdict(head) == ("completed", "Proven on arm64", "success", 0)
    assert town.github.pulls(NAME) == []


async def test_only_judges_other_branches(town: Town) -> None:
    """A build for every push to every branch is nobody's wish."""
    head = await town.github.commit(
        "alice", NAME, {"Dockerfile": DOCKERFILE}, branch="topic"
    )
    await town.work()

    assert town.verdict(head) == ("completed", "1 finding", "failure", 1)
    assert town.runner.builds == []


async def test_a_push_costs_three_reads(town: Town) -> None:
    """The budget for a relevant push, whatever it leads to afterwards."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE}, branch="topic")
    await town.work()

    assert len(town.asked("GET")) <= 3


async def test_a_push_that_ends_in_a_fix_costs_three_reads_as_well(town: Town) -> None:
    """Also where a build, a branch, a commit and a pull request follow from it."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    await town.work()

    assert len(town.github.pulls(NAME)) == 1
    assert len(town.asked("GET")) == 3


async def test_says_that_an_engine_is_down(town: Town) -> None:
    """Whose fault it is, and that nothing has to be done."""
    town.runner.down = True
    head = await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    (push,) = await town.jobs()
    (prove,) = await town.do(push)
    with pytest.raises(EngineUnavailableError) as caught:
        await town.do(prove)
    await town.office.postpone(prove, caught.value)
    waiting = town.verdict(head)
    await town.office.give_up(prove, caught.value)

    assert waiting == ("in_progress", "Waiting for a runner", None, 1)
    assert town.verdict(head) == ("completed", "No runner answered", "failure", 1)
    town.runner.down = False
    await town.do(prove)
    assert town.verdict(head) == ("completed", "A proven fix is ready", "failure", 1)


async def test_ends_the_check_run_of_a_head_that_is_gone(town: Town) -> None:
    """A build that a newer push stops must not be shown as going on for ever."""
    head = await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    (push,) = await town.jobs()
    (prove,) = await town.do(push)
    before = town.verdict(head)
    await town.office.supersede(push)
    await town.office.supersede(prove)

    assert before == ("in_progress", "Building for arm64", None, 1)
    title = "Superseded by a newer push"
    assert town.verdict(head) == ("completed", title, "cancelled", 1)


async def test_says_that_an_error_is_ours(town: Town) -> None:
    """One calm sentence, with what the operator needs to find it."""
    head = await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    (push,) = await town.jobs()
    await town.office.give_up(push, ZeroDivisionError())

    (run,) = town.checks(head)
    assert (run.title, run.conclusion) == ("Multiarch could not finish", "neutral")
    assert push.delivery in str(run.summary)


async def test_shows_mistakes_of_the_configuration(town: Town) -> None:
    """On their line, with defaults in their place."""
    text = "# ours\nbilds: []\n"
    files = {"Dockerfile": FIXED, ".github/multiarch.yml": text}
    head = await town.github.commit("alice", NAME, files, branch="topic")
    await town.work()

    (run,) = town.checks(head)
    (note,) = run.annotations
    assert (note["path"], note["start_line"]) == (".github/multiarch.yml", 2)
    assert "`builds`" in note["message"]
    assert str(run.summary).endswith("defaults stand in for them.")


async def test_says_what_it_could_not_read_and_who_did_not_answer(town: Town) -> None:
    """Silence about a file or an image would look like approval."""
    files = {
        "Dockerfile": "FROM registry.example/app:1\n",
        "large/Dockerfile": "#" * ((1 << 20) + 1),
    }
    head = await town.github.commit("alice", NAME, files, branch="topic")
    await town.work()

    (run,) = town.checks(head)
    text = str(run.text)
    assert "- `registry.example/app:1`: is not in the table" in text
    (line,) = [line for line in text.splitlines() if "large/Dockerfile" in line]
    assert "1 MiB" in line


async def test_compares_where_the_payload_is_cut(town: Town) -> None:
    """A very large push does not tell what it touches."""
    await town.github.commit("alice", NAME, {"README.md": "More.\n"}, branch="topic")
    before = await town.github.commit("alice", NAME, {"a": "b\n"}, branch="topic")
    await town.jobs()
    quiet = await town.github.commit("alice", NAME, {"a": "c\n"}, branch="topic")
    loud = await town.github.commit("alice", NAME, {"Dockerfile": "#"}, branch="topic")
    await town.do(Job("d-1", "push~1", 1, cut(town, before, quiet)))
    asked = town.asked("GET")
    await town.do(Job("d-2", "push~2", 2, cut(town, quiet, loud)))

    assert asked == [f"GET /repos/{NAME}/compare/{before}...{quiet}"]
    assert town.checks(quiet) == []
    assert len(town.checks(loud)) == 1
    assert len(town.asked("GET")) == 4


def cut(town: Town, before: str, head: str) -> Push:
    """Return a push whose payload does not tell the paths."""
    letter = json.loads(town.inbox.letters[-1].body)
    place = Place(NAME, letter["installation"]["id"], letter["repository"]["id"])
    return Push(place, "topic", "main", before, head, None, 1)


@pytest.mark.parametrize(
    ("before", "after", "judged"),
    [("README.md", "notes", 0), ("Dockerfile", "notes", 1), ("notes", "Makefile", 1)],
    ids=["neither", "what went", "what came"],
)
async def test_a_forced_push_is_judged_by_what_came_and_went(
    town: Town, before: str, after: str, judged: int
) -> None:
    """A branch that is rebased every day gets no check run for its README."""
    text = {"README.md": "a\n", "Dockerfile": DOCKERFILE, "notes": "b\n"}
    await town.github.commit("alice", NAME, {before: text[before]}, branch="topic")
    await town.work()
    start = len(town.asked("GET"))
    content = {after: text.get(after, "all:\n")}
    head = await town.github.commit("alice", NAME, content, branch="other")
    await town.jobs()
    path = f"/repos/{NAME}/git/refs/heads/topic"
    moved = {"sha": head, "force": True}
    await town.github.as_person("alice", "PATCH", path, moved)
    await town.work()

    assert len(town.checks(head)) == judged
    assert len(town.asked("GET")) - start <= 1 + 2 * judged


async def test_a_check_run_can_be_asked_for_again(town: Town) -> None:
    """In a run of its own: the old one keeps what it said."""
    files = {"Dockerfile": DOCKERFILE}
    head = await town.github.commit("alice", NAME, files, branch="topic")
    await town.work()
    town.github.rerequest("alice", NAME, town.checks(head)[0])
    await town.work()

    assert [run.title for run in town.checks(head)] == ["1 finding", "1 finding"]


async def test_an_old_head_that_is_asked_for_again_is_not_proven(town: Town) -> None:
    """Its fix would take the place of the one for the newest head."""
    old = await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    await town.work()
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE + "RUN a\n"})
    await town.work()
    builds = list(town.runner.builds)
    (run,) = town.checks(old)
    run.suite.head_branch = "main"
    town.github.rerequest("alice", NAME, run)
    await town.work()

    assert [run.title for run in town.checks(old)][-1] == "1 finding"
    assert town.runner.builds == builds
    assert await town.github.read(NAME, "Dockerfile", FIX) == FIXED + "RUN a\n"


async def test_keeps_the_proof_when_the_fix_cannot_be_offered(town: Town) -> None:
    """Somebody works on our branch: it is left alone, and the check run says so."""
    await town.github.commit("alice", NAME, {"Dockerfile": DOCKERFILE})
    await town.work()
    await town.github.commit("alice", NAME, {"notes": "mine"}, branch=FIX)
    await town.jobs()
    moved = {"Dockerfile": DOCKERFILE + "RUN a\n"}
    head = await town.github.commit("alice", NAME, moved)
    await town.work()

    (run,) = town.checks(head)
    assert run.title == "A fix is proven but not offered"
    assert str(run.summary).startswith("Somebody else has pushed to")
    assert "### Proof" in str(run.summary)
    assert await town.github.read(NAME, "notes", FIX) == "mine"
