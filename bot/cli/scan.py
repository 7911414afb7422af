"""``multiarch scan PATH``: say what ties a project to one architecture."""

from __future__ import annotations

import argparse
import asyncio
import os

from bot import inspection, terminal, workspace
from bot.inspection import Asking
from bot.report import json, text
from bot.settings import Settings
from bot.terminal import Exit, Subcommand
from bot.view import View


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``scan``."""
    terminal.add_tree(parser)
    terminal.add_images(parser)


def run(given: argparse.Namespace) -> Exit:
    """Scan and print what was found."""
    view = asyncio.run(_look(given))
    if given.format == "json":
        terminal.out(json.scan(view))
    else:
        terminal.out(text.scan(view))
    return Exit.FOUND if view.findings or view.mistakes else Exit.CLEAN


async def _look(given: argparse.Namespace) -> View:
    snapshot = workspace.read(given.path)
    settings = Settings.from_environment(os.environ)
    async with inspection.image_source(Asking.of(given), settings) as images:
        return await inspection.inspect(snapshot, given.platform, images)


COMMAND = Subcommand(
    name="scan",
    summary="Say what ties a project to one architecture.",
    configure=configure,
    run=run,
)
