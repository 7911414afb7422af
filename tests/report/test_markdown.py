"""Text from outside stays text, judged by GitHub's own renderer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report import markdown
from tests.report.rendered import Shown

HOSTILE = [
    "`", "```", "````\n# heading", "~~~", "@somebody", "cc @org/team", "#12",
    "org/repo#12", "GH-12", "https://evil.example", "www.evil.example",
    "a@evil.example", "[x](https://evil.example)", "![x](https://evil.example/x.png)",
    "<img src=x onerror=alert(1)>", "</details>", "<!-- x", "-->", "a | b | c",
    "\\|", "\\\\|", "\\", "\\`", "a\nb", "a\r\nb", "- item", "1. item", "12) item",
    "# heading", "> quote", "===", "---", "+ item", "**bold**", "__bold__", "~~gone~~",
    "$x$", "&amp;", "&#64;somebody", "\u202egnp.exe", "\u200b", "\x1b[31mred", "\x00",
    "[x]: https://evil.example", "    indented", "\tindented", "[^1]", ":tada:",
    "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef", "| --- |", "`a` @b `c`", "@`x`",
]  # fmt: skip
"""What log lines and file names have been made of by people with ideas."""

PIECES = st.lists(
    st.sampled_from([*HOSTILE, " ", "a", "\n", "|", "\\", "`", "x-amd64"]), max_size=6
).map("".join)


def seen(text: str) -> str:
    """Return what of *text* a reader is meant to see on one line."""
    return markdown.one_line(text)


def words(shown: str) -> str:
    """Return text as it was before its calls were put to sleep."""
    return " ".join(shown.replace("\u200b", "").split())


@given(PIECES)
def test_running_text_is_only_text(text: str) -> None:
    """No link, no mention, no element but the paragraph, and nothing is lost."""
    shown = Shown(markdown.plain(text))

    assert set(shown.tags) <= {"p"}
    assert shown.calls == shown.comments == []
    assert words(shown.text) == seen(text)


@given(PIECES)
def test_a_code_span_holds_everything(text: str) -> None:
    """Whatever backticks are inside, the span ends where we end it."""
    shown = Shown(f"before {markdown.code(text)} after @after")

    if seen(text):
        assert shown.tags == ["p", "code"]
        assert [one.strip() for one in shown.code] == [seen(text)]
    assert shown.text.split()[0] == "before"


@given(PIECES)
def test_a_message_holds_code_and_text(text: str) -> None:
    """Rules quote the file between backticks; the file may hold backticks too."""
    shown = Shown(markdown.prose(text))

    assert set(shown.tags) <= {"p", "code"}
    assert shown.calls == shown.comments == []


@given(PIECES)
def test_a_block_holds_everything(text: str) -> None:
    """A log line of fences does not end the log."""
    shown = Shown(markdown.fence(text, "diff") + "\n\nafter")

    assert shown.tags == ["pre", "code", "p"]
    assert shown.text.strip() == "after"
    assert shown.code[0].removesuffix("\n") == markdown.clean(text)


@given(PIECES, PIECES)
def test_a_table_keeps_its_shape(one: str, two: str) -> None:
    """A pipe in a log line opens no column, a line feed no row."""
    row = (markdown.code(one), markdown.plain(two), "end")

    shown = Shown(markdown.table(("One", "Two", "Three"), [row]))

    cells = [tag for tag in shown.tags if tag in {"th", "td"}]
    assert cells == ["th"] * 3 + ["td"] * 3
    assert shown.calls == shown.comments == []
    assert words(shown.text) == words(f"One Two Three {_bare(one)} {seen(two)} end")
    assert [item.strip() for item in shown.code] == ([seen(one)] if seen(one) else [])


def _bare(text: str) -> str:
    return "" if seen(text) else "(empty)"


@given(PIECES)
def test_a_fold_stays_folded(text: str) -> None:
    """What is folded away cannot unfold itself."""
    block = markdown.details(text, markdown.fence(text))

    shown = Shown(f"{block}\n\nafter")

    assert shown.tags == ["details", "summary", "pre", "code", "p"]
    assert shown.calls == shown.comments == []
    assert words(shown.text) == words(f"{seen(text)} after")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alpine:3.4", "`alpine:3.4`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("a\n  b", "`a b`"),
        ("\x1b[31m\u202e", "`\ufffd[31m\ufffd`"),
        ("", "(empty)"),
        ("x" * 300, f"`{'x' * 239}…`"),
    ],
)
def test_spells_code(text: str, expected: str) -> None:
    """What nobody sees is shown as a mark, and length has a bound."""
    assert markdown.code(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is so.", "It is so."),
        ("`a b` is not", "`a b` is not"),
        ("use `a`, not `b`", "use `a`, not `b`"),
        ("one ` alone", "one \\` alone"),
        ("@somebody", "@\u200bsomebody"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
    ],
)
def test_spells_messages(text: str, expected: str) -> None:
    """Our own words come through as they were written."""
    assert markdown.prose(text) == expected


def test_a_long_block_is_cut_at_a_line() -> None:
    """The reader is told how much is missing."""
    text = "\n".join(f"line {number}" for number in range(10))

    actual = markdown.fence(text, "text", 20)

    expected = "```text\nline 0\nline 1\n```\n\n(8 more lines are not shown.)"
    assert actual == expected


def test_a_long_line_is_cut() -> None:
    """One line of a megabyte is a log, too."""
    actual = markdown.fence("x" * 100 + "\n", most=10)

    assert actual == f"```\n{'x' * 9}…\n```"


def test_an_empty_block_is_a_block() -> None:
    """Nothing is shown as nothing."""
    assert markdown.fence("") == "```\n```"


def test_what_is_too_long_is_left_out_and_said() -> None:
    """GitHub refuses the whole text, so the end of it gives way."""
    one = markdown.bounded(["a" * 100, "b" * 300, "c"], 400)
    two = markdown.bounded(["b" * 300, "b" * 300, "c"], 400)

    note = "(1 part of this text is left out: GitHub takes 400 characters.)"
    notes = "(2 parts of this text are left out: GitHub takes 400 characters.)"
    assert one == f"{'a' * 100}\n\nc\n\n{note}"
    assert two == f"c\n\n{notes}"


@given(st.lists(st.text(max_size=400), max_size=10))
def test_the_bound_holds(blocks: list[str]) -> None:
    """Whatever is said, GitHub takes it."""
    assert len(markdown.bounded(blocks, 500)) <= 500


def test_short_texts_are_whole() -> None:
    """Nothing is left out that fits."""
    assert markdown.bounded(["a", "b"]) == "a\n\nb"
