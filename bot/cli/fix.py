"""``multiarch fix PATH``: repair what is safe to repair, or prove it by building."""

from __future__ import annotations

import argparse
import asyncio
import os
from functools import partial
from pathlib import Path

from bot import delivery, inspection, local, settling, terminal, workspace
from bot.errors import UserError
from bot.inspection import Asking
from bot.model import Safety
from bot.report import json, text
from bot.settings import Settings
from bot.settling import ROUNDS, Settled
from bot.terminal import Exit, Subcommand

UNSTABLE = (
    f"After {ROUNDS} rounds the repairs still change each other's text, so the result "
    "is not settled. Read it before you keep it, and allow one of the rules."
)

RUNNER_ALONE = (
    "--runner names an engine to build on, and without --prove nothing is built. "
    "Add --prove, or leave --runner out."
)


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
        help="leave the result although the tree has changes that are not committed, "
        "or the file of the patch exists",
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
    if given.runner:
        raise UserError(RUNNER_ALONE)
    settled = asyncio.run(_settle(given))
    if not settled.stable:
        terminal.say(UNSTABLE)
    after = settled.view.snapshot
    local.deliver(given, settled.before, after)
    if given.format == "json":
        terminal.out(json.fix(settled.view, settled.changes))
    elif given.diff:
        terminal.out_patch(delivery.patch(given.path, settled.before, after))
        _tell_beside(settled)
    else:
        terminal.out(text.fixed(settled.view, settled.changes))
    return Exit.FOUND if settled.view.findings or settled.view.mistakes else Exit.CLEAN


def _tell_beside(settled: Settled) -> None:
    """Tell what a patch cannot: what is left, and what nobody judged."""
    told = text.beside(settled.view, done=bool(settled.changes))
    for line in told.splitlines():
        terminal.say(line)


async def _settle(given: argparse.Namespace) -> Settled:
    floor = Safety.UNSAFE if given.unsafe else Safety.SAFE
    before = workspace.read(given.path)
    settings = Settings.from_environment(os.environ)
    async with inspection.image_source(Asking.of(given), settings) as images:
        look = partial(inspection.inspect, platform=given.platform, images=images)
        return await settling.settle(before, look, floor)


COMMAND = Subcommand(
    name="fix",
    summary="Repair what ties a project to one architecture.",
    configure=configure,
    run=run,
)
