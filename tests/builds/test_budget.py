"""Tests of what one run may cost this machine."""

from __future__ import annotations

import itertools

import pytest

from bot.builds.budget import Budget, Kept
from bot.errors import UserError
from tests.builds import budgets


def ten() -> Budget:
    """Return a budget of ten of everything."""
    return budgets.made(10, 10, 10, 10)


def test_what_is_there_can_be_spent() -> None:
    """The last byte is as good as the first."""
    one = ten()
    for _ in range(10):
        one.spend(size=1, entries=1, calls=1)

    assert (one.size, one.entries, one.calls) == (10, 10, 10)


@pytest.mark.parametrize(
    ("spent", "bound"),
    [
        ({"size": 11}, "10 bytes"),
        ({"entries": 11}, "10 files"),
        ({"calls": 11}, "10 calls of docker"),
        ({"seconds": 901}, "900 seconds of transfer"),
    ],
)
def test_what_is_not_there_is_refused_in_words(
    spent: dict[str, int], bound: str
) -> None:
    """The author learns which bound it was, and what to do."""
    with pytest.raises(UserError) as told:
        ten().spend(**spent)

    words = f"It comes to more than {bound}, which is all that is taken. Send less."
    assert str(told.value) == words


def test_chunks_are_paid_as_they_come() -> None:
    """A stream without an end is left where the budget ends."""
    taken: list[bytes] = []
    with pytest.raises(UserError):
        taken.extend(ten().metered(b"1234" for _ in itertools.count()))

    assert len(taken) <= 3


def test_memory_is_given_back() -> None:
    """What one answer took is there for the next."""
    one = ten()
    first = Kept(one)
    taken = (first.take(b"123456"), first.take(b"123456"), first.take(b"1"))
    full = first.full
    first.let_go()

    assert (taken, full) == ((b"123456", b"", b""), True)
    assert Kept(one).take(b"123456789") == b"123456789"
