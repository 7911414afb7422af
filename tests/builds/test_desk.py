"""Tests of reading the calls that a stranger's container writes, and of answers."""

from __future__ import annotations

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from bot.builds import desk
from bot.builds.budget import Kept
from bot.builds.calls import Asked
from bot.builds.desk import Answer, Call, Request, Slot
from bot.errors import UserError
from tests.builds import budgets

WRITTEN = (
    b"12.0\x004\0build\0--label\0a=b c\n\0\0/workspace/sub\0out err\0yes\0"
    b"A=b=c\nrest of a long value\nB=\n\0"
)
ASKED = Asked(
    ("build", "--label", "a=b c\n", ""), "/workspace/sub", {"A": "b=c", "B": ""}
)
CALL = Call("12.0", ASKED, frozenset({"out", "err"}), has_input=True)
PLAIN = Call("13.0", Asked(("ps",), "/", {}), frozenset(), has_input=False)
PLAIN_WRITTEN = b"13.0\x001\0ps\0/\0\0\0\0"


def test_a_call_is_read_word_for_word() -> None:
    """Blanks, line breaks and empty words arrive as they were."""
    assert list(Slot().feed(WRITTEN)) == [CALL]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_calls_arrive_in_pieces_of_any_size(size: int) -> None:
    """A connection cuts where it likes."""
    slot = Slot()
    written = WRITTEN + PLAIN_WRITTEN
    pieces = [written[at : at + size] for at in range(0, len(written), size)]

    assert [call for piece in pieces for call in slot.feed(piece)] == [CALL, PLAIN]


def test_words_of_the_docker_command_are_no_call() -> None:
    """It says on the same output why the container did not start."""
    slot = Slot()
    calls = list(slot.feed(b"warning: x\n" + PLAIN_WRITTEN + b"Error: no /bin/sh\n"))

    assert (calls, slot.text()) == ([PLAIN], "warning: xError: no /bin/sh\n")


@pytest.mark.parametrize(
    "written",
    [
        b"\0",
        b"../x\0",
        b"1.0/../x\0",
        b"12\0",
        b"1.0\0many\0",
        b"1.0\0-1\0",
        b"1.0\0\0",
    ],
)
def test_what_is_no_call_does_not_hide_the_next(written: bytes) -> None:
    """Anything may be written there."""
    assert list(Slot().feed(written + PLAIN_WRITTEN)) == [PLAIN]


@pytest.mark.parametrize(
    "piece", [b"x" * 65_536, b"\0" * 65_536, b"1.0\x00999999\0" + b"x" * 65_536]
)
def test_a_call_without_an_end_is_given_up(piece: bytes) -> None:
    """It would fill the memory of the worker."""
    slot = Slot()
    pieces = (call for _ in range(200) for call in slot.feed(piece))
    with pytest.raises(UserError, match="larger than 8 MiB"):
        list(pieces)


def test_a_call_may_bring_its_input(tmp_path: Path) -> None:
    """``docker build -`` reads the Dockerfile from there."""
    (tmp_path / "stdin").write_text("FROM x")
    kept = Kept(budgets.made())
    request = Request(ASKED, CALL.live, tmp_path / "stdin", tmp_path, kept)

    assert desk.read(CALL, tmp_path, kept) == request


def test_an_input_that_is_a_link_is_not_there(tmp_path: Path) -> None:
    """Docker would send our own file as the Dockerfile."""
    (tmp_path / "stdin").symlink_to("/etc/passwd")

    assert desk.read(CALL, tmp_path, Kept(budgets.made())).stdin is None


def test_an_answer_ends_with_the_status() -> None:
    """The script waits for the last line; what was shown is not sent again."""
    answer = Answer(3, b"o\0%-\n", b"shown", frozenset({"err"}))

    assert desk.word("1.0", answer) == b"out 1.0 o\\000\\045\\055\\012\nend 1.0 3\n"


def test_every_byte_survives_the_shells_printf() -> None:
    """Programs print what they like; the shell must not understand any of it."""
    content = bytes(range(256)) * 3
    lines = desk.word("1.0", Answer(0, content)).decode("ascii").splitlines()
    script = "".join(f'printf "{line.split()[2]}"\n' for line in lines[:-1])
    told = subprocess.run(  # noqa: S603 - the escaping under test
        ["/bin/sh", "-c", script], capture_output=True, check=True
    )

    assert told.stdout == content


def test_only_a_short_answer_is_worded_whole() -> None:
    """The shell reads letter by letter."""
    long = b"x" * 5000

    assert desk.fits(Answer(0, long[:4000]))
    assert not desk.fits(Answer(0, long))
    assert desk.fits(Answer(0, long, said=frozenset({"out"})))


def test_a_long_answer_goes_as_files() -> None:
    """The script finds them under the names that short answers get."""
    with tarfile.open(fileobj=BytesIO(desk.tarred({"out": b"a", "err": b""}))) as tar:
        found = [(one.name, tar.extractfile(one)) for one in tar]
        texts = [(name, file.read() if file else None) for name, file in found]

    assert texts == [("out", b"a"), ("err", b"")]
