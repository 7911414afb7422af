"""How a log of the classic builder is split."""

from __future__ import annotations

from bot.logs import read
from bot.model import BuildLog, LogLine, Step

RAW = """\
cp bin/tool docker-image/bin/
Sending build context to Docker daemon  3.072kB
Step 1/2 : FROM alpine:3.6
 ---> 43773d1dba76
Step 2/2 : ADD bin/tool /code
ADD failed: stat bin/tool: file does not exist
make: *** [Makefile:12: image] Error 1
"""
FROM = Step(1, "FROM alpine:3.6")
ADD = Step(2, "ADD bin/tool /code")


def test_a_line_belongs_to_the_step_before_it() -> None:
    """What make prints before the build belongs to none."""
    log = read(RAW, "linux/arm64", "docker-image/Dockerfile", ["bin/tool"])

    assert log == BuildLog(
        (
            LogLine(1, "cp bin/tool docker-image/bin/"),
            LogLine(2, "Sending build context to Docker daemon  3.072kB"),
            LogLine(3, "Step 1/2 : FROM alpine:3.6", FROM),
            LogLine(4, " ---> 43773d1dba76", FROM),
            LogLine(5, "Step 2/2 : ADD bin/tool /code", ADD),
            LogLine(6, "ADD failed: stat bin/tool: file does not exist", ADD),
            LogLine(7, "make: *** [Makefile:12: image] Error 1", ADD),
        ),
        "linux/arm64",
        "docker-image/Dockerfile",
        frozenset({"bin/tool"}),
    )


def test_a_second_build_starts_afresh() -> None:
    """A recipe may build several images; the steps of one are not the other's."""
    log = read(RAW + "Sending build context to Docker daemon  2kB\nx\n")

    assert [line.step for line in log.lines[-2:]] == [None, None]


def test_lines_are_as_good_as_text() -> None:
    """A runner that streams hands over lines."""
    assert read(RAW.splitlines()) == read(RAW)
