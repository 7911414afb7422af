"""Tests of taking a command line apart."""

from __future__ import annotations

import pytest

from bot.builds import words
from bot.builds.words import CallError, Grammar, Words

MIXED = Grammar(
    frozenset({"tag", "file"}), frozenset({"quiet"}), {"t": "tag", "q": "quiet"}
)
FIRST = Grammar(MIXED.valued, MIXED.plain, MIXED.short, mixed=False)


@pytest.mark.parametrize(
    ("line", "options", "operands"),
    [
        ("", (), ()),
        (". --tag a", (("tag", "a"),), (".",)),
        ("--tag=a --tag b .", (("tag", "a"), ("tag", "b")), (".",)),
        ("-t a -qt b", (("tag", "a"), ("quiet", "true"), ("tag", "b")), ()),
        ("-ta -t=b", (("tag", "a"), ("tag", "b")), ()),
        ("--quiet=false -", (("quiet", "false"),), ("-",)),
        ("-- --tag", (), ("--tag",)),
    ],
)
def test_words_are_options_and_operands(
    line: str, options: tuple[tuple[str, str], ...], operands: tuple[str, ...]
) -> None:
    """The docker command accepts all of these spellings."""
    assert words.split(line.split(), MIXED) == Words(options, operands)


def test_behind_the_first_operand_nothing_is_an_option() -> None:
    """``docker run IMAGE ls -l`` passes -l on."""
    found = words.split(["-q", "image", "ls", "-l"], FIRST)

    assert found == Words((("quiet", "true"),), ("image", "ls", "-l"))


@pytest.mark.parametrize(
    "line", ["--unknown", "--unknown a", "--unknown=a", "-x", "--tag", "-t", "-qx"]
)
def test_an_option_that_is_not_known_is_refused(line: str) -> None:
    """Guessing whether it takes a value would read the rest wrongly."""
    with pytest.raises(CallError):
        words.split([line], MIXED)


def test_the_last_value_of_an_option_counts() -> None:
    """As for docker itself."""
    found = Words((("tag", "a"), ("tag", "b"), ("quiet", "false")), ())

    assert (found.last("tag"), found.every("tag")) == ("b", ("a", "b"))
    assert (found.has("quiet"), found.has("tag"), found.last("x")) == (False, True, "")
