"""What a subcommand of ``multiarch`` is, and the options that several share."""

from __future__ import annotations

import argparse
import enum
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PLATFORM = "linux/arm64"


class Exit(enum.IntEnum):
    """How a subcommand ends."""

    CLEAN = 0
    """Nothing to say, everything done, or proven."""
    FOUND = 1
    """Findings, a build that failed, or a fix that is not proven."""
    BROKEN = 2
    """The tool itself could not run."""


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One subcommand: its options, and what it does."""

    name: str
    summary: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], Exit]


def add_tree(parser: argparse.ArgumentParser) -> None:
    """Add the PATH argument and the output format."""
    parser.add_argument(
        "path", metavar="PATH", type=Path, help="directory of the project"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="what is printed on standard output (default: text)",
    )
    parser.add_argument(
        "--platform",
        default=PLATFORM,
        choices=("linux/arm64", "linux/amd64"),
        help=f"the platform that is asked for (default: {PLATFORM})",
    )


def add_images(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where facts about images come from."""
    parser.add_argument(
        "--offline",
        action="store_true",
        help="ask no network; images are unknown unless --images tells",
    )
    parser.add_argument(
        "--images",
        metavar="FILE",
        type=Path,
        help="JSON object of image reference to list of platforms; asked first",
    )


def add_runner(parser: argparse.ArgumentParser) -> None:
    """Add the option that names Docker engines."""
    parser.add_argument(
        "--runner",
        metavar="NAME-OR-URL",
        action="append",
        default=[],
        help="Docker engine to build on: unix://, ssh:// or tcp://, or the name of "
        "one in MULTIARCH_RUNNERS; may be given more than once",
    )


def say(line: str) -> None:
    """Show one line of progress on standard error, at once."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def log_to_stderr() -> None:
    """Let the App log one line per event, for whoever runs it."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("alembic", "dbos", "docker", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def out(text: str) -> None:
    """Print a result on standard output, if there is any."""
    if text:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
