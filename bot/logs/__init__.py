"""From the raw output of a builder to a log with steps. Pure."""

from bot.logs.locating import locate
from bot.logs.reading import read

__all__ = ["locate", "read"]
