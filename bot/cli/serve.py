"""``multiarch serve``: receive webhooks, and do the jobs as well if asked."""

from __future__ import annotations

import argparse
import asyncio
import os

from bot import app, setting_secrets, terminal
from bot.terminal import Exit, Subcommand


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``serve``."""
    parser.add_argument(
        "--work", action="store_true", help="do the jobs in this process as well"
    )


def run(given: argparse.Namespace) -> Exit:
    """Serve until SIGTERM."""
    terminal.log_to_stderr()
    settings = setting_secrets.taken(os.environ)
    asyncio.run(app.serve(settings, work=given.work))
    return Exit.CLEAN


COMMAND = Subcommand(
    name="serve",
    summary="Receive GitHub's webhooks (settings: docs/settings.md).",
    configure=configure,
    run=run,
)
