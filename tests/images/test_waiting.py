"""How long a busy server wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.images import waiting

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Mon, 23 Nov 2026 12:01:30 GMT", 90.0),
        ("Mon, 23 Nov 2026 12:01:30 -0000", 90.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("9" * 400, 999999999.0),
        ("-5", 30.0),
        ("Wed, 21 Oct 2015 07:28:00 +9999999999999999999999", 30.0),
        ("Wed, 21 Oct 2015 99999999999:28:00 GMT", 30.0),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 251606951939.0),
        ("soon", 30.0),
        ("²", 30.0),
        ("", 30.0),
    ],
)
def test_reads_seconds_and_dates(value: str, expected: float) -> None:
    """Both forms are in use, and neither may be trusted to be one of them."""
    actual = waiting.seconds({"Retry-After": value}, NOON)

    assert actual == expected


def test_waits_a_while_where_nothing_is_said() -> None:
    """A 429 without a time still means: not now."""
    assert waiting.seconds({}, NOON) == 30.0
