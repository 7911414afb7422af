"""Architecture words in every dialect, and platforms in one form."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.architecture import (
    Architecture,
    Dialect,
    Mention,
    mentions,
    named,
    normalise,
    of_platform,
    respell,
    spell,
)


@pytest.mark.parametrize(
    "text",
    ["charm", "harmony", "4.386.2", "alarms", "x640", "amd64ish", "camd64", ""],
)
def test_leaves_other_words_alone(text: str) -> None:
    """An architecture word ends where letters and digits end."""
    assert mentions(text) == ()


def test_finds_the_word_and_its_place() -> None:
    """A fix replaces exactly these characters."""
    found = mentions("bin/calico-typha-amd64")

    assert found == (Mention(Architecture.AMD64, Dialect.GO, "amd64", 17, 22),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("linux_amd64.tar.gz", "arm64"),
        ("linuxamd64", "arm64"),
        ("tool-x86_64", "aarch64"),
        ("tool-x86-64", "aarch64"),
        ("/usr/lib/x86_64-linux-gnu/libc.so", "aarch64-linux-gnu"),
        ("x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"),
        ("node-linux-x64.tar.xz", "arm64"),
        ("miniconda-linux-64.sh", "linux-aarch64"),
        ("darwin-x64", "arm64"),
        ("linux-musl-x64", "arm64"),
        ("protoc-linux-x86_32.exe", "aarch_64"),
        ("hugo_Linux-64bit", "arm64"),
        ("geckodriver-linux64", "linux-aarch64"),
        ("AMD64", "ARM64"),
    ],
)
def test_respells_in_the_same_dialect(text: str, expected: str) -> None:
    """An upstream that says x86_64 publishes aarch64, not arm64."""
    (found,) = mentions(text)

    assert respell(found, Architecture.ARM64) == expected


def test_has_no_word_where_the_dialect_has_none() -> None:
    """A missing spelling is None, never a guess."""
    assert spell(Architecture.S390X, Dialect.LINUX_BITS) is None


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/arm64", "linux/arm64"),
        ("linux/aarch64", "linux/arm64"),
        ("aarch64", "linux/arm64"),
        ("x86_64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/amd64/v2", "linux/amd64/v2"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/v6", "linux/arm/v6"),
        ("armhf", "linux/arm/v7"),
        ("armv6l", "linux/arm/v6"),
        ("arm32v5", "linux/arm/v5"),
        (" Windows/AMD64 ", "windows/amd64"),
        ("plan9", "linux/plan9"),
        ("", "linux"),
    ],
)
def test_brings_platforms_to_one_form(platform: str, expected: str) -> None:
    """Facts are keyed by the normal form, so every spelling must reach it."""
    assert normalise(platform) == expected


@pytest.mark.parametrize("architecture", Architecture)
def test_every_architecture_is_a_platform(architecture: Architecture) -> None:
    """The Go name of an architecture is the Docker name of its platform."""
    assert of_platform(f"linux/{architecture.value}") is architecture


@pytest.mark.parametrize("word", ["", "linux", "ARMADA", "64"])
def test_does_not_name_what_it_does_not_know(word: str) -> None:
    """Unknown stays unknown."""
    assert (named(word), of_platform(word)) == (None, None)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("amdrx864_-/.AMDRX v7linux"), max_size=60))
def test_mentions_cover_what_they_say(text: str) -> None:
    """Offsets are exact on any text, and mentions never overlap."""
    found = mentions(text)

    assert [text[each.start : each.end] for each in found] == [
        each.text for each in found
    ]
    assert all(a.end <= b.start for a, b in pairwise(found))
