"""How words and commands are taken out of a RUN."""

from __future__ import annotations

import pytest

from bot import fixing
from bot.judgement.commands import operands, program, runs, without
from bot.model import Source
from bot.parse.dockerfile import Dockerfile, parse


def dockerfile(body: str) -> Dockerfile:
    """Return a Dockerfile whose second instruction is RUN *body*."""
    return parse(Source("Dockerfile", f"FROM a\nRUN {body}\nUSER b\n"))


def taken(body: str, *gone: str) -> str | None:
    """Take the words, or commands, that are spelled as *gone* out of *body*."""
    file = dockerfile(body)
    (run,) = runs(file, file.instructions)
    whole = [each for each in run.commands if program(each) in gone]
    words = [word for each in run.commands for word in each.words if word.raw in gone]
    edits = without(file, run, words, whole)
    return None if edits is None else fixing.apply(file.source, edits).text


@pytest.mark.parametrize(
    ("body", "gone", "left"),
    [
        ("a b c", "b", "FROM a\nRUN a c\nUSER b\n"),
        ("a b c", "c", "FROM a\nRUN a b\nUSER b\n"),
        ("a \\\n  b \\\n  c", "b", "FROM a\nRUN a \\\n  c\nUSER b\n"),
        ("a && b && c", "a", "FROM a\nRUN b && c\nUSER b\n"),
        ("a && b && c", "b", "FROM a\nRUN a && c\nUSER b\n"),
        ("a && b && c", "c", "FROM a\nRUN a && b\nUSER b\n"),
        ("a; \\\n b; \\\n c", "b", "FROM a\nRUN a; \\\n c\nUSER b\n"),
        ("a x && b x", "x", "FROM a\nRUN a && b\nUSER b\n"),
        ("a", "a", "FROM a\nUSER b\n"),
    ],
)
def test_takes_one_thing_out(body: str, gone: str, left: str) -> None:
    """And leaves the rest as it was laid out."""
    assert taken(body, gone) == left


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (("a", "b"), "RUN c && d"),
        (("b", "c"), "RUN a && d"),
        (("a", "c"), "RUN b && d"),
        (("a", "b", "d"), "RUN c"),
    ],
)
def test_takes_neighbours_out_together(gone: tuple[str, ...], left: str) -> None:
    """The operators between them go as well, each once."""
    assert taken("a && b && c && d", *gone) == f"FROM a\n{left}\nUSER b\n"


def test_keeps_what_runs_only_on_failure() -> None:
    """Without the commands before it, ``||`` has nothing to follow."""
    assert taken("a && b || c", "a", "b") is None


@pytest.mark.parametrize("body", ["a | b", "(a) && b", "if x; then a; fi"])
def test_takes_nothing_out_that_the_rest_needs(body: str) -> None:
    """Half a pipeline, or an empty branch, is no longer the author's command."""
    assert taken(body, "a") is None


def test_sees_only_shell_that_can_be_read() -> None:
    """A JSON array has no shell; broken shell has no commands."""
    file = parse(Source("Dockerfile", 'FROM a\nRUN ["a", "b"]\nRUN if\nRUN c\n'))

    found = runs(file, file.instructions)
    assert [program(each) for run in found for each in run.commands] == ["c"]


def test_options_are_no_operands() -> None:
    """``-f`` is not a file, ``/bin/rm`` is rm."""
    (run,) = runs(
        dockerfile("/bin/rm -f x +y z"), dockerfile("/bin/rm -f x +y z").instructions
    )
    (command,) = run.commands

    assert program(command) == "rm"
    assert [word.raw for word in operands(command)] == ["x", "z"]
