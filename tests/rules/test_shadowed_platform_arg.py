"""What ``shadowed-platform-arg`` reports, leaves alone and repairs."""

from __future__ import annotations

import pytest

from bot.model import Safety
from bot.rules.shadowed_platform_arg import RULE
from tests.catalogue import findings, repaired, safeties, subjects

SHADOWED = "FROM a\nARG TARGETARCH=amd64\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM a\nARG TARGETARCH\n", id="no default"),
        pytest.param("FROM a\nARG ARCH=amd64\n", id="own argument"),
        pytest.param("FROM a\nARG TARGETARCH=${TARGETARCH:-amd64}\n", id="itself"),
        pytest.param("FROM a\nARG TARGETPLATFORM=linux/$TARGETARCH\n", id="made"),
        pytest.param("FROM a\nENV TARGETARCH=amd64\n", id="environment"),
        pytest.param("FROM a\n# ARG TARGETARCH=amd64\n", id="comment"),
        pytest.param("FROM a\nARG TARGETOS=linux\n", id="what BuildKit sets too"),
        pytest.param('FROM a\nARG TARGETVARIANT=""\n', id="no variant"),
        pytest.param("FROM x/nanoserver:1\nARG TARGETARCH=amd64\n", id="windows"),
    ],
)
def test_leaves_alone(text: str) -> None:
    """What follows the build's platform, or is not BuildKit's, is fine."""
    assert findings(RULE, text) == ()


@pytest.mark.parametrize(
    "name", ["TARGETARCH", "TARGETPLATFORM", "TARGETOS", "BUILDPLATFORM", "BUILDARCH"]
)
def test_finds_every_automatic_argument(name: str) -> None:
    """Also before the first FROM, where the default is inherited."""
    text = f"ARG {name}=x\nFROM a\nARG {name}=x\n"

    assert subjects(RULE, text) == [name, name]


@pytest.mark.parametrize(
    ("make", "safety"),
    [
        pytest.param("", Safety.SAFE, id="nobody"),
        pytest.param("docker buildx build .", Safety.SAFE, id="buildkit"),
        pytest.param("docker build .", Safety.UNSAFE, id="classic"),
        pytest.param(
            "docker buildx build --build-arg TARGETARCH=amd64 .",
            Safety.UNSAFE,
            id="passed",
        ),
    ],
)
def test_safety_follows_the_callers(make: str, safety: Safety) -> None:
    """Without BuildKit the default is all there is."""
    files = {"Dockerfile": SHADOWED, "Makefile": f"image:\n\t{make}\n"}

    assert safeties(RULE, files) == [safety]


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("ARG TARGETARCH=amd64\n", "ARG TARGETARCH\n"),
        ('arg  TARGETARCH="amd64"  \n', "arg  TARGETARCH  \n"),
        ("ARG A=1 TARGETOS=windows B\n", "ARG A=1 TARGETOS B\n"),
    ],
)
def test_takes_only_the_default_away(bad: str, good: str) -> None:
    """The declaration stays: without it the variable would be empty."""
    files = {"Dockerfile": f"FROM a\n{bad}"}

    assert repaired(RULE, files) == {"Dockerfile": f"FROM a\n{good}"}


@pytest.mark.parametrize(
    ("argument", "harm"),
    [
        ("TARGETARCH=amd64", "every platform gets the same value"),
        (
            "BUILDARCH=amd64",
            "a build on another machine runs programs that are not made for it",
        ),
    ],
)
def test_says_whom_the_default_harms(argument: str, harm: str) -> None:
    """What is built for and what is built on are two things."""
    name = argument.partition("=")[0]
    (found,) = findings(RULE, f"FROM a\nARG {argument}\n")

    assert found.match.message == (
        f"The default `amd64` hides the {name} that BuildKit sets, so {harm}."
    )
