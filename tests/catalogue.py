"""Short ways to run one plugin, and the examples of its page."""

from __future__ import annotations

import re

from bot.logs import read
from bot.model import BuildLog, Cause, Clue

_SECTION = re.compile(r"^## (?P<title>.+)\n(?P<body>(?:(?!^## ).*\n?)*)", re.MULTILINE)
_LOG = re.compile(
    r"^```text(?: files=(?P<files>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


def sections(doc: str | None) -> dict[str, str]:
    """Return the sections of a plugin's page by title."""
    return {hit["title"]: hit["body"] for hit in _SECTION.finditer(doc or "")}


def logs(cause: Cause, title: str) -> tuple[BuildLog, ...]:
    """Return the logs that a section of a cause's page shows."""
    return tuple(
        read(hit["text"], files=(hit["files"] or "").split(",") if hit["files"] else ())
        for hit in _LOG.finditer(sections(cause.doc).get(title, ""))
    )


def explained(
    cause: Cause, text: str, files: tuple[str, ...] = ()
) -> tuple[tuple[int, str, str], ...]:
    """Return line, message and subject of each clue that *cause* finds."""
    return tuple(
        (clue.line.number, clue.message, clue.subject)
        for clue in clues(cause, text, files)
    )


def clues(cause: Cause, text: str, files: tuple[str, ...] = ()) -> tuple[Clue, ...]:
    """Search one log with one cause."""
    return tuple(cause.search(read(text, files=files)))
