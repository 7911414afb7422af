"""How edits are chosen, made, shown, and made until nothing is left to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import fixing
from bot.model import Edit, Finding, Fix, Match, Safety, Severity, Source, Span

NO_NEWLINE = "\\ No newline at end of file\n"
SOURCE = Source("file", "0123456789")


def edit(start: int, end: int, new: str) -> Edit:
    """Return an edit of the file under test."""
    return Edit(Span("file", start, end), new)


def finding(*edits: Edit, safety: Safety = Safety.SAFE) -> Finding:
    """Return a finding whose fix consists of *edits*."""
    match = Match(edits[0].span, "", Fix("", edits, safety))
    return Finding("rule", Severity.HINT, match)


def test_edits_do_not_move_each_other() -> None:
    """Every edit means the text that was parsed, not the text half repaired."""
    edits = [edit(1, 3, ""), edit(5, 5, "abc"), edit(9, 10, "z")]

    assert fixing.apply(SOURCE, edits).text == "034abc5678z"


def test_other_files_are_left_alone() -> None:
    """Edits for another path do nothing here."""
    other = Edit(Span("other", 0, 5), "")

    assert fixing.apply(SOURCE, [other]) == SOURCE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(edit(2, 6, "a"), edit(5, 8, "b"), id="overlap"),
        pytest.param(edit(2, 6, "a"), edit(3, 4, "b"), id="inside"),
        pytest.param(edit(4, 4, "a"), edit(4, 4, "b"), id="same insertion"),
    ],
)
def test_the_second_of_two_rivals_waits(first: Edit, second: Edit) -> None:
    """A fix is taken whole or not at all; a rival fix waits for the next run."""
    rival = finding(second, edit(9, 10, "c"))

    assert fixing.compose([finding(first), rival], Safety.SAFE) == (first,)


def test_a_fix_that_findings_share_is_taken_once() -> None:
    """Six places, one argument: the argument is declared once."""
    edits = (edit(2, 2, "a"), edit(4, 6, "b"))

    assert fixing.compose([finding(*edits)] * 6, Safety.SAFE) == edits


def test_fixes_that_agree_on_an_edit_are_both_taken() -> None:
    """Two stages may need the same caller changed in the same way."""
    shared, one, two = edit(2, 2, "a"), edit(4, 6, "b"), edit(7, 8, "c")

    chosen = fixing.compose([finding(shared, one), finding(shared, two)], Safety.SAFE)

    assert chosen == (shared, one, two)


def test_neighbours_are_not_rivals() -> None:
    """Spans are half open: one may end where the other starts."""
    left, right = edit(2, 4, "a"), edit(4, 6, "b")

    chosen = fixing.compose([finding(left), finding(right)], Safety.SAFE)

    assert chosen == (left, right)


@pytest.mark.parametrize("floor", Safety)
@pytest.mark.parametrize("safety", Safety)
def test_safety_is_a_floor(safety: Safety, floor: Safety) -> None:
    """What is asked for, or safer, is taken."""
    chosen = fixing.compose([finding(edit(0, 1, ""), safety=safety)], floor)

    assert bool(chosen) == (safety >= floor)


def test_a_finding_without_a_fix_changes_nothing() -> None:
    """Some things are told and left to the author."""
    told = Finding("rule", Severity.HINT, Match(Span("file", 0, 1), ""))

    assert fixing.compose([told], Safety.DISPLAY) == ()


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a\n", "a\n", ""),
        ("a\nb\n", "a\nc\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
        (
            "a",
            "a\nb",
            f"@@ -1 +1,2 @@\n-a\n{NO_NEWLINE}+a\n+b\n{NO_NEWLINE}",
        ),
        ("a\r\n\x0cb\n", "a\r\n\x0cc\n", "@@ -1,2 +1,2 @@\n a\r\n-\x0cb\n+\x0cc\n"),
    ],
)
def test_shows_what_changed(before: str, after: str, shown: str) -> None:
    """As ``git apply`` takes it, whatever ends the lines."""
    head = "--- a/d/file\n+++ b/d/file\n" if shown else ""

    found = fixing.diff(Source("d/file", before), Source("d/file", after))

    assert found == head + shown


@given(st.text(), st.data())
def test_characters_outside_edits_never_change(text: str, data: st.DataObject) -> None:
    """Comments, blanks and case of everything else survive."""
    cuts = sorted(
        data.draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True))
    )
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [edit(start, end, "\x00") for start, end in pairs]
    kept, position = [], 0
    for start, end in pairs:
        kept.append(text[position:start])
        position = end

    made = fixing.apply(Source("file", text), edits).text

    assert made == "\x00".join([*kept, text[position:]])
