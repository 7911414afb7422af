"""Where an image reference is written, and what to write instead."""

from __future__ import annotations

import pytest

from bot.judgement.reference import Values, references
from bot.model import Source
from bot.parse.dockerfile import parse
from bot.project import Project
from tests.catalogue import snapshot


def rewritten(text: str, image: str) -> list[str | None]:
    """Return the file after each reference was made *image*; None: cannot be."""
    file = parse(Source("Dockerfile", text))
    found = []
    for reference in references(file, Values()):
        new = reference.rewritten(image)
        span = new.span if new else None
        found.append(
            text[: span.start] + new.text + text[span.end :] if new and span else None
        )
    return found


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("FROM a:1\n", ["FROM a:2\n"]),
        ("ARG I=a:1\nFROM $I\n", ["ARG I=a:2\nFROM $I\n"]),
        ("ARG T=1\nFROM a:${T}\n", ["ARG T=2\nFROM a:${T}\n"]),
        ("ARG R=a T=1\nFROM $R:$T\n", ["ARG R=a T=2\nFROM $R:$T\n"]),
        ("ARG T=0 T=1\nFROM a:$T\n", ["ARG T=0 T=2\nFROM a:$T\n"]),
        ("ARG T=1\nFROM b:${T}\n", [None]),
        ("ARG T=1\nFROM a:${T:-1}\n", [None]),
        ("ARG U=1\nARG T=$U\nFROM a:$T\n", [None]),
        (
            "FROM a:1 AS b\nFROM b\nCOPY --from=b /x /\n",
            ["FROM a:2 AS b\nFROM b\nCOPY --from=b /x /\n"],
        ),
    ],
)
def test_the_origin_is_rewritten(text: str, after: list[str | None]) -> None:
    """Only where the new reference fits around what stays."""
    assert rewritten(text, "a:2") == after


@pytest.mark.parametrize(
    ("make", "image"),
    [
        ("docker buildx build .", "x-arm64:1"),
        ("docker build --build-arg TARGETARCH=s390x .", "x-s390x:1"),
    ],
)
def test_values_are_those_of_the_callers(make: str, image: str) -> None:
    """BuildKit sets TARGETARCH, and a caller may set it to something else."""
    text = "ARG TARGETARCH\nFROM x-$TARGETARCH:1\n"
    files = {"Dockerfile": text, "Makefile": f"image:\n\t{make}\n"}
    project = Project.of(snapshot(files))
    values = Values.of("Dockerfile", project, "linux/arm64")
    (file,) = project.dockerfiles()

    assert [each.image for each in references(file, values)] == [image]
