"""The check run of a head: one, found again by its external id."""

from __future__ import annotations

from dataclasses import replace

from bot.desk import Desk
from bot.publishing import Button, CheckReport

_STARTED = CheckReport(
    "Reading the build files",
    "Multiarch reads the build files of this commit and what registries say "
    "about their base images.",
)

FIX = Button("Fix", "Prove a fix and commit it here", "fix")
"""What `/multiarch fix` does, as a button of the check run."""


async def start(desk: Desk, head: str, external_id: str) -> int:
    """Return the check run of *head*, which says that work has begun."""

    async def step() -> int:
        return await desk.publisher.find_or_create_check(head, external_id, _STARTED)

    return await desk.checkpoint("start the check run", step)


async def show(desk: Desk, check: int, report: CheckReport) -> None:
    """Let the check run say *report*."""

    async def step() -> None:
        await desk.publisher.update_check(check, report)

    await desk.checkpoint(f"check run: {report.title}", step)


async def conclude(desk: Desk, check: int, report: CheckReport) -> None:
    """Let a check run that has its annotations already end with *report*."""
    await show(desk, check, replace(report, annotations=()))
