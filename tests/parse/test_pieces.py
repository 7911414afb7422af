"""Text with variables: where it is divided, and what fits it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.parse.pieces import between_variables, fit

VARIABLE = re.compile(r"\$(?:\w+|\{[^}]*\})")


@settings(deadline=None, max_examples=1000)
@given(st.text(alphabet="$a{}: \n", max_size=12))
def test_divides_as_the_plain_expression_does(text: str) -> None:
    """The expression says what is meant; it only takes too long on hostile text."""
    assert between_variables(text) == VARIABLE.split(text)


@settings(deadline=None, max_examples=1000)
@given(
    st.lists(st.text(alphabet="ab", max_size=2), min_size=1, max_size=4),
    st.text(alphabet="ab", max_size=8),
)
def test_fits_as_the_plain_expression_does(pieces: list[str], text: str) -> None:
    """Taking each piece where it comes first loses nothing."""
    pattern = ".*".join(map(re.escape, pieces))

    assert fit(pieces, text) == bool(re.fullmatch(pattern, text))


@pytest.mark.timeout(20)
def test_braces_that_never_close_cost_nothing() -> None:
    """Each of them would have the rest of the text read again."""
    assert between_variables("${ " * 100_000) == ["${ " * 100_000]
