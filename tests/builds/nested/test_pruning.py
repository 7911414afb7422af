"""Tests of what is thrown away: by age, by size, and never what is in use."""

from __future__ import annotations

from bot.builds.nested.options import NestedOptions
from bot.builds.nested.pruning import Stored, chosen

DAY = 86_400.0
GIB = 1024**3
OPTIONS = NestedOptions(kept_days=7, oldest_days=30, total=10)


def test_what_was_used_lately_stays() -> None:
    """The next build of the repository is to be warm."""
    assert chosen([Stored("a", True, DAY, 20 * DAY, GIB)], OPTIONS) == ()


def test_what_nobody_used_for_days_goes() -> None:
    """Most repositories are built once and then not for weeks."""
    assert chosen([Stored("a", True, 8 * DAY, 8 * DAY)], OPTIONS) == ("a",)


def test_what_is_old_goes_though_it_is_used() -> None:
    """Base images and packages in it are as old."""
    assert chosen([Stored("a", True, DAY, 31 * DAY)], OPTIONS) == ("a",)


def test_what_a_job_left_goes_once_nobody_can_be_starting_it() -> None:
    """Its worker died; a fork's domain is for one job."""
    found = [Stored("new", False, 60.0, 60.0), Stored("old", False, 1000.0, 1000.0)]

    assert chosen(found, OPTIONS) == ("old",)


def test_the_longest_unused_go_where_all_together_are_too_large() -> None:
    """As many as needed, and no more."""
    found = [
        Stored("a", True, 3 * DAY, 3 * DAY, 4 * GIB),
        Stored("b", True, 5 * DAY, 5 * DAY, 4 * GIB),
        Stored("c", True, 4 * DAY, 4 * DAY, 4 * GIB),
    ]

    assert chosen(found, OPTIONS) == ("b",)


def test_what_has_just_ended_stays_however_large() -> None:
    """It may be started again in this very moment."""
    assert chosen([Stored("a", True, 60.0, DAY, 50 * GIB)], OPTIONS) == ()
