"""What is said to the command about a small project, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.checkouts import checkout
from tests.rehearsing import planted

OLD, NEW = "FROM alpine:3.4\nRUN true\n", "FROM alpine:3.6\nRUN true\n"

Said = tuple[int, str, str]
Say = Callable[..., Said]


def grown(folder: Path, **files: str) -> Path:
    """Return a clean checkout of *files*."""
    (folder / "tree").mkdir()
    return checkout(planted(folder / "tree", files))


def answer(said: Said) -> Any:  # noqa: ANN401 - JSON
    """Return the one JSON object that was printed."""
    return json.loads(said[1])
