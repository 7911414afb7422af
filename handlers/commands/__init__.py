"""One file per chat command: how it is read, who may use it, what it does."""

from types import MappingProxyType
from typing import Any

from bot.command import Command
from bot.desk import Desk
from bot.plugins import discover

COMMANDS: MappingProxyType[str, Command[Any, Desk]] = MappingProxyType(
    {command.name: command for command in discover(__name__, "COMMAND")}
)
