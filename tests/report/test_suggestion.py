"""One click on each suggestion makes the same change as the fix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import fixing
from bot.model import Edit, Source
from bot.report.suggestion import Block, blocks

TEXT = "FROM alpine:3.4\nRUN true\n\nADD bin/app-amd64 /app\nCMD /app\n"


def edit(text: str, old: str, new: str, path: str = "Dockerfile") -> Edit:
    """Return the edit that puts *new* in the place of *old* in *text*."""
    source = Source(path, text)
    start = text.index(old)
    return Edit(source.span(start, start + len(old)), new)


def clicked(text: str, found: tuple[Block, ...]) -> str:
    """Return *text* after every suggestion was accepted, as GitHub does it."""
    lines = text.removesuffix("\n").split("\n")
    for block in sorted(found, key=lambda one: -one.first):
        new = [] if block.text is None else block.text.split("\n")
        lines[block.first - 1 : block.last] = new
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("3.4", "3.6", Block(1, 1, "FROM alpine:3.6"), id="word"),
        pytest.param("", "ARG A\n", Block(1, 1, "ARG A\nFROM alpine:3.4"), id="above"),
        pytest.param("RUN true\n", "", Block(2, 2, None), id="line gone"),
        pytest.param("RUN true\n\n", "", Block(2, 3, None), id="lines gone"),
        pytest.param(
            "RUN true\n\n", "RUN false\n", Block(2, 3, "RUN false"), id="fewer lines"
        ),
        pytest.param("RUN true", "", Block(2, 2, ""), id="line emptied"),
        pytest.param(
            "true\n\n", "", Block(2, 4, "RUN ADD bin/app-amd64 /app"), id="lines joined"
        ),
        pytest.param(
            "CMD /app\n",
            "CMD /app\nUSER 1\n",
            Block(5, 5, "CMD /app\nUSER 1"),
            id="end",
        ),
    ],
)
def test_an_edit_becomes_whole_lines(old: str, new: str, expected: Block) -> None:
    """GitHub replaces lines and nothing smaller."""
    source = Source("Dockerfile", TEXT)

    actual = blocks(source, [edit(TEXT, old, new)])

    assert actual == (expected,)


def test_a_line_behind_the_last_hangs_on_the_last() -> None:
    """There is no line there that a remark could point at."""
    source = Source("Dockerfile", TEXT)
    end = Edit(source.span(len(TEXT), len(TEXT)), "USER 1\n")

    assert blocks(source, [end]) == (Block(5, 5, "CMD /app\nUSER 1"),)


def test_near_edits_share_a_block_and_far_ones_do_not() -> None:
    """Two suggestions cannot overlap, and one should not span a file."""
    text = "a\nb\nc\nd\ne\nf\ng\nh\ni\n"
    source = Source("Dockerfile", text)
    edits = [edit(text, "a", "A"), edit(text, "d", "D"), edit(text, "i", "I")]

    actual = blocks(source, reversed(edits))

    assert actual == (Block(1, 4, "A\nb\nc\nD"), Block(9, 9, "I"))


def test_only_edits_of_the_file_count() -> None:
    """A fix is a bundle over several files; each has its own suggestions."""
    other = edit(TEXT, "3.4", "3.6", "Makefile")

    assert blocks(Source("Dockerfile", TEXT), [other]) == ()


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("FROM alpine:3.4\r\nRUN true\r\n", "3.6"),
        (TEXT, "3.6\u202e"),
        (TEXT, "3.6\x1b[0m"),
    ],
)
def test_what_a_comment_cannot_carry_is_not_suggested(text: str, new: str) -> None:
    """GitHub drops carriage returns, and people click on what they see."""
    assert blocks(Source("Dockerfile", text), [edit(text, "3.4", new)]) == ()


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Block(1, 1, "a"), "```suggestion\na\n```"),
        (Block(1, 1, "a\n"), "```suggestion\na\n\n```"),
        (Block(1, 1, ""), "```suggestion\n\n```"),
        (Block(1, 1, None), "```suggestion\n```"),
        (Block(1, 1, "```\na"), "````suggestion\n```\na\n````"),
    ],
)
def test_spells_a_suggestion(block: Block, expected: str) -> None:
    """A blank line and no line are two things, and ticks may be in a heredoc."""
    assert block.render() == expected


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """Draw a text and edits of it that do not overlap."""
    text = draw(st.text(alphabet="ab\n", min_size=1, max_size=60))
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    source = Source("Dockerfile", text)
    spans = zip(places[::2], places[1::2], strict=False)
    return text, [
        Edit(source.span(start, end), draw(st.text(alphabet="xy\n", max_size=5)))
        for start, end in spans
    ]


@given(edited())
def test_clicking_equals_fixing(drawn: tuple[str, list[Edit]]) -> None:
    """Whatever the fix is, its suggestions make that change and no other."""
    text, edits = drawn
    source = Source("Dockerfile", text)

    found = blocks(source, edits)

    if found:
        expected = fixing.apply(source, edits).text
        assert clicked(text, found).rstrip("\n") == expected.rstrip("\n")
        lines = [line for block in found for line in sorted(block.lines)]
        assert lines == sorted(set(lines))
