"""Tests of output that is longer than anybody reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import build
from bot.builds.build import Order, Shop
from bot.builds.printed import Attention, Tail, TooMuchPrintedError
from bot.builds.tools import Tool
from bot.builds.transcript import Lines, Transcript
from tests.waits import clocked

OVER = "[more is printed than is read as it comes: of the rest the end follows]"
MIB = 1 << 20


def fed(*chunks: bytes, attention: Attention) -> tuple[str, ...]:
    """Return what is kept of a stream for which there is so much *attention*."""
    transcript = Transcript(lambda _: None, 100_000, attention=attention)
    lines = Lines(transcript)
    for chunk in chunks:
        lines.feed(chunk)
    lines.close()
    return transcript.lines()


def ended(*chunks: bytes) -> list[str]:
    """Return what the tail of a stream tells."""
    tail = Tail()
    for chunk in chunks:
        tail.feed(chunk)
    return list(tail.lines())


def test_a_short_rest_is_told_in_full() -> None:
    """Only that it was not read as it came is said."""
    chunks = (b"a\nb\nc\nd", b"d\ne", b"e\nf")

    assert fed(*chunks, attention=Attention(lines=3)) == (
        *("a", "b", "c", "dd", OVER, "ee", "f"),
    )


def test_it_is_said_once_in_a_run() -> None:
    """What else the run prints has no attention either, and is told at its end."""
    transcript = Transcript(lambda _: None, 100, attention=Attention(lines=1))
    for text in (b"a\nb\nc\n", b"d\ne\n"):
        lines = Lines(transcript)
        lines.feed(text)
        lines.close()

    assert transcript.lines() == ("a", OVER, "b", "c", "d", "e")


def test_of_a_long_rest_the_end_is_told() -> None:
    """It says what failed; how much is missing is said once."""
    many = (b"x%d\n" % number for number in range(300_000))
    told = ended(*many, b"make: *** [all] Error 2\n")

    assert told[0] == "[298001 lines left out: 2.2 MiB]"
    assert told[1:] == [
        *(f"x{number}" for number in range(298_001, 300_000)),
        "make: *** [all] Error 2",
    ]


@pytest.mark.parametrize(
    "step", ["Step 3/3 : RUN b", "#7 [3/3] RUN b", " ---> 0123456789ab"]
)
@pytest.mark.parametrize(
    "noise", [b"y\n" * MIB, b"\xff" * MIB + b"\n", b"y\r\n" * 4096]
)
def test_what_begins_a_step_is_told(step: str, noise: bytes) -> None:
    """The end of the log must not be told of the step that filled it up."""
    told = ended(b"a\n", f"{step}\n".encode(), noise, b"last")

    assert told[1] == step
    assert told[-1] == "last"


def test_a_key_that_began_where_nobody_read_is_struck_out() -> None:
    """Its later lines alone would look like any word."""
    body = "MIIEowIBAAKCAQEAx4UbaDzY5xjW6hc9jwN0mX33XpTDVW07FjZr0mV1c8"
    key = f"#5 0.1 -----BEGIN RSA PRIVATE KEY-----\n#5 0.1 {body}\n".encode()
    filler = b"#6 0.1 y\n" * 40_000
    text = b"a\nb\n" + key + filler + f"#5 0.1 {body}\n#5 0.2 all is done\n".encode()
    told = fed(text, attention=Attention(lines=0))

    assert body not in "\n".join(told)
    assert told[-1] == "#5 0.2 all is done"


def test_of_a_line_without_end_nothing_is_told_from_its_middle() -> None:
    """What a cut has parted would not be known for a secret."""
    token = "".join(("gh", "p_", "a" * 36)).encode()
    told = ended(*[b"-" * MIB, token] * 3, b"\nlast\n")

    assert told == ["[0 lines left out: 2.8 MiB]", "last"]


def test_steps_without_end_are_bounded() -> None:
    """They are kept in memory."""
    told = ended(*[b"#1 [" + b"x" * 60_000 + b"\n"] * 400, b"last\n")

    assert sum(map(len, told)) < 2 * MIB
    assert told[-1] == "last"


def test_what_prints_more_than_anybody_takes_is_stopped() -> None:
    """To throw it away costs time as well."""
    lines = Lines(Transcript(print, 10, attention=Attention(most=3 * MIB)))
    for _ in range(3):
        lines.feed(b"\n" * MIB)
    with pytest.raises(TooMuchPrintedError) as stopped:
        lines.feed(b"\n")

    assert str(stopped.value) == "stopped: it printed more than 3 MiB"


async def test_a_build_that_prints_without_end_has_failed(tmp_path: Path) -> None:
    """Its program is ended, and the log has its last words and the reason."""
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\nexec yes\n")
    docker.chmod(0o755)
    shop = Shop(
        "buildkit",
        Tool(str(docker), (28, 2), buildx=True),
        {"PATH": "/bin:/usr/bin"},
        tmp_path,
        60.0,
    )
    transcript = Transcript(lambda _: None, 40_000)
    waits: list[float] = []
    order = Order(tmp_path, tmp_path / "Dockerfile", "linux/arm64")
    async with clocked(waits):
        image = await build.build(order, shop, "multiarch-run:x", transcript)

    assert image is None
    assert OVER in transcript.lines()
    assert transcript.lines()[-2:] == ("y", "stopped: it printed more than 256 MiB")
    assert max(waits) < 0.5
