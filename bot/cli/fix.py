"""``multiarch fix PATH``: repair what is safe to repair, or prove it by building."""

from __future__ import annotations

import argparse
import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from bot import delivery, inspection, local, terminal, workspace
from bot.inspection import Asking, View
from bot.model import Safety
from bot.proof import Change
from bot.repair import repaired
from bot.report import json, text
from bot.settings import Settings
from bot.snapshot import Snapshot
from bot.terminal import Exit, Subcommand

_PASSES = 20
"""How often the repaired tree is looked at again, for what a repair uncovers."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A tree that has nothing more to repair, and how it got there."""

    before: Snapshot
    view: View
    changes: tuple[Change, ...]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``fix``."""
    terminal.add_tree(parser)
    terminal.add_images(parser)
    terminal.add_runner(parser)
    parser.add_argument(
        "--unsafe", action="store_true", help="also apply what is only suggested"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="change the tree although it has changes that are not committed",
    )
    parser.add_argument(
        "--prove",
        action="store_true",
        help="build, read the log, repair and build again until it is proven",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--diff", action="store_true", help="print the changes, change nothing"
    )
    where.add_argument(
        "--branch", metavar="NAME", help="commit the changes on a new branch"
    )
    where.add_argument(
        "--patch", metavar="FILE", type=Path, help="write the changes as a patch"
    )


def run(given: argparse.Namespace) -> Exit:
    """Repair the tree, or prove it."""
    if given.prove:
        return local.prove(given)
    settled = asyncio.run(_settle(given))
    after = settled.view.snapshot
    if given.format == "json":
        shown = json.fix(after, settled.changes, settled.view.findings)
    elif given.diff:
        shown = delivery.patch(settled.before, after).rstrip("\n")
    else:
        shown = "\n".join(_told(settled))
    local.deliver(given, settled.before, after)
    terminal.out(shown)
    return Exit.FOUND if settled.view.findings else Exit.CLEAN


async def _settle(given: argparse.Namespace) -> Settled:
    """Repair in memory until another look finds nothing to repair."""
    floor = Safety.UNSAFE if given.unsafe else Safety.SAFE
    before = workspace.read(given.path)
    changes: tuple[Change, ...] = ()
    settings = Settings.from_environment(os.environ)
    async with inspection.image_source(Asking.of(given), settings) as images:
        view = await inspection.inspect(before, given.platform, images)
        for _ in range(_PASSES):
            after, made = repaired(view.snapshot, view.findings, floor)
            if not made:
                break
            changes += made
            view = await inspection.inspect(after, given.platform, images)
    return Settled(before, view, changes)


def _told(settled: Settled) -> list[str]:
    rows = [f"changed: {change.path} ({change.rule})" for change in settled.changes]
    if not rows:
        rows.append("Nothing to change.")
    left = settled.view.findings
    if left:
        rows += ["", text.findings(settled.view.snapshot, left)]
    return rows


COMMAND = Subcommand(
    name="fix",
    summary="Repair what ties a project to one architecture.",
    configure=configure,
    run=run,
)
