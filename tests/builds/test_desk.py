"""Tests of reading a call from a stranger's directory, and of the answer."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from bot.builds import desk
from bot.builds.calls import Asked
from bot.builds.desk import Answer, Request
from bot.builds.words import CallError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a call as the script leaves it."""
    (tmp_path / "words").write_bytes(b"build\0--label\0a=b c\n\0\0")
    (tmp_path / "directory").write_text("/workspace/sub\n")
    (tmp_path / "environment").write_text("A=b=c\nrest of a long value\nB=\n")
    return tmp_path


def test_a_call_is_read_word_for_word(folder: Path) -> None:
    """Blanks, line breaks and empty words arrive as they were."""
    words = ("build", "--label", "a=b c\n", "")
    asked = Asked(words, "/workspace/sub", {"A": "b=c", "B": ""})

    assert desk.read(folder) == Request(asked, frozenset(), None, folder)


def test_a_call_may_bring_its_input_and_share_the_log(folder: Path) -> None:
    """``docker build -`` reads the Dockerfile from there."""
    (folder / "stdin").write_text("FROM x")
    (folder / "live").write_text("out\nerr\n")
    request = desk.read(folder)

    assert request.stdin == folder / "stdin"
    assert request.live == frozenset({"out", "err"})


@pytest.mark.parametrize("name", ["words", "directory", "environment"])
def test_a_call_that_is_a_link_is_refused(folder: Path, name: str) -> None:
    """It would lead to a file of ours, and its text into a stranger's log."""
    (folder / name).unlink()
    (folder / name).symlink_to("/etc/passwd")
    with pytest.raises(CallError, match=f"without its {name}"):
        desk.read(folder)


def test_an_input_that_is_a_link_is_not_there(folder: Path) -> None:
    """Docker would send our own file as the Dockerfile."""
    (folder / "stdin").symlink_to("/etc/passwd")

    assert desk.read(folder).stdin is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [("12.0", True), ("12", False), ("../x", False), ("1.0/../x", False), ("", False)],
)
def test_only_the_scripts_own_names_are_calls(
    name: str,
    expected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Anything may be written into the pipe."""
    assert desk.is_call(name) is expected


def test_an_answer_is_complete_before_it_is_done() -> None:
    """The script waits for the last entry and then reads the others."""
    answer = Answer(3, b"o\0", b"e", frozenset({"out"}))
    with tarfile.open(fileobj=io.BytesIO(desk.word(answer))) as tar:
        found = [(one.name, tar.extractfile(one)) for one in tar]
        texts = [(name, file.read() if file else None) for name, file in found]

    assert texts == [
        ("answer/said.out", b""),
        ("answer/out", b"o\0"),
        ("answer/err", b"e"),
        ("answer/code", b"3\n"),
        ("answer/done", b""),
    ]
