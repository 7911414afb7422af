"""Print what happens, as it happens, with the seconds since the start."""

from __future__ import annotations

import sys
import time

_BEGAN = time.monotonic()


def say(text: str, who: str = "") -> None:
    """Print one event; further lines are indented below the first."""
    seconds = time.monotonic() - _BEGAN
    name = f"{who}: " if who else ""
    first, *rest = f"{name}{text}".split("\n")
    lines = [f"[{seconds:5.1f} s] {first}", *(f"          {line}" for line in rest)]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def heading(text: str) -> None:
    """Print a line that a reader finds again."""
    sys.stdout.write(f"\n== {text}\n\n")
    sys.stdout.flush()


def block(text: str) -> None:
    """Print a text as it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
