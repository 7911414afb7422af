"""A proven fix on the lines of a fork's pull request."""

from __future__ import annotations

from bot.model import Source
from bot.publishing import Remark, Review
from bot.report import review_of_fix
from bot.report.review import Diff
from bot.snapshot import Snapshot

OLD = Source("Dockerfile", "FROM alpine:3.4\nRUN true\n\n\n\n\nADD x-amd64 /x\n")
NEW = Source("Dockerfile", "FROM alpine:3.6\nRUN true\n\n\n\n\nADD x-$ARCH /x\n")
BEFORE = Snapshot(frozenset({OLD.path}), {OLD.path: OLD})
WORDS = "This is part of the proven fix."


def reviewed(*lines: int, posted: frozenset[str] = frozenset()) -> Review | None:
    """Return the review where the pull request shows *lines*."""
    shown = Diff({OLD.path: frozenset(lines)}, posted)
    return review_of_fix.render(BEFORE, (NEW,), shown)


def suggestion(line: int, text: str, mark: str) -> Remark:
    """Return the remark that puts *text* in the place of *line*."""
    body = f"{WORDS}\n\n```suggestion\n{text}\n```"
    return Remark(OLD.path, line, line, body, mark)


def test_only_what_changed_is_suggested() -> None:
    """One suggestion for each place, and none for what stays."""
    found = reviewed(*range(1, 8))

    assert found is not None
    first, second = found.remarks
    assert found.remarks == (
        suggestion(1, "FROM alpine:3.6", first.fingerprint),
        suggestion(7, "ADD x-$ARCH /x", second.fingerprint),
    )
    assert first.fingerprint != second.fingerprint


def test_a_line_that_is_not_shown_gets_no_suggestion() -> None:
    """GitHub refuses the whole review for one such line."""
    found = reviewed(1, 2, 3)

    assert found is not None
    assert [one.line for one in found.remarks] == [1]
    assert reviewed(2, 3) is None


def test_a_suggestion_is_made_once() -> None:
    """A second copy on the next push would only be noise."""
    found = reviewed(1, 7)

    assert found is not None
    first, _ = (one.fingerprint for one in found.remarks)
    again = reviewed(1, 7, posted=frozenset({first}))
    assert again is not None
    assert [one.line for one in again.remarks] == [7]
