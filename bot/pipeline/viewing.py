"""Gather what is known about one commit, and judge it."""

from __future__ import annotations

from dataclasses import replace

from bot import judging
from bot.desk import Desk
from bot.report.check_run import Inspected
from bot.snapshot import Snapshot

PLATFORM = "linux/arm64"


async def view(desk: Desk, head: str) -> Inspected:
    """Read *head*, ask about its base images, and run the rules.

    What a commit holds never changes, so it is read anew when a job goes on;
    what registries say may change, so that is kept.
    """
    return await judge(desk, await desk.repository.snapshot(head))


async def judge(desk: Desk, snapshot: Snapshot) -> Inspected:
    """Ask about the base images of a tree that was read, and run the rules."""
    found = await desk.judge(judging.survey, snapshot, PLATFORM)
    facts = await desk.checkpoint(
        "ask registries", lambda: desk.images.facts(found.images, PLATFORM)
    )
    known = await desk.judge(judging.assess, snapshot, facts)
    # A file whose reader failed was not read either.
    seen = replace(snapshot, skipped=known.unread)
    return Inspected(seen, facts, known.analysis, known.mistakes)
