"""Variables are substituted as BuildKit substitutes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.parse.expansion import expand, names

VALUES = {"v": "aabbaabb", "arch": "amd64", "empty": "", "unset": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("$", "$"),
        ("a $ b", "a $ b"),
        ("$arch", "amd64"),
        ("x-$arch-y", "x-amd64-y"),
        ("${arch}x", "amd64x"),
        ("\\$arch", "$arch"),
        ("'$arch'", "$arch"),
        ('"$arch y"', "amd64 y"),
        ('"\\$arch \\" \\x"', '$arch " \\x'),
        ("${arch:-d}", "amd64"),
        ("${empty:-d}", "d"),
        ("${empty-d}", ""),
        ("${unset:-d}", "d"),
        ("${unset-d}", "d"),
        ("${unset:-${arch}}", "amd64"),
        ("${unset:-'}'}", "}"),
        ("${arch:+a}", "a"),
        ("${empty:+a}", ""),
        ("${empty+a}", "a"),
        ("${unset+a}", ""),
        ("${arch:?must}", "amd64"),
        ("${arch:-$nobody}", "amd64"),
        ("${v#*a}", "abbaabb"),
        ("${v##*a}", "bb"),
        ("${v%b*}", "aabbaab"),
        ("${v%%b*}", "aa"),
        ("${v#x}", "aabbaabb"),
        ("${v/b?/X}", "aaXaabb"),
        ("${v//b/X}", "aaXXaaXX"),
        ("${v/\\*/X}", "aabbaabb"),
        ("${arch/amd/arm}", "arm64"),
    ],
)
def test_substitutes(text: str, expected: str) -> None:
    """A path or tag expanded otherwise is looked up in the wrong place."""
    assert expand(text, VALUES) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("${nobody#a}", "${nobody/a/b}", "${v/$nobody/b}", "$unset", "$nobody"),
        *("${nobody:-d}", "${nobody:+a}", "x${unset}y", "${empty:?m}"),
    ],
)
def test_has_no_answer_where_an_unknown_value_decides(text: str) -> None:
    """A guess here would become a wrong fix in somebody's project."""
    assert expand(text, VALUES) is None


@pytest.mark.parametrize(
    "text",
    ["${", "${v", "${}", "${v@Q}", "${v:x}", "${v:#a}", "'", '"', "${v#\\a}", "${v/a}"],
)
def test_has_no_answer_where_docker_refuses(text: str) -> None:
    """Docker stops the build at such a text."""
    assert expand(text, VALUES) is None


def test_follows_the_escape_directive() -> None:
    """On Windows paths end in the character that escapes elsewhere."""
    assert expand("c:\\$arch`$arch", VALUES, "`") == "c:\\amd64$arch"


def test_does_not_grow_beyond_measure() -> None:
    """``ENV a=$a$a`` on sixty lines would fill the memory of the machine."""
    assert expand("$v" * 10, {"v": "x" * 60_000}) is None
    assert expand("${v//*a*b*c/x}", {"v": "ab" * 20_000}) is None
    assert expand("${v##*a}", {"v": "x" * 6_000_000}) is None
    assert expand("${unset:-" * 1000 + "}" * 1000, VALUES) is None


def test_names_what_a_text_looks_at() -> None:
    """A rule asks this before it asks where the variable comes from."""
    assert names("$a/${b:-$c}'$d'\\$e$a") == ("a", "b", "c")
    assert names("${broken") == ("broken",)


@given(st.text(alphabet="a$\\{}'\":-+?#%/* `", max_size=30))
def test_expands_anything(text: str) -> None:
    """Nothing an author writes may stop the bot."""
    known = expand(text, {"a": "x"})

    assert known is None or isinstance(known, str)


@given(st.text(alphabet="abc-/.:", max_size=20), st.text(max_size=20))
def test_puts_a_value_in_untouched(around: str, value: str) -> None:
    """Values are data: nothing in them is substituted again."""
    assert expand(f"{around}${{x}}{around}", {"x": value}) == around + value + around
