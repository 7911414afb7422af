"""Findings as annotations, in GitHub's own terms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.config import Mistake
from bot.model import Finding, Match, Safety, Severity, Source
from bot.publishing import Annotation, Level
from bot.report import annotation
from bot.snapshot import Snapshot
from tests.report.stories import BASE, DOCKERFILE, PATH, SNAPSHOT, TINI

SILENCE = "This comment above the line keeps it as it is:\n# multiarch: allow "


def test_an_annotation_says_what_why_and_how() -> None:
    """The column, the reason, the fix, and the line that would silence it."""
    actual = annotation.of(SNAPSHOT, [BASE, TINI])

    assert actual == (
        Annotation(
            path="docker-image/Dockerfile",
            start_line=1,
            end_line=1,
            level=Level.FAILURE,
            title="base-image-without-arm64",
            message=(
                "`alpine:3.4` is not published for linux/arm64, "
                "so the build cannot start.\nFix: Use `alpine:3.6`"
            ),
            start_column=6,
            end_column=15,
            details=f"{SILENCE}base-image-without-arm64",
        ),
        Annotation(
            path="docker-image/Dockerfile",
            start_line=2,
            end_line=2,
            level=Level.NOTICE,
            title="missing-checksum",
            message="Nobody knows which `tini` this will be.",
            start_column=13,
            end_column=16,
            details=f"{SILENCE}missing-checksum",
        ),
    )


def test_columns_are_for_a_single_line() -> None:
    """GitHub refuses the whole request otherwise."""
    match = Match(DOCKERFILE.span(5, 30), "It is so.")

    (actual,) = annotation.of(SNAPSHOT, [Finding("a", Severity.DEGRADES, match)])

    place = (actual.start_line, actual.end_line, actual.level)
    assert place == (1, 2, Level.WARNING)
    assert (actual.start_column, actual.end_column) == (None, None)


def test_a_span_may_be_empty() -> None:
    """A thing that is missing has a place and no width."""
    match = Match(DOCKERFILE.span(16, 16), "Nothing is here.")

    (actual,) = annotation.of(SNAPSHOT, [Finding("a", Severity.HINT, match)])

    place = (actual.start_line, actual.end_line)
    assert place == (2, 2)
    assert (actual.start_column, actual.end_column) == (1, 1)


@pytest.mark.parametrize(
    ("safety", "how"),
    [
        (Safety.SAFE, "Fix"),
        (Safety.UNSAFE, "Fix, to be read first"),
        (Safety.DISPLAY, "By hand"),
    ],
)
def test_a_fix_says_how_far_to_trust_it(safety: Safety, how: str) -> None:
    """The author must neither look for a button nor press it blindly."""
    assert PATH.match.fix is not None
    fix = replace(PATH.match.fix, safety=safety)
    finding = replace(PATH, match=replace(PATH.match, fix=fix))

    (actual,) = annotation.of(SNAPSHOT, [finding])

    expected = f"{how}: Pass the architecture in `ARCHITECTURE`"
    assert actual.message.splitlines()[1] == expected


def test_mistakes_of_the_configuration_come_first() -> None:
    """They decide how everything below is to be read."""
    source = Source(".github/multiarch.yml", "build:\n")
    snapshot = Snapshot(
        SNAPSHOT.paths | {source.path}, {**SNAPSHOT.sources, source.path: source}
    )
    mistake = Mistake(source.span(0, 5), "`build` is no key; `builds` is near.")

    actual = annotation.of(snapshot, [BASE], [mistake])

    assert actual[0] == Annotation(
        path=".github/multiarch.yml",
        start_line=1,
        end_line=1,
        level=Level.WARNING,
        title="configuration",
        message="`build` is no key; `builds` is near.",
        start_column=1,
        end_column=5,
    )
    assert [one.title for one in actual] == ["configuration", BASE.rule]


def test_there_is_a_most() -> None:
    """Ten thousand annotations are two hundred requests, and no help."""
    findings = [BASE] * 600

    assert len(annotation.of(SNAPSHOT, findings)) == annotation.MOST == 500
    assert annotation.left_out(findings, []) == 100
    assert annotation.left_out([BASE], []) == 0


def test_hostile_text_is_cut_and_seen() -> None:
    """Annotations are plain text, so only what nobody sees is replaced."""
    match = Match(DOCKERFILE.span(0, 4), "\x1b[31m\u202e" + "x" * 9000)

    (actual,) = annotation.of(SNAPSHOT, [Finding("a", Severity.HINT, match)])

    assert len(actual.message) == 4000
    assert actual.message.startswith("\ufffd[31m\ufffdx")
