"""The text of the Dockerfile of a build, if it is no longer than an author's."""

from __future__ import annotations

from pathlib import Path

from bot.errors import UserError
from bot.workspace import LARGEST


def read(path: Path) -> str | None:
    """Return what *path* holds, byte for byte; None where it is no file.

    UserError where it is larger than any build file that is judged.
    """
    if not path.is_file():
        return None
    with path.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UserError(
            f"The Dockerfile of this build is larger than {LARGEST >> 20} MiB, so "
            "nobody can tell which images it starts from. Make a smaller one."
        )
    return content.decode("utf-8", errors="surrogateescape")
