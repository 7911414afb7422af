"""Which instruction of a Dockerfile made a layer, as both builders record it."""

from __future__ import annotations

import pytest

from bot.attribution import instruction_at, origins
from bot.model import Source
from bot.parse import dockerfile

TEXT = """\
FROM alpine:3.6 AS first
RUN echo one
FROM alpine:3.6
ARG ARCH=amd64
RUN apk add a.apk && \\
    # a comment
    apk add b.apk
ADD bin/tool-$ARCH /code/
COPY --from=first /x /usr/bin/tool
RUN ln -s /code/tool-$ARCH /usr/bin/t
RUN echo one
"""
FILE = dockerfile.parse(Source("Dockerfile", TEXT))


@pytest.mark.parametrize(
    ("record", "line"),
    [
        pytest.param("RUN apk add a.apk &&     apk add b.apk", 5, id="run"),
        pytest.param("RUN apk add a.apk && apk…", 5, id="cut short"),
        pytest.param("ADD file:0123abcd in /code/", 8, id="classic add"),
        pytest.param("ADD bin/tool-arm64 /code/ # buildkit", 8, id="buildkit add"),
        pytest.param("COPY /x /usr/bin/tool # buildkit", 9, id="buildkit copy"),
        pytest.param("RUN ln -s /code/tool-arm64 /usr/bin/t", 10, id="expanded"),
        pytest.param("RUN ln -s /code/tool-$ARCH /usr/bin/t", 10, id="unexpanded"),
        pytest.param("RUN echo one", 11, id="the last that fits"),
    ],
)
def test_finds_the_instruction(record: str, line: int) -> None:
    """A foreign program is repaired where it came in."""
    found = instruction_at(FILE, record)

    assert found is not None
    assert found.line == line


@pytest.mark.parametrize(
    "record",
    ["", "RUN echo two", "ADD file:0123 in /elsewhere", "CMD sh", "ENV A=B"],
)
def test_names_no_wrong_instruction(record: str) -> None:
    """A layer of the base image belongs to no line of ours."""
    assert instruction_at(FILE, record) is None


STAGES = """\
FROM alpine:3.6 AS fetch
RUN wget https://example.com/tool-amd64
FROM alpine:3.6 AS build
COPY bin/tool-amd64 /out/tool
COPY --from=fetch /tool-amd64 /out/bin/
COPY other /other
FROM alpine:3.6
COPY --from="Build" /out/tool /usr/bin/
COPY --from=1 out/bin/tool-amd64 /usr/bin/
COPY --from=them/tool /tool /usr/bin/tool
COPY a /usr/bin/
"""
STAGED = dockerfile.parse(Source("Dockerfile", STAGES))


@pytest.mark.parametrize(
    ("record", "lines"),
    [
        pytest.param("COPY a /usr/bin/ # buildkit", [11], id="the context"),
        pytest.param("COPY /tool /usr/bin/tool # buildkit", [10], id="elsewhere"),
        pytest.param("COPY /out/tool /usr/bin/ # buildkit", [8, 4], id="a stage"),
        pytest.param(
            "COPY out/bin/tool-amd64 /usr/bin/ # buildkit", [9, 5, 2], id="two stages"
        ),
    ],
)
def test_follows_a_file_through_the_stages(record: str, lines: list[int]) -> None:
    """The repair is where the file came into the build, not where it was copied."""
    brought = instruction_at(STAGED, record.removesuffix(" # buildkit"))

    assert brought is not None
    assert [each.line for each in origins(STAGED, brought)] == lines


def test_a_stage_that_copies_from_itself_ends() -> None:
    """No builder takes that, but the bot reads whatever there is."""
    file = dockerfile.parse(Source("Dockerfile", "FROM a AS b\nCOPY --from=b /x /x\n"))
    (item,) = file.stages[0].instructions

    assert origins(file, item) == (item,)
