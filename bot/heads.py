"""Which commit of a fork's pull request somebody meant who asked for a build. Pure.

Trusted is what GitHub's webhooks told, and when by GitHub's clock: never a date in
a commit, which is its author's to choose. Where they do not tell for sure, nothing
is guessed: the commit is to be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from bot.errors import UserError
from bot.events import PullRequest

MARGIN = 60
"""Seconds before a comment in which a push may have gone unseen by its author."""
LONG = 20
"""Digits from which on nobody can make a commit whose id begins alike."""

_ASK = (
    "Look at the commits and name the one that is to be built: "
    "`/multiarch fix COMMIT`, such as `/multiarch fix abc1234`."
)


def seen(told: Iterable[PullRequest], now: str, moment: int) -> str:
    """Return the head that was there for all to see at *moment*.

    *told* are the heads that webhooks told, in whatever order; *now* is what the
    pull request shows now. UserError where there is a doubt.
    """
    moves = sorted(told, key=lambda one: (one.moment, not one.opened))
    early = tuple(takewhile(lambda one: _could_be_seen(one, moment), moves))
    late = moves[len(early) :]
    if not early or _disagree(early):
        raise UserError(
            "Multiarch was not told which commit this pull request showed when "
            "`/multiarch fix` was said, and a fork's code is built only when somebody "
            f"with write access has seen it. {_ASK}"
        )
    head = early[-1].head
    near = [one for one in late if one.moment <= moment]
    if any(one.head != head for one in near):
        raise UserError(
            "Commits were pushed to this pull request within the minute before "
            "`/multiarch fix` was said, so it is not clear which one was seen. "
            f"{_ASK}"
        )
    if not _leads(head, late, now):
        raise UserError(
            "New commits were pushed to this pull request around the time that "
            "`/multiarch fix` was said, and a fork's code is built only when somebody "
            f"with write access has seen it. {_ASK}"
        )
    return head


def named(
    name: str, told: Iterable[PullRequest], commits: Sequence[str], moment: int
) -> str:
    """Return the commit whose id begins with *name*, of those of a pull request.

    *commits* are those that it holds now. A short name counts only for a head that
    was told before *moment*: for another, a fork could make a commit of that name
    once it has been said.
    """
    known = tuple(told)
    every = {*commits, *(one.head for one in known)}
    fitting = sorted(one for one in every if one.startswith(name))
    if not fitting:
        raise UserError(
            f"No commit of this pull request begins with `{name}`, so nothing is "
            f"built. {_ASK}"
        )
    if len(fitting) > 1:
        raise UserError(
            f"More than one commit of this pull request begins with `{name}`, so it "
            "is not clear which one is meant. Name it with all of its 40 digits."
        )
    (commit,) = fitting
    before = any(one.head == commit and one.moment < moment for one in known)
    if len(name) < LONG and not before:
        raise UserError(
            f"Multiarch was not told of `{name}` before it was named, and a commit "
            "whose id begins alike can be made in minutes. Name it with all of its "
            "40 digits."
        )
    return commit


def _could_be_seen(one: PullRequest, moment: int) -> bool:
    """Tell whether who wrote at *moment* had no older head before his eyes."""
    return one.moment <= (moment if one.opened else moment - MARGIN)


def _disagree(early: Sequence[PullRequest]) -> bool:
    """Tell whether two heads have the same latest moment: either may be newer."""
    latest = early[-1].moment
    return len({one.head for one in early if one.moment == latest}) > 1


def _leads(head: str, late: Iterable[PullRequest], now: str) -> bool:
    """Tell whether *late* lead from *head* to *now* without a gap.

    A push that no webhook told may have come before the comment.
    """
    for one in late:
        if head not in {one.head, one.before}:
            return False
        head = one.head
    return head == now
