"""``multiarch scan PATH``: say what ties a project to one architecture."""

from __future__ import annotations

import argparse
import asyncio

from bot import inspection, terminal
from bot.report import json, text
from bot.terminal import Exit, Subcommand


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``scan``."""
    terminal.add_tree(parser)
    terminal.add_images(parser)


def run(given: argparse.Namespace) -> Exit:
    """Scan and print what was found."""
    seen = asyncio.run(
        inspection.inspect(given.path, given.platform, inspection.Asking.of(given))
    )
    if given.format == "json":
        terminal.out(json.scan(seen.snapshot, seen.findings, seen.facts))
    else:
        terminal.out(text.findings(seen.snapshot, seen.findings))
        terminal.out(text.mistakes(seen.snapshot, seen.mistakes))
        terminal.out(text.skipped(seen.skipped))
        terminal.out(text.unknown(seen.facts))
        terminal.out(text.summary(seen.findings, len(seen.snapshot.sources)))
    return Exit.FOUND if seen.findings else Exit.CLEAN


COMMAND = Subcommand(
    name="scan",
    summary="Say what ties a project to one architecture.",
    configure=configure,
    run=run,
)
