"""``/multiarch help``: which commands there are, and who may use them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.command import Command, Permission
from bot.desk import Desk
from bot.report import reply


@dataclass(frozen=True, slots=True)
class Request:
    """Show every command."""


def parse(words: tuple[str, ...]) -> Request:
    """Read the words after ``help``: whatever they are, help is the answer."""
    return Request()


async def run(request: Request, desk: Desk) -> str:
    """Return the table of commands."""
    # Only here: the package imports this module to find the command.
    from handlers.commands import COMMANDS  # noqa: PLC0415

    return reply.help_text(COMMANDS.values())


COMMAND = Command(
    name="help",
    usage="/multiarch help",
    summary="Show the commands and who may use them.",
    needs=Permission.NONE,
    parse=parse,
    run=run,
)
