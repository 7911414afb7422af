"""What differs between two texts: right, small, and found in bounded time."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.differences import Part, parts, unified

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n", "\n"]), max_size=12)


def applied(old: list[str], new: list[str]) -> list[str]:
    """Return *old* with every part replaced."""
    found, at = [], 0
    for part in parts(old, new):
        found += [*old[at : part.first], *new[part.begin : part.end]]
        at = part.last
    return [*found, *old[at:]]


@settings(deadline=None, max_examples=1000)
@given(TEXTS, TEXTS)
def test_the_parts_make_the_new_text(old: list[str], new: list[str]) -> None:
    """A suggestion or a patch that lost a line would be worse than none."""
    assert applied(old, new) == new


@pytest.mark.parametrize("change", [[], [0], [5], [0, 19], [3, 4, 12], list(range(20))])
def test_is_written_as_difflib_writes_it(change: list[int]) -> None:
    """Git and patch read it, and people know it."""
    old = [f"{number}\n" for number in range(20)]
    new = [f"x{line}" if at in change else line for at, line in enumerate(old)]
    expected = list(difflib.unified_diff(old, new))[2:]

    assert list(unified(old, new)) == expected


def test_leaves_equal_lines_at_both_ends() -> None:
    """Only what changed is shown as changed."""
    assert parts(["a", "b", "b", "c"], ["a", "b", "x", "c"]) == [Part(2, 3, 2, 3)]
    assert parts(["a"], ["a"]) == []
    assert parts([], ["a"]) == [Part(0, 0, 0, 1)]


@pytest.mark.timeout(20)
def test_equal_lines_without_number_end() -> None:
    """Each would be compared with all others."""
    old, new = ["#\n"] * 300_000, ["#\n"] * 100_000 + ["x\n"] + ["#\n"] * 100_000

    assert applied(old, new) == new
