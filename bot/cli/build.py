"""``multiarch build PATH``: build for arm64 on a runner and say what happened."""

from __future__ import annotations

import argparse

from bot import local, terminal
from bot.terminal import Subcommand


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``build``."""
    terminal.add_tree(parser)
    terminal.add_images(parser)
    terminal.add_runner(parser)
    terminal.add_platform(parser)


COMMAND = Subcommand(
    name="build",
    summary="Build a project for arm64 on a runner and say what happened.",
    configure=configure,
    run=local.build,
)
