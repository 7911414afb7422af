"""The command line: one file per subcommand. Adding a file adds it."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from bot import terminal
from bot.errors import EngineUnavailableError, UserError
from bot.terminal import Exit, Subcommand


def main(arguments: Sequence[str]) -> int:
    """Run ``multiarch`` with *arguments* and return the exit status."""
    parser = _parser(_asked(arguments))
    if not arguments:
        parser.exit(Exit.BROKEN, parser.format_help())
    given = parser.parse_args(arguments)
    command: Subcommand = given.command
    try:
        return command.run(given)
    except (UserError, EngineUnavailableError) as error:
        for line in f"multiarch {command.name}: {error}".split("\n"):
            terminal.say(line)
        return Exit.BROKEN
    except BrokenPipeError:
        terminal.hush()
        return Exit.BROKEN


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser; only the modules in *names* are imported."""
    parser = argparse.ArgumentParser(
        prog="multiarch",
        description="Make container projects build and run on arm64, and prove it.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in names:
        command: Subcommand = importlib.import_module(f"{__name__}.{name}").COMMAND
        sub = commands.add_parser(
            command.name, help=command.summary, description=command.summary
        )
        command.configure(sub)
        sub.set_defaults(command=command)
    return parser


def _asked(arguments: Sequence[str]) -> list[str]:
    """Return the subcommands whose modules are needed: they are slow to import."""
    if "--version" in arguments[:1]:
        return []
    names = _names()
    return [name for name in names if name in arguments[:1]] or names


def _names() -> list[str]:
    return sorted(info.name for info in pkgutil.iter_modules(__path__))


def _version() -> str:
    try:
        return f"multiarch {version('multiarch')}"
    except PackageNotFoundError:
        return "multiarch (not installed)"
