"""One file per known way to fail. Adding a file adds the cause."""

from bot.model import Cause
from bot.plugins import discover

CAUSES: tuple[Cause, ...] = discover(__name__, "CAUSE")
