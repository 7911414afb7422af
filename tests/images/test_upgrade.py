"""Which tag is the nearest one that could stand in for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import upgrade

ALPINE = [
    "2.6", "2.7", "3", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.6.5", "3.7",
    "3.7.3", "3.10", "4", "4.0", "edge", "latest", "20190228", "3.8-slim", "3.8_rc1",
]  # fmt: skip

Asked = tuple[str | None, list[str]]


def ask(names: tuple[str, ...], having: set[str], at_most: int = 24) -> Asked:
    """Run a search over *names*; return what it found and what it asked."""
    asked: list[str] = []
    search = upgrade.search(names, at_most)
    try:
        name = next(search)
        while True:
            asked.append(name)
            name = search.send(name in having)
    except StopIteration as end:
        found: str | None = end.value
        return found, asked


@pytest.mark.parametrize(
    ("tag", "tags", "expected"),
    [
        pytest.param(
            "3.4",
            ALPINE,
            ("3.5", "3.6", "3.7", "3.10", "3.6.5", "3.7.3", "4.0", "4"),
            id="numbers, not letters, and the same precision first",
        ),
        pytest.param("3", ALPINE, ("4", "4.0"), id="major"),
        pytest.param(
            "1.8.3-alpine3.5",
            ["1.8.3-alpine3.4", "1.8.3-alpine3.10", "1.8.3-alpine3.6", "1.8.3-alpine",
             "1.8.3", "1.8.4-alpine3.5", "1.9.1-alpine3.4", "1.9.1-alpine3.6"],
            ("1.8.3-alpine3.6", "1.8.3-alpine3.10", "1.8.4-alpine3.5",
             "1.9.1-alpine3.6"),
            id="a newer release of the same distribution, never an older one",
        ),
        pytest.param(
            "5.7-slim",
            ["5.7", "5.8", "5.8-slim", "5.8-slim-buster", "6.0-slim"],
            ("5.8-slim", "6.0-slim"),
            id="variant",
        ),
        pytest.param(
            "3.5-jdk-8", ["3.6-jdk-8", "3.5-jdk-11", "3.6-jdk-11"], ("3.6-jdk-8",),
            id="a number in the variant is part of it",
        ),
        pytest.param(
            "9.5-stretch", ["9.6-buster", "9.6-stretch"], ("9.6-stretch",),
            id="code names are variants",
        ),
        pytest.param(
            "8u151-jre", ["8u161-jre", "8u161-jdk", "9.0-jre"], ("8u161-jre",),
            id="Java",
        ),
        pytest.param(
            "v1.2.3",
            ["v1.2.4", "1.2.5", "v1.3.0-rc.1", "v1.3.0"],
            ("v1.2.4", "v1.3.0"),
            id="words in front stay",
        ),
        pytest.param(
            "bionic-20180426", ["bionic-20180526", "focal-20200101"],
            ("bionic-20180526",), id="dates follow dates",
        ),
        pytest.param(
            "3.7rc1", ["3.8rc1", "3.8b2", "3.8"], (), id="pre-release of a pre-release"
        ),
        pytest.param("latest", ALPINE, (), id="no version"),
        pytest.param("", ALPINE, (), id="no tag"),
        pytest.param("3.10", ALPINE, ("4.0", "4"), id="nothing older"),
    ],
)  # fmt: skip
def test_newer_tags_of_the_same_variant_nearest_first(
    tag: str, tags: list[str], expected: tuple[str, ...]
) -> None:
    """An upgrade that changes more than it has to is a new risk for the owner."""
    actual = upgrade.candidates(tag, reversed(tags))

    assert actual == expected


@pytest.mark.parametrize(
    "variant",
    ["-rc1", "_rc1", "-rc.1", "-alpha", "-beta.2", "b1", "a2", "rc3", "-m5", "-dev",
     "-snapshot", "-ea", "-preview", "-nightly", "-RC1", "-SNAPSHOT"],
)  # fmt: skip
def test_never_a_pre_release(variant: str) -> None:
    """Even where the author's own tag is one, there is no step to the next."""
    assert upgrade.candidates(f"1.0{variant}", [f"1.1{variant}"]) == ()


@pytest.mark.parametrize(
    "variant", ["-bullseye", "-alpine", "-management", "-apache", "-erlang", "-devel"]
)
def test_a_variant_is_no_pre_release(variant: str) -> None:
    """Words that merely begin like a pre-release are variants."""
    assert upgrade.candidates(f"1.0{variant}", [f"1.1{variant}"]) == (f"1.1{variant}",)


def test_asks_in_order_while_few_fail() -> None:
    """The story: alpine 3.4 has no arm64, nor has 3.5; 3.6 is the first."""
    actual = ask(("3.5", "3.6", "3.7"), {"3.6", "3.7"})

    assert actual == ("3.6", ["3.5", "3.6"])


def test_finds_nothing_where_nothing_is() -> None:
    """No upgrade is better than one that does not help."""
    assert ask(("3.5", "3.6"), set()) == (None, ["3.5", "3.6"])
    assert ask((), set()) == (None, [])


def test_a_hundred_patch_releases_cost_a_dozen_questions() -> None:
    """Docker Hub counts what we ask; the nearest one is found all the same."""
    names = tuple(f"5.7.{patch}" for patch in range(100))

    found, asked = ask(names, set(names[77:]))

    assert found == "5.7.77"
    assert len(asked) <= 18


def test_stops_asking_at_the_bound() -> None:
    """Where questions run out, what was seen counts and nothing is guessed."""
    names = tuple(str(number) for number in range(1000))

    assert ask(names, set(names[6:]), 6) == (None, list("012345"))
    assert ask(names, set(names[900:]), 14)[0] in {*names[900:], None}


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_first_of_those_that_kept_the_platform_is_found(
    count: int, first: int
) -> None:
    """Whatever the stride leaps over is searched again."""
    names = tuple(str(number) for number in range(count))

    found, asked = ask(names, set(names[first:]))

    assert found == (str(first) if first < count else None)
    assert len(asked) == len(set(asked)) <= 24


@given(st.integers(1, 60), st.sets(st.integers(0, 60)))
def test_what_is_found_has_the_platform(count: int, having: set[int]) -> None:
    """Even where images lost the platform in between."""
    names = tuple(str(number) for number in range(count))
    wanted = {str(number) for number in having}

    found, _ = ask(names, wanted)

    assert found is None or found in wanted
