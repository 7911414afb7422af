"""Read which lines of a file the diff of a pull request shows. Pure."""

from __future__ import annotations

import re

_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(?P<start>\d+)(?:,\d+)? @@.*")


def shown_lines(patch: str) -> frozenset[int]:
    """Return the lines of the new side that *patch* shows, added or not.

    *patch* is what GitHub gives for one file: hunks without file headers.
    """
    shown: set[int] = set()
    line = 0
    for row in patch.split("\n"):
        hunk = _HUNK.fullmatch(row)
        if hunk:
            line = int(hunk["start"])
        elif line and row.startswith(("+", " ")):
            shown.add(line)
            line += 1
    return frozenset(shown)
