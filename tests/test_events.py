"""What the bot reads in payloads, and what it says of broken ones."""

from __future__ import annotations

import pytest

from bot.events import (
    NOTHING,
    CheckRequest,
    Comment,
    CommentRef,
    PayloadError,
    Place,
    PullRequest,
    Push,
)
from tests import payloads

HERE = Place("octo/app", 7, 5)
THEN = 1_700_000_000


def test_reads_a_push() -> None:
    """Every path of every commit counts, whatever was done to it."""
    commits = [
        {"added": ["a"], "modified": [], "removed": []},
        {"added": [], "modified": ["b"], "removed": ["c"]},
    ]
    push = Push.from_payload(payloads.push(commits=commits))

    changed = frozenset({"a", "b", "c"})
    expected = Push(HERE, "main", "main", "a" * 40, "b" * 40, changed, THEN)
    assert push == expected


@pytest.mark.parametrize(
    "parts",
    [{"ref": "refs/tags/v1"}, {"deleted": True, "after": NOTHING}],
    ids=["a tag", "a deleted branch"],
)
def test_there_is_nothing_to_see_in(parts: dict[str, object]) -> None:
    """Neither has a head of a branch to judge."""
    assert Push.from_payload(payloads.push("Dockerfile", **parts)) is None


@pytest.mark.parametrize(
    "commits",
    [
        [{"added": [], "modified": [], "removed": []}] * 2048,
        [{"id": "b"}],
        None,
    ],
    ids=["cut", "without lists", "without commits"],
)
def test_a_push_that_is_cut_must_be_compared(commits: object) -> None:
    """GitHub leaves out what is too much; the payload cannot be trusted then."""
    push = Push.from_payload(payloads.push(commits=commits))

    assert push is not None
    assert (push.changed, push.before) == (None, "a" * 40)


def test_a_forced_push_is_known_as_one() -> None:
    """What it takes away is in no payload: that must be asked for."""
    push = Push.from_payload(payloads.push("README", forced=True))

    assert push is not None
    assert (push.changed, push.forced) == (frozenset({"README"}), True)


def test_a_date_may_be_written_out() -> None:
    """GitHub writes the time of a push as seconds here and as a date there."""
    repository = {**payloads.REPOSITORY, "pushed_at": "2023-11-14T22:13:20Z"}
    push = Push.from_payload(payloads.push(repository=repository))

    assert push is not None
    assert push.moment == THEN


def test_knows_its_own_pushes() -> None:
    """The bot's fix must not set the bot to work, a person's on top must."""
    ours = payloads.push(ref="refs/heads/multiarch/x", sender=payloads.BOT)
    theirs = payloads.push(ref="refs/heads/multiarch/x")
    pushes = (Push.from_payload(ours), Push.from_payload(theirs))

    assert [push.is_ours for push in pushes if push] == [True, False]


def test_reads_a_pull_request() -> None:
    """Its own branch is told from a fork's."""
    pull = PullRequest.from_payload(payloads.pull_request())

    assert pull == PullRequest(
        place=HERE,
        number=7,
        head="b" * 40,
        branch="topic",
        base="main",
        fork=False,
        draft=False,
        moment=THEN,
        opened=True,
    )


def test_a_push_to_a_pull_request_tells_what_was_there_before() -> None:
    """Without a gap from head to head it is known what somebody saw."""
    data = {**payloads.pull_request("synchronize"), "before": "a" * 40}
    pull = PullRequest.from_payload(data)

    assert (pull.before, pull.head, pull.opened) == ("a" * 40, "b" * 40, False)


@pytest.mark.parametrize("repo", [None, {"full_name": "else/app"}])
def test_tells_a_fork(repo: object) -> None:
    """A fork that was deleted is a fork still."""
    head = {"sha": "b", "ref": "topic", "repo": repo}

    assert PullRequest.from_payload(payloads.pull_request(head=head)).fork


def test_reads_a_comment() -> None:
    """A pull request is an issue to GitHub, with one thing more."""
    said = Comment.from_issue(payloads.comment("/multiarch help"))

    assert said == Comment(
        place=HERE,
        ref=CommentRef(99),
        number=7,
        on_pull_request=True,
        author="octocat",
        by_bot=False,
        body="/multiarch help",
        moment=THEN,
    )


def test_reads_a_comment_without_words() -> None:
    """GitHub sends null for an empty body in places."""
    data = payloads.comment("", user=payloads.BOT)
    data["comment"]["body"] = None
    del data["issue"]["pull_request"]
    said = Comment.from_issue(data)

    assert (said.body, said.by_bot, said.on_pull_request) == ("", True, False)


def test_reads_a_comment_in_a_review() -> None:
    """Reactions to it live elsewhere, so it is told apart."""
    data = payloads.comment("/multiarch fix")
    data["pull_request"] = {"number": 7}
    del data["issue"]
    said = Comment.from_review(data)

    assert said.ref == CommentRef(99, in_review=True)
    assert said.on_pull_request


def test_reads_a_button_of_the_check_run() -> None:
    """The action is the button; asking again has none."""
    again = CheckRequest.from_payload(payloads.check_run())
    data = payloads.check_run(requested_action={"identifier": "fix"})
    data["check_run"]["pull_requests"] = [{"number": 7}]
    fix = CheckRequest.from_payload(data)

    assert again == CheckRequest(
        HERE, "b" * 40, "main", "main", None, "", "octocat", THEN
    )
    assert (fix.action, fix.pull_request) == ("fix", 7)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ([], "payload is not an object, so it has no ref."),
        ({}, "payload.ref is missing."),
        (payloads.push(ref=1), "payload.ref is not a string."),
        (
            payloads.push(installation={"id": "7"}),
            "payload.installation.id is not a number.",
        ),
        (
            payloads.push(installation={"id": True}),
            "payload.installation.id is not a number.",
        ),
        (payloads.push(commits={}), "payload.commits is not a list."),
        (
            payloads.push(repository={**payloads.REPOSITORY, "pushed_at": "today"}),
            "payload.repository.pushed_at is not a date.",
        ),
        (payloads.push(7), "payload.commits[0].modified[0] is not a string."),  # type: ignore[arg-type] # wrong on purpose
    ],
)
def test_says_what_is_wrong_with_a_payload(data: object, complaint: str) -> None:
    """Whoever sends it learns where to look."""
    with pytest.raises(PayloadError) as caught:
        Push.from_payload(data)

    assert str(caught.value) == complaint
