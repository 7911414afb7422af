"""What ``base-image-without-arm64`` reports, leaves alone and repairs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.facts import Facts, Published, Upgrade
from bot.model import Safety
from bot.rules.base_image_without_arm64 import RULE
from tests.catalogue import facts, findings, repaired, safeties, subjects

OLD = facts("alpine:3.4: linux/amd64\nalpine:3.4 -> alpine:3.6\n")
MAKE = "image:\n\tdocker build --build-arg BASE=alpine:3.4 -t image .\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM alpine:3.6\n", id="has it"),
        pytest.param("FROM debian:9\n", id="never asked"),
        pytest.param("FROM scratch\n", id="nothing"),
        pytest.param("FROM $BASE\n", id="unknown argument"),
        pytest.param("FROM --platform=linux/amd64 alpine:3.4\n", id="pinned"),
        pytest.param("FROM --platform=$BUILDPLATFORM alpine:3.4\n", id="build"),
        pytest.param("# FROM alpine:3.4\nFROM alpine:3.6\n", id="comment"),
        pytest.param("FROM alpine:3.6 AS alpine\nFROM alpine\n", id="stage"),
        pytest.param("FROM alpine:3.6 AS a\nCOPY --from=a /b /c\n", id="from stage"),
        pytest.param("FROM alpine:3.6\nCOPY --from=0 /b /c\n", id="from number"),
    ],
)
def test_leaves_alone(text: str) -> None:
    """Only an image that is known not to have arm64 is reported."""
    assert findings(RULE, text, OLD) == ()


@pytest.mark.parametrize(
    "path", ["Dockerfile-s390x", "Dockerfile.amd64", "vendor/a/Dockerfile"]
)
def test_leaves_files_for_others_alone(path: str) -> None:
    """A file named for one architecture is right to use its image."""
    assert findings(RULE, {path: "FROM alpine:3.4\n"}, OLD) == ()


def test_unknown_is_not_no() -> None:
    """A registry that is down says nothing about the image."""
    down = Facts({"alpine:3.4": Published(None, "docker.io did not answer")})

    assert findings(RULE, "FROM alpine:3.4\n", down) == ()


def test_says_what_is_so_at_the_image() -> None:
    """The span is the reference, so that the fix touches nothing else."""
    (found,) = findings(RULE, "FROM  alpine:3.4  AS base\n", OLD)

    assert (found.match.span.start, found.match.span.end) == (6, 16)
    assert found.match.subject == "alpine:3.4"
    assert found.match.message == (
        "`alpine:3.4` is not published for linux/arm64, "
        "so the build cannot start there."
    )


def test_finds_images_that_are_copied_from() -> None:
    """``COPY --from`` pulls for the same platform."""
    text = "FROM alpine:3.6\nCOPY --from=alpine:3.4 /b /c\n"

    assert subjects(RULE, text, OLD) == ["alpine:3.4"]


def test_offers_nothing_where_nothing_is_known() -> None:
    """An image without any arm64 tag needs a person's decision."""
    known = facts("old/app:1: linux/amd64\n")

    assert safeties(RULE, "FROM old/app:1\n", known) == [None]


@pytest.mark.parametrize(
    ("said", "text", "safety"),
    [
        ("a:3.4 -> a:3.6", "FROM a:3.4\n", Safety.SAFE),
        ("a:3.4-slim -> a:3.6-slim", "FROM a:3.4-slim\n", Safety.SAFE),
        ("a:v1.2 -> a:v1.9", "FROM a:v1.2\n", Safety.SAFE),
        ("a:5.7 -> a:8.0", "FROM a:5.7\n", Safety.UNSAFE),
        ("a:trusty -> a:xenial", "FROM a:trusty\n", Safety.UNSAFE),
        ("a:3.4 -> a:3.6", "ARG V=3.4\nFROM a:$V\nFROM a:$V AS b\n", Safety.UNSAFE),
    ],
)
def test_another_major_version_is_not_safe(
    said: str, text: str, safety: Safety
) -> None:
    """A new major version may mean new file formats and removed features."""
    image, _, _ = said.partition(" -> ")
    known = facts(f"{image}: linux/amd64\n{said}\n")

    assert safeties(RULE, text, known)[0] == safety


def test_an_upgrade_that_may_not_be_the_nearest_is_not_safe() -> None:
    """Where the registry did not tell about a nearer tag, a person looks."""
    found = Upgrade("alpine:3.6", frozenset({"linux/arm64"}), is_nearest=False)
    known = replace(OLD, upgrades={("alpine:3.4", "linux/arm64"): found})

    (fix,) = (item.match.fix for item in findings(RULE, "FROM alpine:3.4\n", known))
    assert fix is not None
    assert (fix.title, fix.safety) == (
        "Use `alpine:3.6`, a newer tag with linux/arm64",
        Safety.UNSAFE,
    )


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("from  alpine:3.4\t as x\n", "from  alpine:3.6\t as x\n"),
        ("FROM alpine:3.4\r\nRUN x\r\n", "FROM alpine:3.6\r\nRUN x\r\n"),
        ("ARG B=alpine:3.4\nFROM $B\n", "ARG B=alpine:3.6\nFROM $B\n"),
        ("ARG V=3.4\nFROM alpine:${V}\n", "ARG V=3.6\nFROM alpine:${V}\n"),
        ("ARG V=3\nFROM alpine:$V.4\n", "ARG V=3\nFROM alpine:$V.4\n"),
    ],
)
def test_writes_the_upgrade_where_the_image_is_written(bad: str, good: str) -> None:
    """An image that comes from an argument is mended at the argument."""
    assert repaired(RULE, {"Dockerfile": bad}, OLD) == {"Dockerfile": good}


def test_a_caller_who_names_the_image_stays_in_charge() -> None:
    """The default is mended, but it is not the default that is used."""
    files = {"Dockerfile": "ARG BASE=alpine:3.4\nFROM $BASE\n", "Makefile": MAKE}

    assert safeties(RULE, files, OLD) == [Safety.UNSAFE]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param("all:\n\t./build.sh\n", [], id="nobody is seen"),
        pytest.param("all:\n\tdocker build .\n", ["x/base-amd64"], id="default"),
        pytest.param(
            "ARCH ?= amd64\nall:\n\tdocker build --build-arg ARCH=$(ARCH) .\n",
            [],
            id="given",
        ),
    ],
)
def test_an_image_that_the_caller_chooses_is_no_fault(
    make: str, expected: list[str]
) -> None:
    """Its name for amd64 is that of amd64's image: arm64 has another one."""
    text = "ARG ARCH=amd64\nFROM x/base-$ARCH\n"
    known = facts("x/base-amd64: linux/amd64\n")

    assert subjects(RULE, {"Dockerfile": text, "Makefile": make}, known) == expected
