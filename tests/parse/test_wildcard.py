"""Shell patterns match as Python's own translation says, without its patience."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.parse import wildcard

PATTERNS = st.text(alphabet="ab*?", max_size=6)
VALUES = st.text(alphabet="ab", max_size=10)


def expression(pattern: str, star: str) -> str:
    """Spell *pattern* as an expression of Python."""
    return pattern.replace("?", ".").replace("*", star)


def tokens(pattern: str) -> tuple[wildcard.Token, ...]:
    """Read a pattern that is well formed."""
    found = wildcard.tokens(pattern)
    assert found is not None
    return found


@given(PATTERNS, VALUES)
def test_trims_what_the_expression_trims(pattern: str, value: str) -> None:
    """``${x##*-}`` makes the version out of a file name."""
    shortest = re.match(expression(pattern, ".*?"), value)
    longest = re.match(expression(pattern, ".*"), value)

    actual = [
        wildcard.without_prefix(tokens(pattern), value, longest=is_longest)
        for is_longest in (False, True)
    ]
    assert actual == [
        value[found.end() :] if found else value for found in (shortest, longest)
    ]


@given(PATTERNS.filter(lambda pattern: set(pattern) - {"*"}), VALUES)
def test_replaces_what_the_expression_replaces(pattern: str, value: str) -> None:
    """``${x//amd/arm}`` makes one architecture's name out of another's."""
    expected = re.sub(expression(pattern, ".*"), "-", value)

    assert wildcard.replaced(tokens(pattern), value, "-", everywhere=True) == expected


def test_trims_at_the_end_as_at_the_start() -> None:
    """A suffix is a prefix read backwards."""
    value = "tool-1.2-amd64"

    assert wildcard.without_suffix(tokens("-*"), value, longest=False) == "tool-1.2"
    assert wildcard.without_suffix(tokens("-*"), value, longest=True) == "tool"


def test_knows_which_escapes_docker_refuses() -> None:
    """Docker stops at an escape that protects nothing."""
    assert wildcard.tokens("a\\*\\/\\}") == ("a", "*", "/", "}")
    assert wildcard.tokens("a\\b") is None
