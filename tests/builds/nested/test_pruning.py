"""Tests of what is thrown away: by age, by size, and never what is in use."""

from __future__ import annotations

from bot.builds.nested.options import NestedOptions
from bot.builds.nested.pruning import Disk, Stored, chosen

DAY = 86_400.0
GIB = 1024**3
OPTIONS = NestedOptions(kept_days=7, oldest_days=30, total=10, free_share=0.2)
ROOMY = Disk(total=100 * GIB, free=60 * GIB)


def test_what_was_used_lately_stays() -> None:
    """The next build of the repository is to be warm."""
    assert chosen([Stored("a", True, DAY, 20 * DAY, GIB)], ROOMY, OPTIONS) == ()


def test_what_nobody_used_for_days_goes() -> None:
    """Most repositories are built once and then not for weeks."""
    assert chosen([Stored("a", True, 8 * DAY, 8 * DAY)], ROOMY, OPTIONS) == ("a",)


def test_what_is_old_goes_though_it_is_used() -> None:
    """Base images and packages in it are as old."""
    assert chosen([Stored("a", True, DAY, 31 * DAY)], ROOMY, OPTIONS) == ("a",)


def test_what_a_job_left_goes_once_nobody_can_be_starting_it() -> None:
    """Its worker died; a fork's domain is for one job."""
    found = [Stored("new", False, 60.0, 60.0), Stored("old", False, 1000.0, 1000.0)]

    assert chosen(found, ROOMY, OPTIONS) == ("old",)


def test_the_longest_unused_go_where_all_together_are_too_large() -> None:
    """As many as needed, and no more."""
    found = [
        Stored("a", True, 3 * DAY, 3 * DAY, 4 * GIB),
        Stored("b", True, 5 * DAY, 5 * DAY, 4 * GIB),
        Stored("c", True, 4 * DAY, 4 * DAY, 4 * GIB),
    ]

    assert chosen(found, ROOMY, OPTIONS) == ("b",)


def test_what_has_just_ended_stays_however_large() -> None:
    """It may be started again in this very moment."""
    assert chosen([Stored("a", True, 60.0, DAY, 50 * GIB)], ROOMY, OPTIONS) == ()


def test_what_runs_stays_but_counts() -> None:
    """Ten running engines leave no room for one that rests."""
    found = [
        Stored("a", True, 8 * DAY, 40 * DAY, 9 * GIB, running=True),
        Stored("b", True, DAY, DAY, 2 * GIB),
    ]

    assert chosen(found, ROOMY, OPTIONS) == ("b",)


def test_what_rests_goes_where_the_disk_gets_full() -> None:
    """Whoever else fills the runner's disk, the next build needs room."""
    found = [
        Stored("a", True, 3 * DAY, 3 * DAY, 1 * GIB),
        Stored("b", True, 2 * DAY, 2 * DAY, 1 * GIB),
        Stored("c", True, 1 * DAY, 1 * DAY, 1 * GIB),
    ]
    tight = Disk(total=100 * GIB, free=18 * GIB + 1)

    assert chosen(found, tight, OPTIONS) == ("a", "b")


def test_what_goes_by_age_makes_room_too() -> None:
    """Nothing more goes than has to."""
    found = [
        Stored("old", True, 8 * DAY, 8 * DAY, 3 * GIB),
        Stored("new", True, 1 * DAY, 1 * DAY, 3 * GIB),
    ]
    tight = Disk(total=100 * GIB, free=17 * GIB)

    assert chosen(found, tight, OPTIONS) == ("old",)
