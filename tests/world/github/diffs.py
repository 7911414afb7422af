"""Real diffs, file by file, and which of their lines may be commented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.world.github.git import Git

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed"}
_STATUS |= {"C": "copied", "T": "changed"}


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What happened to one file; *patch* is None where it is binary."""

    path: str
    status: str
    sha: str
    previous: str | None
    patch: str | None

    def count(self, sign: str) -> int:
        """Count the lines that begin with *sign* (``+`` or ``-``)."""
        return sum(line.startswith(sign) for line in (self.patch or "").split("\n"))


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a patch with its numbers on both sides."""

    position: int
    left: int | None
    right: int | None
    hunk: str
    """The hunk from its header down to this line."""


async def diff(git: Git, base: str, head: str) -> list[FileDiff]:
    """Return the files that differ between two trees."""
    raw = await git.run("diff", "--raw", "-z", "-M", "--no-abbrev", base, head)
    text = await git.run("diff", "-M", "--no-color", "--no-ext-diff", base, head)
    patches = iter(_patches(text.decode(errors="replace")))
    found = []
    for path, status, sha, previous in _heads(raw.decode(errors="surrogateescape")):
        patch = next(patches)
        if status == "changed":  # a file became a link: git writes two patches
            next(patches)
        found.append(FileDiff(path, status, sha, previous, patch))
    return found


def _heads(raw: str) -> Iterator[tuple[str, str, str, str | None]]:
    words = iter(raw.split("\x00"))
    for word in words:
        if not word:
            continue
        _, _, old, new, letter = word.split()
        path = next(words)
        previous = None
        if letter[0] in "RC":
            previous, path = path, next(words)
        yield path, _STATUS[letter[0]], new if new.strip("0") else old, previous


def _patches(text: str) -> list[str | None]:
    parts = re.split(r"^diff --git .*\n", text, flags=re.MULTILINE)[1:]
    return [_patch(part) for part in parts]


def _patch(part: str) -> str | None:
    start = part.find("@@ ")
    return part[start:].removesuffix("\n") if start >= 0 else None


def lines(patch: str) -> Iterator[DiffLine]:
    """Yield every line of *patch* that a comment may hang on."""
    left = right = 0
    hunk: list[str] = []
    for position, text in enumerate(patch.split("\n")):
        if header := _HUNK.match(text):
            left, right, hunk = int(header[1]), int(header[2]), [text]
            continue
        hunk.append(text)
        if text.startswith("\\"):
            continue
        old = left if text[:1] in {" ", "-", ""} else None
        new = right if text[:1] in {" ", "+", ""} else None
        left, right = left + (old is not None), right + (new is not None)
        yield DiffLine(position, old, new, "\n".join(hunk))


def line_at(patch: str, number: int, side: str) -> DiffLine | None:
    """Return the line with *number* on *side* (LEFT or RIGHT) of a patch."""
    for line in lines(patch):
        if number == (line.left if side == "LEFT" else line.right):
            return line
    return None
