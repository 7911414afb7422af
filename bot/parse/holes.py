"""The mark that stands for a part of a text that nobody can know."""

from __future__ import annotations

HOLE = "\x00"
"""No file that the bot reads can hold it as a character with a meaning."""
