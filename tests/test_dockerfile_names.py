"""Tests of the images that a Dockerfile names, as its builder will read them."""

from __future__ import annotations

import pytest

from bot import dockerfile_names
from bot.model import Source
from bot.parse import dockerfile


def find(text: str, **given: str) -> list[str]:
    """Return the images that *text* names."""
    file = dockerfile.parse(Source("Dockerfile", text))
    return [one.text for one in dockerfile_names.find(file, given, "linux/arm64")]


@pytest.mark.parametrize(
    "text",
    [
        "FROM scratch\n",
        "FROM alpine AS One\nFROM one\nCOPY --from=ONE /a /b\nCOPY --from=0 /a /b\n",
        "FROM alpine AS one\nFROM scratch\nRUN --mount=from=one,target=/x y\n",
    ],
)
def test_stages_are_no_images(text: str) -> None:
    """Nor is what every image stands on."""
    assert set(find(text)) <= {"alpine"}


@pytest.mark.parametrize(
    "text",
    [
        "FROM a5\n",
        "FROM --platform=linux/arm64 a5 AS x\n",
        "ARG A=a\nARG B=5\nFROM ${A}${B}\n",
        "ARG A\nFROM a${A}5\n",
        "ARG A=b\nFROM ${NOBODY}a${A:+5}\n",
        "ARG A=x\nFROM ${A#x}a5\n",
        'FROM "a5"\n',
        "FROM scratch\nCOPY --from=a5 /a /b\n",
        "FROM scratch\nARG A=a5\nCOPY --from=$A /a /b\n",
        "FROM scratch\nRUN --mount=type=bind,from=a5,target=/x y\n",
        "FROM scratch\nRUN --mount=target=/x,FROM=a5 y\n",
        "FROM scratch\nONBUILD COPY --from=a5 /a /b\n",
        "FROM scratch\nCOPY --from=a5 /a /b\nFROM scratch AS a5\n",
    ],
)
def test_names_are_found_wherever_they_stand(text: str) -> None:
    """The text counts that the builder gets, not the one that was written."""
    assert "a5" in find(text)


def test_what_is_set_behind_an_instruction_is_not_its_own() -> None:
    """A builder knows no more than what it has read, but for what runs later."""
    text = "FROM scratch\nARG A=a5\n{}COPY --from=$A /a /b\nENV A=alpine\n"

    assert find(text.format("")) == ["a5"]
    assert find(text.format("ONBUILD ")) == ["alpine"]


def test_an_argument_that_is_given_counts() -> None:
    """It takes the place of the default."""
    text = "ARG BASE=alpine\nFROM $BASE\n"

    assert find(text, BASE="a5") == ["a5"]


def test_a_number_that_is_no_stage_is_a_name() -> None:
    """An engine looks for an image whose id begins with it."""
    assert find("FROM scratch\nCOPY --from=12 /a /b\n") == ["12"]
