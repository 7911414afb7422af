"""What stands in a log where a secret stood. Pure."""

from __future__ import annotations

import re

BEGIN = "[struck"
"""The first word of a mark: no setting has that for its value."""
UNNAMED = "secret"
"""What is said where only a name tells that a value is one."""
_MARK = re.compile(r"(\[struck out: [A-Za-z ]{1,40}\])")


def mark(what: str) -> str:
    """Return the words that stand for *what*: ``[struck out: GitHub token]``."""
    return f"{BEGIN} out: {what}]"


def apart(text: str) -> list[str]:
    """Return *text* in pieces: every second one is a mark."""
    return _MARK.split(text)
