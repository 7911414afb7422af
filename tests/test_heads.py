"""Which commit of a fork somebody meant, and when there is a doubt."""

from __future__ import annotations

import pytest

from bot import heads
from bot.errors import UserError
from bot.events import Place, PullRequest

A, B, C, D = (letter * 40 for letter in "abcd")
THEN = 1000
"""When the comment was written."""


def told(
    head: str, moment: int, before: str = "", *, opened: bool = False
) -> PullRequest:
    """Return what a webhook told of the head of a fork."""
    return PullRequest(
        Place("octo/app", 1, 5),
        number=7,
        head=head,
        branch="topic",
        base="main",
        fork=True,
        draft=False,
        moment=moment,
        before=before,
        opened=opened,
    )


OPENED = told(A, 100, opened=True)


@pytest.mark.parametrize(
    ("moves", "now", "head"),
    [
        ([OPENED], A, A),
        ([told(A, THEN, opened=True)], A, A),
        ([OPENED, told(B, 500, A)], B, B),
        ([told(B, 500, A)], B, B),
        ([told(B, 500, A), OPENED], B, B),
        ([told(B, 500, A), OPENED, told(B, 500, A)], B, B),
        ([OPENED, told(B, THEN + 1, A)], B, A),
        ([OPENED, told(B, THEN + 1, A), told(C, THEN + 9, B)], C, A),
        ([OPENED, told(C, THEN + 9, B), told(B, THEN + 1, A)], C, A),
        ([OPENED, told(A, THEN - 5)], A, A),
        ([OPENED, told(B, THEN - heads.MARGIN, A)], B, B),
    ],
)
def test_knows_what_was_seen(moves: list[PullRequest], now: str, head: str) -> None:
    """In whatever order the webhooks arrive, and though the fork moves on."""
    assert heads.seen(moves, now, THEN) == head


@pytest.mark.parametrize(
    ("moves", "now"),
    [
        ([], A),
        ([OPENED], B),
        ([told(B, THEN + 1, A)], B),
        ([OPENED, told(B, THEN - 1, A)], B),
        ([OPENED, told(B, THEN, A)], B),
        ([OPENED, told(B, THEN + 1, A)], C),
        ([OPENED, told(C, THEN + 9, B)], C),
        ([OPENED, told(B, THEN + 1, A), told(D, THEN + 9, C)], D),
        ([told(A, 100, opened=True), told(B, 500, A), told(C, 500, B)], C),
        ([OPENED, told(B, THEN + 1)], B),
    ],
)
def test_asks_where_there_is_a_doubt(moves: list[PullRequest], now: str) -> None:
    """A lost webhook, a push too near, two within one second: nothing is guessed."""
    with pytest.raises(UserError, match="/multiarch fix COMMIT"):
        heads.seen(moves, now, THEN)


@pytest.mark.parametrize(
    ("name", "moves", "commits"),
    [
        (A, [], [A]),
        (A[:20], [], [A]),
        (A[:7], [OPENED], [A]),
        (A[:7], [OPENED, told(B, 500, A)], [B]),
    ],
)
def test_a_name_is_enough(
    name: str, moves: list[PullRequest], commits: list[str]
) -> None:
    """In full always; in short for a head that was told before."""
    assert heads.named(name, moves, commits, THEN) == A


TWIN = "aaaaaaa" + "f" * 33


@pytest.mark.parametrize(
    ("name", "moves", "commits", "why"),
    [
        (A[:7], [], [A], "can be made in minutes"),
        (A[:19], [told(A, THEN)], [A], "can be made in minutes"),
        (A[:7], [OPENED], [TWIN], "More than one"),
        (A[:7], [OPENED, told(TWIN, THEN + 1, A)], [TWIN], "More than one"),
        (A, [], [B], "No commit of this pull request"),
        (B, [OPENED], [A], "No commit of this pull request"),
    ],
)
def test_a_name_is_not_enough(
    name: str, moves: list[PullRequest], commits: list[str], why: str
) -> None:
    """A fork may push a commit that begins alike after its name was said."""
    with pytest.raises(UserError, match=why):
        heads.named(name, moves, commits, THEN)
