"""Gather what is known about one commit, and judge it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.analysis import analyse
from bot.desk import Desk
from bot.project import Project
from bot.report.check_run import Inspected
from bot.rules import RULES
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
    # Parsing and judging hold the processor: the event loop must not wait.
    project = await asyncio.to_thread(Project.of, snapshot)
    images = project.images(PLATFORM)
    facts = await desk.checkpoint(
        "ask registries", lambda: desk.images.facts(images, PLATFORM)
    )
    analysis = await asyncio.to_thread(analyse, project, facts, RULES)
    # A file whose reader failed was not read either.
    seen = replace(snapshot, skipped=project.skipped)
    return Inspected(seen, facts, analysis, project.config.mistakes)
