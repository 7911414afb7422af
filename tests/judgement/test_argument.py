"""Which argument carries the architecture into a Dockerfile."""

from __future__ import annotations

import pytest

from bot.judgement.argument import Serves, argument_for
from bot.project import Project
from tests.catalogue import snapshot

MAKE = "ARCH ?= amd64\nimage:\n\t{0}docker build {1}-t tool .\n"


def served(dockerfile: str, makefile: str = "") -> tuple[str, Serves]:
    """Return the argument for *dockerfile* when *makefile* builds it."""
    files = {"Dockerfile": dockerfile} | ({"Makefile": makefile} if makefile else {})
    project = Project.of(snapshot(files))
    (file,) = project.dockerfiles()
    argument = argument_for(file, project)
    return argument.name, argument.serves


@pytest.mark.parametrize(
    ("dockerfile", "passed", "name"),
    [
        ("FROM a\n", "", "ARCHITECTURE"),
        ("FROM a\nARG VERSION=1\nARG CPU\n", "--build-arg CPU=$(ARCH) ", "CPU"),
        ("FROM a\nARG VERSION=1\nARG CPU=amd64\n", "", "CPU"),
        ("FROM a\nARG VERSION=1\n", "--build-arg VERSION=2 ", "ARCHITECTURE"),
    ],
)
def test_an_argument_that_the_author_has_is_used(
    dockerfile: str, passed: str, name: str
) -> None:
    """A second name for one thing would have to be kept in step by hand."""
    assert served(dockerfile, MAKE.format("", passed)) == (name, Serves.CALLERS)


def test_buildkit_brings_its_own() -> None:
    """A private argument beside TARGETARCH would only be one more to pass."""
    makefile = MAKE.format("DOCKER_BUILDKIT=1 ", "")

    assert served("FROM a\nARG CPU=amd64\n", makefile) == (
        "TARGETARCH",
        Serves.BUILDKIT,
    )


def test_where_nobody_calls_nobody_is_served() -> None:
    """Then the fix is a suggestion: who builds it is not known."""
    assert served("FROM a\n") == ("TARGETARCH", Serves.NOBODY)
