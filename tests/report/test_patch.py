"""Which lines GitHub shows of a changed file."""

from __future__ import annotations

import pytest

from bot.report.patch import shown_lines


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("", set()),
        ("@@ -0,0 +1,2 @@\n+FROM alpine\n+RUN true", {1, 2}),
        ("@@ -1 +1 @@\n-FROM a\n+FROM b\n\\ No newline at end of file", {1}),
        (
            "@@ -1,4 +1,4 @@ FROM x\n a\n-b\n+B\n c\n d\n@@ -20,3 +20,2 @@\n x\n-y\n z",
            {1, 2, 3, 4, 20, 21},
        ),
        ("@@ -1,2 +0,0 @@\n-a\n-b", set()),
        ("@@ -1,2 +1,3 @@\n a\n+@@ -9 +9 @@\n b", {1, 2, 3}),
        ("@@ -1,2 +1,2 @@\n-a\n---b\n+++c\n d", {1, 2}),
        ("garbage\n+x", set()),
    ],
)
def test_reads_the_new_side(patch: str, expected: set[int]) -> None:
    """A remark on any other line is refused, and with it the whole review."""
    assert shown_lines(patch) == expected
