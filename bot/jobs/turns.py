"""Fair turns at the runners: by owner, and by repository of an owner. Pure.

Jobs that build are done in the order of a number, the turn. A job's turn is that
of the job at work now, or a round after the last job of its repository, whichever
is later (start-time fair queueing, Goyal, Vin and Cheng 1996). A round has as many
turns as the owner has repositories that wait: so an owner with many has no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FIRST = 1
"""The turn of a job that meets nobody."""


@dataclass(frozen=True, slots=True)
class Open:
    """A job that builds and has not ended: whose it is, its turn, whether begun."""

    repository: str
    turn: int
    begun: bool


def turn(repository: str, known: Iterable[Open]) -> int:
    """Return the turn of a new job of *repository* among those that are open."""
    others = tuple(known)
    owner = repository.partition("/")[0]
    last: dict[str, int] = {}
    for each in others:
        if each.repository.partition("/")[0] == owner:
            last[each.repository] = max(last.get(each.repository, FIRST), each.turn)
    now = _now(others)
    if repository in last:
        return max(now, last[repository] + len(last))
    return now + len(last)


def _now(known: tuple[Open, ...]) -> int:
    """Return the turn that is served, or the next one where nobody is at work."""
    begun = [each.turn for each in known if each.begun]
    waiting = [each.turn for each in known if not each.begun]
    return max(FIRST, max(begun, default=min(waiting, default=FIRST)))
