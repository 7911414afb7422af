"""How a log of BuildKit is split."""

from __future__ import annotations

import pytest

from bot.logs import read
from bot.logs.buildkit import familiar
from bot.model import LogLine, Step

MIXED = """\
#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s

#2 [internal] load metadata for docker.io/library/alpine:3.6
#2 DONE 0.1s

#5 [stage-1 1/3] FROM docker.io/library/alpine:3.6@sha256:66790a2b
#5 DONE 0.0s

#6 [build 2/4] RUN make
#7 [stage-1 2/3] ADD bin/tool /code
#6 0.412 building
#7 ERROR: failed to calculate checksum of ref a::b: "/bin/tool": not found
#6 CANCELED
------
 > [stage-1 2/3] ADD bin/tool /code:
------
Dockerfile:14
--------------------
  13 |     RUN mkdir /code
  14 | >>> ADD bin/tool /code
  15 |     WORKDIR /code
--------------------
ERROR: failed to solve: "/bin/tool": not found
"""
MAKE = Step(0, "RUN make", "build")
ADD = Step(0, "ADD bin/tool /code", "stage-1", 14)


def test_steps_that_run_side_by_side_are_told_apart() -> None:
    """The number in front of a line says whose it is, not the order."""
    lines = read(MIXED).lines

    assert lines[10:15] == (
        LogLine(11, "", None),
        LogLine(12, "[build 2/4] RUN make", MAKE),
        LogLine(13, "[stage-1 2/3] ADD bin/tool /code", ADD),
        LogLine(14, "building", MAKE),
        LogLine(
            15,
            'ERROR: failed to calculate checksum of ref a::b: "/bin/tool": not found',
            ADD,
        ),
    )


def test_the_last_words_belong_to_the_failed_step() -> None:
    """The excerpt gives it its Dockerfile line; the error stands below."""
    last = read(MIXED).lines[-1]

    assert last == LogLine(26, 'ERROR: failed to solve: "/bin/tool": not found', ADD)


def test_the_last_words_need_no_summary() -> None:
    """Older versions print the error and nothing that repeats the step."""
    log = read("#6 [1/2] RUN a\n#7 [2/2] RUN b\n#6 ERROR: x\nfailed to solve: x\n")

    assert log.lines[-1].step == Step(0, "RUN a")


def test_the_base_image_is_named_as_people_write_it() -> None:
    """The hub and the digest are BuildKit's; the Dockerfile says ``alpine:3.6``."""
    steps = [line.step for line in read(MIXED).lines]

    assert steps[5] == Step(0, "FROM alpine:3.6")
    assert steps[8] == Step(0, "FROM alpine:3.6", "stage-1")


def test_an_excerpt_alone_is_a_step() -> None:
    """Errors before the first step come with the excerpt and nothing else."""
    log = read("failed to solve: x\nDockerfile:1\n----\n   1 | >>> FROM a:1\nx\n")

    assert [line.step for line in log.lines] == [
        None,
        None,
        None,
        Step(0, "FROM a:1", line=1),
        Step(0, "FROM a:1", line=1),
    ]


def test_the_display_of_a_terminal_is_read_too() -> None:
    """People paste logs from their terminals."""
    log = read(" => ERROR [app 2/3] RUN make                    0.3s\n------\nnow\n")

    assert [line.step for line in log.lines] == [Step(0, "RUN make", "app")] * 3


def test_a_second_build_starts_afresh() -> None:
    """Vertex numbers start again with the next build of one recipe."""
    again = (
        "#1 [internal] load build definition from Dockerfile\nx\n#6 [1/1] RUN true\n"
    )
    lines = read(MIXED + again).lines

    assert [line.step for line in lines[-2:]] == [None, Step(0, "RUN true")]


def test_what_a_progress_bar_was_followed_by_belongs_to_its_step() -> None:
    """Only its first state has the tag; the error often stands behind the last."""
    log = read("#6 [1/2] RUN curl x\n#6 0.1 50%\n\rcurl: (22) 404\n\n#7 DONE 0.0s\n")

    assert [line.step for line in log.lines[1:]] == [
        Step(0, "RUN curl x"),
        Step(0, "RUN curl x"),
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("docker.io/library/alpine:3.6", "alpine:3.6"),
        ("docker.io/calico/go-build", "calico/go-build"),
        ("quay.io/library/app", "quay.io/library/app"),
        ("alpine", "alpine"),
    ],
)
def test_only_the_default_hub_is_left_out(given: str, short: str) -> None:
    """Another registry is part of the name."""
    assert familiar(given) == short
