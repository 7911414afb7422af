"""What is said of a file that could not be read, or not in full."""

from __future__ import annotations

import pytest

from bot.kinds import Kind
from bot.model import Source
from bot.parse.dockerfile import Dockerfile
from bot.readers import NO_STAGE, read


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.DOCKERFILE, "FROM alpine:3.6\nRUN true\n"),
        (Kind.DOCKERIGNORE, "*\n!bin\n"),
        (Kind.MAKEFILE, "all:\n\tdocker build .\n"),
        (Kind.CONFIG, "builds: []\n"),
    ],
)
def test_leaves_a_plain_file_alone(kind: Kind, text: str) -> None:
    """There is nothing to say of it."""
    file, reason = read(Source("f", text), kind)

    assert file is not None
    assert reason == ""


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        (Kind.DOCKERFILE, "# nothing\n", NO_STAGE),
        (
            Kind.DOCKERFILE,
            "FROM alpine\nFRO alpine\nRUNN true\n",
            (
                "is not read in full: line 2: Docker knows no instruction 'FRO' "
                "(1 more like it)"
            ),
        ),
        (
            Kind.DOCKERIGNORE,
            "*\n[a-\n",
            (
                "is not read in full: line 2: Docker refuses the pattern '[a-', "
                "or takes it for what nobody means"
            ),
        ),
    ],
)
def test_says_what_docker_refuses_and_judges_the_rest(
    kind: Kind, text: str, reason: str
) -> None:
    """Silence about a mistyped instruction would read like praise."""
    file, told = read(Source("f", text), kind)

    assert file is not None
    assert told == reason


def test_a_reader_that_fails_loses_only_its_file() -> None:
    """The report names it."""

    def fail(source: Source) -> Dockerfile:
        raise ValueError(source.path)

    assert read(Source("f", ""), Kind.DOCKERFILE, {Kind.DOCKERFILE: fail}) == (
        None,
        "the dockerfile reader failed: ValueError",
    )


def test_what_no_author_writes_is_not_judged() -> None:
    """Time is bounded, whatever a stranger pushes."""
    file, reason = read(Source("f", "FROM a\n" * 501), Kind.DOCKERFILE)

    assert file is None
    assert reason == "it has 501 stages; more than 500 are not judged"
