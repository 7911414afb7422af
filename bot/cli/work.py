"""``multiarch work``: do the jobs that webhooks ask for."""

from __future__ import annotations

import argparse
import asyncio
import os

from bot import app, setting_secrets, terminal
from bot.terminal import Exit, Subcommand


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``work``: there are none, only settings."""


def run(given: argparse.Namespace) -> Exit:
    """Work until SIGTERM."""
    terminal.log_to_stderr()
    asyncio.run(app.work(setting_secrets.taken(os.environ)))
    return Exit.CLEAN


COMMAND = Subcommand(
    name="work",
    summary="Do the jobs that webhooks ask for (settings: docs/settings.md).",
    configure=configure,
    run=run,
)
