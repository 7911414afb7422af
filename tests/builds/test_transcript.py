"""Tests of the log while it is written."""

from __future__ import annotations

import pytest

from bot.builds.transcript import WIDEST, Lines, Transcript
from bot.errors import UserError


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


def test_of_a_line_without_end_the_beginning_is_kept() -> None:
    """A program may print megabytes without a line break."""
    said, kept = _fed(*[b"x" * WIDEST] * 9, b"\nnext\n", *[b"y" * WIDEST] * 4)

    assert kept == ("x" * WIDEST + " …", "next", "y" * WIDEST + " …")
    assert tuple(said) == kept


def test_a_secret_that_a_cut_would_part_is_not_kept() -> None:
    """Its end alone would not be known for one."""
    token = "".join(("gh", "p_", "a" * 36)).encode()
    said, kept = _fed(b"-" * (2 * WIDEST - 10) + b" " + token[:20], token[20:], b"\n")

    assert len(kept) == 1
    assert "aaaa" not in "".join((*kept, *said))


def test_secrets_are_struck_out_before_anybody_sees_the_line() -> None:
    """The log is posted, stored, and shown while it is written."""
    token = "".join(("gh", "p_", "a" * 36)).encode()
    said, kept = _fed(b"\x1b[32m" + token[:7], token[7:] + b"\x1b[0m\n")

    assert kept == ("[struck out: GitHub token]",)
    assert tuple(said) == kept


def test_what_steers_a_terminal_cannot_part_a_secret() -> None:
    """It is taken out later on, and the secret would be whole again."""
    token = "".join(("gh", "p_", "a" * 18, "\x1b[0m\x00", "a" * 18)).encode()
    _, kept = _fed(token)

    assert kept == ("[struck out: GitHub token]",)


def test_known_values_are_struck_out() -> None:
    """A build argument that is named like a secret may look like any word."""
    said: list[str] = []
    transcript = Transcript(said.append, 10)
    transcript.hide(["swordfish"])
    transcript.add("got swordfish")

    assert said == ["got [struck out: secret]"]


def test_values_that_a_stranger_gives_are_struck_out_by_name() -> None:
    """What is not named like a secret explains the log."""
    said: list[str] = []
    transcript = Transcript(said.append, 10)
    transcript.hide_given([("API_TOKEN", "sword-fish"), ("CHANNEL", "nightly")])
    transcript.add("got sword-fish from nightly")

    assert said == ["got [struck out: secret] from nightly"]


def test_refuses_more_secrets_than_it_can_look_for() -> None:
    """Those that it does not know would be shown."""
    transcript = Transcript(lambda _: None, 10)
    with pytest.raises(UserError, match="More than 200 different values"):
        transcript.hide_given((f"A{n}_TOKEN", f"value-{n:04}") for n in range(201))


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
