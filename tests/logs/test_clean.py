"""What is stripped from raw logs, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs.clean import LONGEST, clean


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        pytest.param("plain words", "plain words", id="plain"),
        pytest.param("  indented", "  indented", id="leading blanks"),
        pytest.param("\x1b[31mERROR\x1b[0m: no", "ERROR: no", id="colour"),
        pytest.param("\x1b]0;title\x07done", "done", id="window title"),
        pytest.param("\x1b[2K\x1b[1A=> x", "=> x", id="cursor"),
        pytest.param("10%\r50%\r100%", "100%", id="progress"),
        pytest.param("100%\r", "100%", id="windows line end"),
        pytest.param("2026-01-02T03:04:05.678Z Step 1/2", "Step 1/2", id="timestamp"),
        pytest.param("2026-01-02 03:04:05 +0000 x", "x", id="timestamp with zone"),
        pytest.param("[2026-01-02T03:04:05Z] x", "x", id="bracketed timestamp"),
        pytest.param(
            "made 2026-01-02T03:04:05Z ", "made 2026-01-02T03:04:05Z", id="in"
        ),
        pytest.param("\ufeffStep 1/2", "Step 1/2", id="byte order mark"),
        pytest.param("a\x00b\x08c", "abc", id="control characters"),
    ],
)
def test_a_line_reads_as_on_a_terminal(raw: str, read: str) -> None:
    """Causes match words; nothing a terminal swallows may stand between them."""
    assert clean(raw) == (read,)


def test_line_numbers_survive() -> None:
    """A quoted line number must lead to that line of the original log."""
    assert clean("a\n\n\r\nb\n") == ("a", "", "", "b")


def test_a_line_of_data_is_cut() -> None:
    """One line of a megabyte must not slow every cause down."""
    assert clean("x" * 1_000_000) == ("x" * LONGEST,)


@given(st.text())
def test_any_text_has_as_many_lines_as_line_feeds(text: str) -> None:
    """Whatever a build prints, cleaning neither fails nor loses a line."""
    expected = text.count("\n") + (not text.endswith("\n") and text != "")

    assert len(clean(text)) == expected
