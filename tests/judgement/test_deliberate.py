"""Which naming of an architecture counts as deliberate."""

from __future__ import annotations

import pytest

from bot.judgement import deliberate
from bot.judgement.commands import runs
from bot.model import Source
from bot.parse.dockerfile import parse


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("Dockerfile", False),
        ("docker-image/Dockerfile", False),
        ("Dockerfile-s390x", True),
        ("Dockerfile.amd64", True),
        ("docker/arm64/Dockerfile", True),
        ("harmony/Dockerfile", False),
    ],
)
def test_a_file_may_be_for_one_architecture(path: str, *, answer: bool) -> None:
    """Its name, or its folder's, says so."""
    assert deliberate.is_for_one_architecture(path) == answer


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("vendor/x/Dockerfile", True),
        ("a/node_modules/x/Dockerfile", True),
        ("vendor", False),
        ("vendors/Dockerfile", False),
    ],
)
def test_a_file_may_be_vendored(path: str, *, answer: bool) -> None:
    """It would be overwritten by the next update."""
    assert deliberate.is_vendored(path) == answer


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("FROM a", False),
        ("FROM a AS build", False),
        ("FROM --platform=$BUILDPLATFORM a", False),
        ("FROM a AS build-amd64", True),
        ("FROM --platform=linux/amd64 a", True),
    ],
)
def test_a_stage_may_be_pinned(line: str, *, answer: bool) -> None:
    """By its name or by its platform."""
    (stage,) = parse(Source("Dockerfile", f"{line}\n")).stages

    assert deliberate.is_pinned(stage) == answer


@pytest.mark.parametrize(
    ("shell", "answer"),
    [
        ("x", False),
        ("if [ -f y ]; then x; fi", False),
        ('if [ "$(uname -m)" = x86_64 ]; then x; fi', True),
        ("case $(dpkg --print-architecture) in amd64) x;; esac", True),
        ('[ "$TARGETARCH" = amd64 ] && x', True),
        ("case $1 in x86_64) x;; esac", True),
        ("if test $MACHINE = one; then x; fi", True),
    ],
)
def test_a_command_may_be_guarded(shell: str, *, answer: bool) -> None:
    """By a condition that asks for the architecture, not by any condition."""
    file = parse(Source("Dockerfile", f"FROM a\nRUN {shell}\n"))
    (run,) = runs(file, file.stages[0].instructions)
    command = next(each for each in run.commands if each.words[0].value == "x")

    assert deliberate.is_guarded(command) == answer
