"""Which instruction of a Dockerfile a log line speaks of."""

from __future__ import annotations

import pytest

from bot.logs import locate, read
from bot.model import LogLine, Source, Step
from bot.parse.dockerfile import parse

TEXT = """\
ARG BASE=alpine:3.6
FROM $BASE AS build
RUN make \\
    # a comment
    all
RUN make \\
    all
FROM alpine:3.4
ARG A=amd64
ADD bin/x-$A /code
RUN ln -s /code/x-$A \\
  /x
"""
FILE = parse(Source("Dockerfile", TEXT))


def located(step: Step | None) -> str | None:
    """Return the first line of the instruction that *step* is found to be."""
    span = locate(LogLine(1, "x", step), FILE)
    return FILE.source.cut(span).split("\n")[0] if span else None


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(None, id="no step"),
        pytest.param(Step(9, "RUN make nothing", "gone"), id="another stage"),
        pytest.param(Step(0, "ADD other /code"), id="another source"),
        pytest.param(Step(0, "", line=99), id="beyond the end"),
    ],
)
def test_finds_nothing_where_nothing_fits(step: Step | None) -> None:
    """A wrong place would send the repair to the wrong line."""
    assert located(step) is None


@pytest.mark.parametrize(
    ("step", "line"),
    [
        pytest.param(Step(0, "whatever", line=5), "RUN make \\", id="by its line"),
        pytest.param(Step(2, "FROM $BASE AS build"), "FROM $BASE AS build", id="FROM"),
        pytest.param(Step(0, "FROM a:1"), "FROM $BASE AS build", id="variable"),
        pytest.param(Step(0, "FROM alpine:3.4"), "FROM alpine:3.4", id="literal"),
        pytest.param(Step(3, "RUN other"), "RUN make \\", id="number alone"),
        pytest.param(
            Step(1, "FROM alpine:3.4", "stage-1"), "FROM alpine:3.4", id="stage"
        ),
        pytest.param(Step(7, "ADD bin/x-$A /code"), "ADD bin/x-$A /code", id="classic"),
        pytest.param(
            Step(2, "ADD bin/x-arm64 /code", "stage-1"),
            "ADD bin/x-$A /code",
            id="buildkit",
        ),
        pytest.param(
            Step(3, "RUN ln -s /code/x-arm64   /x", "stage-1"),
            "RUN ln -s /code/x-$A \\",
            id="continued",
        ),
    ],
)
def test_finds_the_instruction(step: Step, line: str) -> None:
    """By its line, its text with any values, its stage, or its number."""
    assert located(step) == line


@pytest.mark.parametrize(("number", "line"), [(3, 3), (4, 6)])
def test_the_number_tells_twins_apart(number: int, line: int) -> None:
    """The classic builder counts every instruction of the file."""
    span = locate(LogLine(1, "", Step(number, "RUN make     all")), FILE)

    assert span
    assert FILE.source.line(span.start) == line


@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        ("COPY x-arm64-linux-1 /y", True),
        ("COPY x-arm64-windows-1 /y", False),
        ("COPY y-arm64-linux-1 /y", False),
        ("COPY x-linux- /z", False),
    ],
)
def test_variables_stand_for_anything_but_the_rest(shown: str, *, fits: bool) -> None:
    """What is written between two variables must be there, in order."""
    text = "FROM a\nCOPY x-$A-linux-${B} /y\n"
    file = parse(Source("Dockerfile", text))

    assert bool(locate(LogLine(1, "", Step(9, shown)), file)) == fits


def test_finds_what_a_whole_log_says() -> None:
    """From raw text to the place in the file, without help."""
    log = read("Step 7/8 : ADD bin/x-$A /code\nlstat bin/x-arm64: no such file\n")
    span = locate(log.lines[-1], FILE)

    assert span
    assert FILE.source.cut(span) == "ADD bin/x-$A /code"
