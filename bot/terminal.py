"""What a subcommand of ``multiarch`` is, and the options that several share."""

from __future__ import annotations

import argparse
import enum
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UserError
from bot.report.excerpt import printable

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
    # The rules and the loop are about this one; only `build` may be asked for another.
    parser.set_defaults(platform=PLATFORM)


def add_platform(parser: argparse.ArgumentParser) -> None:
    """Add the option that asks for another platform."""
    parser.add_argument(
        "--platform",
        choices=("linux/arm64", "linux/amd64"),
        help=f"the platform that is built for (default: {PLATFORM})",
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
    """Show one line of progress on standard error, at once.

    It may be what a build printed, so nothing in it steers the terminal.
    """
    sys.stderr.write(f"{printable(line)}\n")
    sys.stderr.flush()


def log_to_stderr() -> None:
    """Let the App log one line per event, for whoever runs it."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("alembic", "dbos", "docker", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def out(text: str) -> None:
    """Print a result on standard output, if there is any.

    What the encoding of the terminal lacks is shown as an escape sequence.
    """
    if text:
        encoding = sys.stdout.encoding or "utf-8"
        _write(f"{text}\n".encode(encoding, "backslashreplace"))


def out_patch(text: str) -> None:
    """Print a patch byte for byte, but nothing that steers a terminal to one."""
    if sys.stdout.isatty():
        out("\n".join(printable(line) for line in text.rstrip("\n").split("\n")))
    elif text:
        _write(text.encode("utf-8", "surrogateescape"))


def hush() -> None:
    """Send what is still unprinted nowhere: whoever read it has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _write(content: bytes) -> None:
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        hush()
        raise UserError(
            f"The result cannot be printed: {error.strerror or error}. "
            "Give standard output another place."
        ) from error
