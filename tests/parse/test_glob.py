"""File name patterns: what they match, and what they cost."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.parse import glob

PATTERNS = st.text(alphabet="ab*?[]!-.", max_size=8)
NAMES = st.text(alphabet="ab.-]!", max_size=8)


@settings(deadline=None, max_examples=1000)
@given(PATTERNS, NAMES)
def test_matches_what_the_library_matches(pattern: str, name: str) -> None:
    """Python's own reader is the oracle; it makes a regular expression of a name.

    But it takes a ``!`` for a negation that follows a range without members.
    """
    places = range(1, len(pattern) - 1)
    assume(all(pattern[n] != "-" or pattern[n - 1] <= pattern[n + 1] for n in places))
    assert glob.read(pattern).matches(name) == fnmatch.fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("*.mk", "a.mk"), ("", ""), ("[]a]", "]"), ("a*", "a"), ("**a**", "bab")],
)
def test_matches(pattern: str, name: str) -> None:
    """The words that Makefiles use."""
    assert glob.read(pattern).matches(name)


@pytest.mark.timeout(20)
def test_many_stars_cost_no_more_than_few() -> None:
    """A reader that goes back would try every way to divide the name."""
    assert not glob.read("*a" * 500 + "b").matches("a" * 4000)
