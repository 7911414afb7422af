"""Our Dockerfile reader against BuildKit's own parser."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from types import ModuleType

import pytest

from bot.model import Source
from bot.parse.dockerfile import Dockerfile, Instruction, parse
from tests.parse.dockerfiles import EDGE_CASES, REFUSED

Row = tuple[object, ...]

_KNOWN = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM"}
    | {"HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL"}
    | {"STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
"""Of other instructions the oracle shows no arguments."""

_NAMED_VALUES = frozenset({"ENV", "LABEL"})


@pytest.fixture(scope="module")
def buildkit() -> ModuleType:
    """Return BuildKit's parser; only where CI is unset may it be missing."""
    reason = "the package 'dockerfile' (BuildKit's parser) is not installed"
    if os.environ.get("CI") and os.uname().machine == "x86_64":
        return importlib.import_module("dockerfile")
    found: ModuleType = pytest.importorskip("dockerfile", reason=reason)
    return found


@pytest.mark.parametrize("name", EDGE_CASES)
def test_reads_what_buildkit_reads(buildkit: ModuleType, name: str) -> None:
    """A file read otherwise than Docker reads it is repaired in the wrong place."""
    text = EDGE_CASES[name]

    assert tuple(_ours(text)) == tuple(_theirs(buildkit, text))


@pytest.mark.parametrize("name", REFUSED)
def test_has_a_problem_where_buildkit_refuses(buildkit: ModuleType, name: str) -> None:
    """A file that Docker refuses must be told to the author, not repaired."""
    text = REFUSED[name]

    with pytest.raises(buildkit.GoParseError):
        buildkit.parse_string(text)

    assert parse(Source("Dockerfile", text)).problems


@pytest.mark.parametrize("name", EDGE_CASES)
def test_takes_no_line_that_buildkit_does_not(buildkit: ModuleType, name: str) -> None:
    """Half a file is what an editor or a cut download leaves: it must read alike."""
    text = EDGE_CASES[name]

    for end in range(len(text)):
        part = text[:end]
        try:
            expected = tuple(_theirs(buildkit, part))
        except buildkit.GoParseError:
            continue
        assert (part, tuple(_ours(part))) == (part, expected)


def _ours(text: str) -> Iterator[Row]:
    dockerfile = parse(Source("Dockerfile", text))
    for instruction in dockerfile.instructions:
        inner = instruction.onbuild or instruction
        yield (
            instruction.name,
            instruction.onbuild.name if instruction.onbuild else None,
            inner.json,
            _lines(dockerfile, instruction),
            tuple(_flag(dockerfile, instruction)),
            _values(inner),
            tuple(_documents(dockerfile, instruction)),
        )


def _lines(dockerfile: Dockerfile, instruction: Instruction) -> tuple[int, int]:
    source = dockerfile.source
    return instruction.line, source.line(instruction.span.end)


def _documents(
    dockerfile: Dockerfile, instruction: Instruction
) -> Iterator[tuple[str, str]]:
    # The oracle takes the documents of ONBUILD, too, but does not show them.
    if instruction.onbuild is None:
        for each in instruction.heredocs:
            yield each.name, dockerfile.source.cut(each.body)


def _flag(dockerfile: Dockerfile, instruction: Instruction) -> Iterator[str]:
    for flag in instruction.flags:
        yield dockerfile.source.cut(flag.span).replace('"', "")


def _values(instruction: Instruction) -> tuple[str, ...]:
    if instruction.name not in _KNOWN:
        return ("",)
    if instruction.name in _NAMED_VALUES:
        pairs = instruction.assignments
        return tuple(word.text for pair in pairs for word in pair if word is not None)
    return tuple(word.text for word in instruction.words)


def _theirs(buildkit: ModuleType, text: str) -> Iterator[Row]:
    for command in buildkit.parse_string(text):
        yield (
            command.cmd.upper(),
            command.sub_cmd.upper() if command.sub_cmd else None,
            command.json,
            (command.start_line, command.end_line),
            command.flags,
            command.value,
            tuple((each.name, each.content) for each in command.heredocs),
        )
