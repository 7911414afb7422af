"""Repair a tree in memory until another look at it finds nothing to repair."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.model import Safety
from bot.proof import Change
from bot.repair import repaired
from bot.snapshot import Snapshot
from bot.view import View

ROUNDS = 25
"""How often a repaired tree is looked at again for what the repair uncovered."""
Look = Callable[[Snapshot], Awaitable[View]]
"""Asks about the images of a tree and runs the rules over it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A tree that has nothing more to repair, and how it got there.

    *stable* is false where the rounds ran out: two repairs undo each other.
    """

    before: Snapshot
    view: View
    changes: tuple[Change, ...]
    stable: bool = True


async def settle(before: Snapshot, look: Look, floor: Safety) -> Settled:
    """Make every repair that is at least as safe as *floor*, and what it uncovers."""
    changes: tuple[Change, ...] = ()
    view = await look(before)
    for _ in range(ROUNDS):
        after, made = repaired(view.snapshot, view.findings, floor)
        if not made:
            return Settled(before, view, changes)
        changes += made
        view = await look(after)
    _, made = repaired(view.snapshot, view.findings, floor)
    return Settled(before, view, changes, stable=not made)
