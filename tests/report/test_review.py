"""Remarks on the lines that a pull request shows, each said once."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Edit, Finding, Fix, Match, Safety, Severity, Source
from bot.publishing import Review
from bot.report import review
from bot.report.review import Diff
from bot.snapshot import Snapshot
from tests.report.expecting import expected
from tests.report.rendered import Shown
from tests.report.stories import (
    BASE,
    DOCKERFILE,
    EVIL,
    FINDINGS,
    MAKEFILE,
    PATH,
    SNAPSHOT,
    TINI,
)

WHOLE = {
    DOCKERFILE.path: frozenset(range(1, 5)),
    MAKEFILE.path: frozenset(range(1, 4)),
}


def told(found: Review | None) -> str:
    """Return everything that *found* says and where, but for fingerprints."""
    assert found is not None
    remarks = (
        f"@@ {one.path} {one.start_line} {one.line}\n\n{one.body}"
        for one in found.remarks
    )
    return "\n\n".join([found.body, *remarks])


def test_says_nothing_where_nothing_is_shown() -> None:
    """A finding that a pull request does not touch is not its business."""
    assert review.render(SNAPSHOT, FINDINGS, Diff({})) is None
    assert review.render(SNAPSHOT, [], Diff(WHOLE)) is None


def test_a_fix_becomes_suggestions_in_every_file_that_is_shown() -> None:
    """One click per file makes the whole change."""
    assert told(review.render(SNAPSHOT, FINDINGS, Diff(WHOLE))) == expected("review")


def test_a_part_that_is_not_shown_is_named() -> None:
    """Half a fix must not look like a whole one."""
    lines = {DOCKERFILE.path: frozenset(range(1, 5))}

    actual = told(review.render(SNAPSHOT, [PATH], Diff(lines)))

    assert actual == expected("review_half_shown")


def test_a_fix_that_cannot_be_clicked_is_shown_as_a_diff() -> None:
    """Suggestions exist for shown lines only."""
    lines = {DOCKERFILE.path: frozenset({3})}
    caller = {MAKEFILE.path: frozenset({1, 2, 3})}

    actual = told(review.render(SNAPSHOT, [PATH], Diff(lines)))
    beside = told(review.render(SNAPSHOT, [PATH], Diff(lines | caller)))

    assert actual == expected("review_diff")
    assert beside == actual


def test_what_is_displayed_is_never_a_suggestion() -> None:
    """A rule that is unsure leaves the writing to the author."""
    assert BASE.match.fix is not None
    fix = replace(BASE.match.fix, safety=Safety.DISPLAY)
    finding = replace(BASE, match=replace(BASE.match, fix=fix))

    found = review.render(SNAPSHOT, [finding], Diff(WHOLE))

    assert found is not None
    assert "suggestion\n" not in found.remarks[0].body
    assert "**By hand**: Use `alpine:3.6`" in found.remarks[0].body


def test_advice_may_come_without_an_edit() -> None:
    """Sometimes there is something to say and nothing to write."""
    fix = Fix("Ask `vendor` for arm64", (), Safety.DISPLAY)
    finding = replace(TINI, match=replace(TINI.match, fix=fix))

    found = review.render(SNAPSHOT, [finding], Diff(WHOLE))

    assert found is not None
    assert found.remarks[0].body == (
        "Nobody knows which `tini` this will be.\n\n"
        "**By hand**: Ask `vendor` for arm64\n\n"
        "To keep the line as it is, put `# multiarch: allow missing-checksum` above it."
    )


def test_findings_that_share_a_fix_share_its_suggestion() -> None:
    """The same change is not offered twice."""
    other = replace(PATH, match=replace(PATH.match, span=DOCKERFILE.span(5, 11)))

    one = review.render(SNAPSHOT, [PATH], Diff(WHOLE))
    both = review.render(SNAPSHOT, [PATH, other], Diff(WHOLE))

    assert both == one


def test_far_parts_of_a_fix_are_numbered() -> None:
    """Who clicks on one of them has to know of the other."""
    source = Source("Dockerfile", "a\nb\nc\nd\ne\nf\ng\n")
    edits = (
        Edit(source.span(0, 1), "A"),
        Edit(source.span(12, 13), "G"),
    )
    match = Match(source.span(0, 1), "It is so.", Fix("Shout", edits, Safety.SAFE))
    snapshot = Snapshot(frozenset({source.path}), {source.path: source})
    lines = {source.path: frozenset(range(1, 8))}

    found = review.render(
        snapshot, [Finding("quiet", Severity.HINT, match)], Diff(lines)
    )

    assert found is not None
    titles = [one.body.split("\n\n")[1] for one in found.remarks]
    assert titles == [
        "**Fix**: Shout (part 1 of 2 in this file)",
        "**Fix**: Shout (part 2 of 2 in this file)",
    ]


def test_a_remark_is_not_made_twice() -> None:
    """The next push changes other lines, and this one has been said."""
    first = review.render(SNAPSHOT, FINDINGS, Diff(WHOLE))
    assert first is not None
    posted = frozenset(one.fingerprint for one in first.remarks)

    again = review.render(SNAPSHOT, FINDINGS, Diff(WHOLE, posted))
    some = review.render(
        SNAPSHOT, FINDINGS, Diff(WHOLE, posted - {first.remarks[0].fingerprint})
    )

    assert again is None
    assert some is not None
    assert some.remarks == first.remarks[:1]


def test_a_remark_stays_the_same_when_its_line_moves() -> None:
    """Fingerprints know the text, not the number of its line."""
    moved = Source(DOCKERFILE.path, "# new\n\n" + DOCKERFILE.text)
    start = moved.text.index("tini")
    match = replace(TINI.match, span=moved.span(start, start + 4))
    snapshot = SNAPSHOT.with_sources([moved])

    before = review.render(SNAPSHOT, [TINI], Diff(WHOLE))
    after = review.render(
        snapshot,
        [replace(TINI, match=match)],
        Diff({moved.path: frozenset(range(1, 9))}),
    )

    assert before is not None
    assert after is not None
    assert after.remarks[0].line == before.remarks[0].line + 2
    assert after.remarks[0].fingerprint == before.remarks[0].fingerprint


def test_the_same_thing_in_two_places_is_two_remarks() -> None:
    """Otherwise the second would be taken for a copy of the first."""
    found = review.render(SNAPSHOT, [TINI, TINI], Diff(WHOLE))

    assert found is not None
    assert len({one.fingerprint for one in found.remarks}) == 2


def test_the_worst_come_first_and_twenty_are_enough() -> None:
    """A review of a hundred remarks is read by nobody."""
    found = review.render(SNAPSHOT, [TINI] * 30 + [BASE], Diff(WHOLE))

    assert found is not None
    assert len(found.remarks) == review.MOST == 20
    assert "`alpine:3.4` is not published" in found.remarks[0].body
    rows = found.body.split("\n\n")
    assert rows[0] == "31 remarks about arm64 on lines of this pull request."
    assert rows[2] == "11 of them are not shown here; the check run lists all."


def test_a_finding_over_many_lines_points_at_those_that_are_shown() -> None:
    """GitHub refuses a range that leaves the diff, and with it the review."""
    match = Match(DOCKERFILE.span(0, 40), "It is so.")
    finding = Finding("a", Severity.HINT, match)

    part = review.render(SNAPSHOT, [finding], Diff({DOCKERFILE.path: frozenset({1})}))
    whole = review.render(SNAPSHOT, [finding], Diff(WHOLE))

    assert part is not None
    assert whole is not None
    assert (part.remarks[0].start_line, part.remarks[0].line) == (1, 1)
    assert (whole.remarks[0].start_line, whole.remarks[0].line) == (1, 3)


def test_hostile_text_stays_text() -> None:
    """A file name or an image name opens nothing and calls nobody."""
    source = Source(EVIL, f"FROM {EVIL}\n")
    snapshot = Snapshot(frozenset({EVIL}), {EVIL: source})
    edit = Edit(source.span(0, 4), EVIL)
    match = Match(source.span(0, 4), EVIL, Fix(EVIL, (edit,), Safety.SAFE))
    lines = {EVIL: frozenset(range(1, 9))}

    for given in (lines, {EVIL: frozenset({1})}):
        found = review.render(
            snapshot, [Finding("a", Severity.HINT, match)], Diff(given)
        )

        assert found is not None
        for remark in found.remarks:
            shown = Shown(remark.body)
            assert set(shown.tags) <= {"p", "pre", "code", "strong"}
            assert shown.calls == shown.comments == []
