"""Tests of the log while it is written."""

from __future__ import annotations

import pytest

from bot.builds.transcript import WIDEST, Lines, Transcript


def _fed(*chunks: bytes, most: int = 100) -> tuple[list[str], tuple[str, ...]]:
    said: list[str] = []
    transcript = Transcript(said.append, most)
    lines = Lines(transcript)
    for chunk in chunks:
        lines.feed(chunk)
    lines.close()
    return said, transcript.lines()


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ((b"",), ()),
        ((b"a\nb",), ("a", "b")),
        ((b"a", b"b\n", b"\n"), ("ab", "")),
        ((b"a\r\nb\r", b"\nc\rd"), ("a", "b", "c", "d")),
        ((b"\xc3", b"\xa4\n"), ("\xe4",)),
        ((b"\xff\xfe\n",), ("\ufffd\ufffd",)),
        ((b"a\r",), ("a",)),
    ],
)
def test_pieces_become_whole_lines(
    chunks: tuple[bytes, ...], expected: tuple[str, ...]
) -> None:
    """Output comes in pieces that end anywhere, even within a letter."""
    said, kept = _fed(*chunks)

    assert (tuple(said), kept) == (expected, expected)


def test_of_too_many_lines_the_middle_is_left_out() -> None:
    """The beginning tells what was built, the end what failed."""
    said, kept = _fed(*(b"%d\n" % number for number in range(10)), most=4)

    assert len(said) == 10
    assert kept == ("0", "1", "[6 lines left out]", "8", "9")


def test_of_too_many_characters_the_middle_is_left_out() -> None:
    """Few lines may be long ones: what is kept must fit into memory."""
    transcript = Transcript(lambda _: None, 100, room=8)
    for line in ("aa", "bb", "c", "dddd", "e", "ff"):
        transcript.add(line)

    assert transcript.lines() == ("aa", "bb", "[2 lines left out]", "e", "ff")


@pytest.mark.parametrize(
    "step", ["Step 3/3 : RUN b", "#7 [3/3] RUN b", " ---> 0123456789ab"]
)
def test_what_begins_a_step_is_kept_in_the_gap(step: str) -> None:
    """The end of the log must not be told of the step that filled it up."""
    lines = ["Step 2/3 : RUN a", *"123", step, *"456789"]
    said, kept = _fed(*(f"{line}\n".encode() for line in lines), most=4)

    assert len(said) == len(lines)
    assert kept == ("Step 2/3 : RUN a", "1", "[6 lines left out]", step, "8", "9")


def test_a_line_without_end_is_cut() -> None:
    """A program may print megabytes without a line break."""
    said, kept = _fed(*[b"x" * WIDEST] * 4)

    assert {len(line) for line in kept} == {WIDEST, WIDEST + 2}
    assert tuple(said) == kept


def test_the_log_knows_what_it_is_about() -> None:
    """Causes ask for the platform, the Dockerfile and the files."""
    transcript = Transcript(lambda _: None, 10)
    transcript.add("Step 1/1 : FROM alpine:3.4")
    log = transcript.log("linux/arm64", "d/Dockerfile", {"a"})

    assert (log.platform, log.dockerfile, log.files) == (
        "linux/arm64",
        "d/Dockerfile",
        frozenset({"a"}),
    )
    assert [line.text for line in log.lines] == ["Step 1/1 : FROM alpine:3.4"]
