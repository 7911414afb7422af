"""What the bot writes on GitHub, and that it writes nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import UserError
from bot.github_ports import CommentRef, GitHubUnavailableError
from bot.model import Source
from bot.publishing import (
    Annotation,
    Button,
    CheckReport,
    Commit,
    Conclusion,
    Level,
    PullRequestText,
    Reaction,
    Remark,
    Review,
)
from tests.github.conftest import NAME, Home

RUNNING = CheckReport("Building", "It builds.")
FIXED = Commit("Use alpine:3.6\n", (Source("Dockerfile", "FROM alpine:3.6\n"),))


def annotation(line: int) -> Annotation:
    """Return an annotation that differs by its line."""
    return Annotation("Dockerfile", line, line, Level.FAILURE, "title", f"line {line}")


def number(value: object) -> int:
    """Return the number of what a person opened or wrote."""
    assert isinstance(value, dict)
    known = value.get("number", value["id"])
    assert isinstance(known, int)
    return known


async def open_pull(home: Home) -> int:
    """Open a pull request that changes the Dockerfile."""
    files = {"Dockerfile": "FROM alpine:3.4\nRUN true\nRUN false\n"}
    await home.github.commit("octocat", NAME, files, branch="topic")
    return number(await home.github.open_pull("octocat", NAME, "topic"))


async def test_a_check_run_is_made_once(home: Home) -> None:
    """A job that starts again finds the check run of its first try."""
    head = await home.github.head(NAME)

    first = await home.publisher.find_or_create_check(head, "job-1", RUNNING)
    again = await home.publisher.find_or_create_check(head, "job-1", RUNNING)
    other = await home.publisher.find_or_create_check(head, "job-2", RUNNING)

    assert first == again != other
    assert [run.external_id for run in home.github.check_runs(NAME)] == [
        "job-1",
        "job-2",
    ]


async def test_annotations_go_in_batches_and_never_twice(home: Home) -> None:
    """GitHub takes fifty at a time and adds to what is there."""
    head = await home.github.head(NAME)
    check = await home.publisher.find_or_create_check(head, "job", RUNNING)
    report = replace(
        RUNNING,
        conclusion=Conclusion.FAILURE,
        annotations=tuple(annotation(line) for line in range(1, 121)),
        buttons=(Button("Fix", "Prove a fix", "fix"),),
    )

    await home.publisher.update_check(check, report)
    await home.publisher.update_check(check, report)

    (run,) = home.github.check_runs(NAME)
    assert len(run.annotations) == 120
    assert (run.status, run.conclusion) == ("completed", "failure")


async def test_a_review_is_posted_with_suggestions(home: Home) -> None:
    """Remarks stand on lines, and their fingerprints are found again."""
    pull = await open_pull(home)
    head = await home.github.head(NAME, "topic")
    remarks = (
        Remark("Dockerfile", 1, 1, "```suggestion\nFROM alpine:3.6\n```", "one"),
        Remark("Dockerfile", 2, 3, "two lines", "two"),
    )

    await home.publisher.review(pull, head, Review("Two remarks.", remarks))

    assert await home.publisher.fingerprints(pull) == {"one", "two"}


async def test_a_strangers_marker_counts_for_nothing(home: Home) -> None:
    """Nobody can silence a remark by pretending that it was made."""
    pull = await open_pull(home)
    body = {
        "body": "<!-- multiarch:remark one -->",
        "commit_id": await home.github.head(NAME, "topic"),
        "path": "Dockerfile",
        "line": 1,
        "side": "RIGHT",
    }
    path = f"/repos/{NAME}/pulls/{pull}/comments"
    await home.github.as_person("octocat", "POST", path, body)

    assert await home.publisher.fingerprints(pull) == frozenset()


async def test_a_remark_off_the_diff_is_not_lost(home: Home) -> None:
    """GitHub refuses a line that the diff does not show; the words remain."""
    pull = await open_pull(home)
    head = await home.github.head(NAME, "topic")
    remark = Remark("Makefile", 1, 1, "a remark", "one")

    await home.publisher.review(pull, head, Review("One remark.", (remark,)))

    path = f"/repos/{NAME}/pulls/{pull}/reviews"
    reviews = await home.github.as_person("octocat", "GET", path)
    assert isinstance(reviews, list)
    assert [item["body"] for item in reviews if isinstance(item, dict)] == [
        "One remark.\n\n`Makefile` line 1: a remark"
    ]


async def test_a_hostile_path_off_the_diff_stays_a_path(home: Home) -> None:
    """Git takes line feeds in names; in our words they must break nothing."""
    pull = await open_pull(home)
    head = await home.github.head(NAME, "topic")
    remark = Remark("a\n\n@octo/team/Makefile", 1, 1, "x" * 65_400, "one")

    await home.publisher.review(pull, head, Review("One remark.", (remark, remark)))

    path = f"/repos/{NAME}/pulls/{pull}/reviews"
    reviews = await home.github.as_person("octocat", "GET", path)
    assert isinstance(reviews, list)
    note = "(2 parts of this text are left out: GitHub takes 65535 characters.)"
    assert [item["body"] for item in reviews if isinstance(item, dict)] == [
        f"One remark.\n\n{note}"
    ]
    short = Remark("a\n\n@octo/team/Makefile", 1, 1, "a remark", "two")
    await home.publisher.review(pull, head, Review("One remark.", (short,)))
    reviews = await home.github.as_person("octocat", "GET", path)
    assert isinstance(reviews, list)
    assert [item["body"] for item in reviews if isinstance(item, dict)][1] == (
        "One remark.\n\n`a @octo/team/Makefile` line 1: a remark"
    )


async def test_a_comment_is_edited_in_place(home: Home) -> None:
    """Each new comment would notify every subscriber."""
    pull = await open_pull(home)

    for body in ("Working.", "Working.", "Done."):
        await home.publisher.comment(pull, "job-1", body)

    path = f"/repos/{NAME}/issues/{pull}/comments"
    comments = await home.github.as_person("octocat", "GET", path)
    assert isinstance(comments, list)
    assert [item["body"] for item in comments if isinstance(item, dict)] == [
        "Done.\n\n<!-- multiarch:job-1 -->"
    ]


async def test_reacts_to_a_comment(home: Home) -> None:
    """The author sees at once that the command arrived."""
    pull = await open_pull(home)
    said = await home.github.comment("octocat", NAME, pull, "/multiarch fix")
    comment = CommentRef(number(said))

    await home.publisher.react(comment, Reaction.SEEN)
    await home.publisher.react(comment, Reaction.SEEN)

    path = f"/repos/{NAME}/issues/comments/{comment.id}/reactions"
    reactions = await home.github.as_person("octocat", "GET", path)
    assert isinstance(reactions, list)
    assert [item["content"] for item in reactions if isinstance(item, dict)] == ["eyes"]


async def test_commits_on_a_branch_once(home: Home) -> None:
    """The same commit twice is one commit; the mode of files stays."""
    head = await home.github.head(NAME)

    first = await home.publisher.commit("main", head, FIXED)
    again = await home.publisher.commit("main", head, FIXED)

    assert first == again == await home.github.head(NAME)
    assert await home.github.read(NAME, "Dockerfile") == "FROM alpine:3.6\n"
    assert await home.github.read(NAME, "main.go") == "package main\n"


async def test_a_program_stays_a_program(home: Home) -> None:
    """A build script that loses its bit no longer runs."""
    head = await home.github.head(NAME)
    commit = replace(FIXED, executable=frozenset({"Dockerfile"}))
    await home.publisher.commit("main", head, commit)

    git = home.github.repository(NAME).git
    listed = await git.run("ls-tree", "main", "Dockerfile", "main.go")
    assert [line.split()[0] for line in listed.splitlines()] == [b"100755", b"100644"]


async def test_annotations_are_not_sent_twice_by_another_worker(home: Home) -> None:
    """What one worker remembers of a check run, another has to ask."""
    head = await home.github.head(NAME)
    check = await home.publisher.find_or_create_check(head, "job", RUNNING)
    report = replace(RUNNING, annotations=(annotation(1),))
    home.github.faults.break_down("PATCH .*/check-runs/", after_effect=True)

    with pytest.raises(GitHubUnavailableError):
        await home.publisher.update_check(check, report)
    await home.publisher.update_check(check, report)

    (run,) = home.github.check_runs(NAME)
    assert len(run.annotations) == 1


async def test_never_commits_over_somebody_elses_push(home: Home) -> None:
    """A proof of one head says nothing about the next one."""
    head = await home.github.head(NAME)
    moved = await home.github.commit("octocat", NAME, {"Dockerfile": "FROM a\n"})

    assert await home.publisher.commit("main", head, FIXED) is None
    assert await home.publisher.commit("absent", head, FIXED) is None
    assert await home.github.head(NAME) == moved


async def test_says_that_a_rule_forbids_to_commit(home: Home) -> None:
    """A protected branch has not moved: to say so would send people looking."""
    head = await home.github.head(NAME)
    rule = "Repository rule violations found"
    home.github.faults.refuse("PATCH .*/git/refs/heads/main", rule)

    with pytest.raises(UserError, match=rule):
        await home.publisher.commit("main", head, FIXED)


async def test_our_branch_follows_its_base(home: Home) -> None:
    """The fix pull request's branch is made, kept, and moved with its base."""
    head = await home.github.head(NAME)
    first = await home.publisher.put_branch("multiarch/main", head, FIXED)
    again = await home.publisher.put_branch("multiarch/main", head, FIXED)
    base = await home.github.commit("octocat", NAME, {"main.go": "package a\n"})
    moved = await home.publisher.put_branch("multiarch/main", base, FIXED)

    assert first == again != moved
    assert await home.github.head(NAME, "multiarch/main") == moved
    assert await home.github.read(NAME, "main.go", "multiarch/main") == "package a\n"


async def test_our_branch_is_left_alone_once_somebody_pushed(home: Home) -> None:
    """Nobody's work on top of ours is thrown away."""
    head = await home.github.head(NAME)
    await home.publisher.put_branch("multiarch/main", head, FIXED)
    theirs = await home.github.commit(
        "octocat", NAME, {"notes": "mine"}, branch="multiarch/main"
    )
    base = await home.github.commit("octocat", NAME, {"main.go": "package a\n"})

    with pytest.raises(UserError, match="Somebody else has pushed"):
        await home.publisher.put_branch("multiarch/main", base, FIXED)

    assert await home.github.head(NAME, "multiarch/main") == theirs


async def test_our_commit_is_left_alone_once_somebody_amended_it(home: Home) -> None:
    """An amended commit still names us as its author: its committer tells."""
    head = await home.github.head(NAME)
    ours = await home.publisher.put_branch("multiarch/main", head, FIXED)
    git = f"/repos/{NAME}/git"
    known = await home.github.as_person("octocat", "GET", f"{git}/commits/{ours}")
    mine = {"name": "Octo", "email": "octocat@example.com"}
    parts = {"author": known["author"], "committer": mine, "parents": [head]}
    data = {"message": "Mine", "tree": known["tree"]["sha"], **parts}
    made = await home.github.as_person("octocat", "POST", f"{git}/commits", data)
    moved = {"sha": made["sha"], "force": True}
    ref = f"{git}/refs/heads/multiarch/main"
    await home.github.as_person("octocat", "PATCH", ref, moved)
    base = await home.github.commit("octocat", NAME, {"main.go": "package a\n"})

    with pytest.raises(UserError, match="Somebody else has pushed"):
        await home.publisher.put_branch("multiarch/main", base, FIXED)

    assert await home.github.head(NAME, "multiarch/main") == made["sha"]


async def test_a_branch_in_the_way_of_ours_is_told(home: Home) -> None:
    """Git keeps no branch below another one."""
    head = await home.github.head(NAME)
    await home.github.commit("octocat", NAME, {"a": "b\n"}, branch="multiarch")

    with pytest.raises(UserError, match="does not let Multiarch write the branch"):
        await home.publisher.put_branch("multiarch/main", head, FIXED)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_rule_about_our_own_branch_is_told(home: Home, method: str) -> None:
    """A ruleset may cover every branch, also those that the bot makes."""
    head = await home.github.head(NAME)
    if method == "PATCH":
        await home.publisher.put_branch("multiarch/main", head, FIXED)
        head = await home.github.commit("octocat", NAME, {"main.go": "package a\n"})
    rule = "Repository rule violations found"
    home.github.faults.refuse(f"{method} .*/git/refs", rule)

    with pytest.raises(UserError, match=rule):
        await home.publisher.put_branch("multiarch/main", head, FIXED)


async def test_a_base_that_is_gone_is_told(home: Home) -> None:
    """The default branch may be renamed while its fix is being proven."""
    head = await home.github.head(NAME)
    await home.publisher.put_branch("multiarch/main", head, FIXED)
    text = PullRequestText("Build on arm64", "Because.")

    with pytest.raises(UserError, match="renamed or deleted meanwhile"):
        await home.publisher.put_pull_request("multiarch/main", "master", text)


async def test_a_review_of_a_head_that_is_gone_is_left_to_the_job(home: Home) -> None:
    """A forced push may come between our question and our answer."""
    number = await open_pull(home)
    content = Review("Text.", (Remark("Dockerfile", 3, 3, "x", "f"),))

    with pytest.raises(GitHubUnavailableError, match="does not take the review"):
        await home.publisher.review(number, "0" * 40, content)


async def test_opens_one_pull_request_and_edits_it(home: Home) -> None:
    """Two jobs for one base branch never open two pull requests."""
    head = await home.github.head(NAME)
    await home.publisher.put_branch("multiarch/main", head, FIXED)
    text = PullRequestText("Build on arm64", "Because.")

    first = await home.publisher.put_pull_request("multiarch/main", "main", text)
    again = await home.publisher.put_pull_request(
        "multiarch/main", "main", replace(text, body="Because of this.")
    )

    assert first.number == again.number
    assert [pull.body for pull in home.github.pulls(NAME)] == ["Because of this."]
