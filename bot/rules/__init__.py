"""One file per rule. Adding a file adds the rule."""

from typing import Any

from bot.model import Rule
from bot.plugins import discover

RULES: tuple[Rule[Any], ...] = discover(__name__, "RULE")
