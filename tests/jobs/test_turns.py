"""Nobody waits for a runner because somebody else pushes a lot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.turns import FIRST, Open, turn

NAMES = st.sampled_from(["a/1", "a/2", "a/3", "b/1", "b/2", "c/1"])
EVENTS = st.lists(NAMES | st.none(), max_size=80)
"""A repository asks for a build, or the runner is free for the next one."""


@dataclass(slots=True)
class Line:
    """Jobs that wait for one runner, and in which order they were begun."""

    waiting: list[Open] = field(default_factory=list)
    begun: list[Open] = field(default_factory=list)

    def ask(self, repository: str) -> None:
        """Let one more job wait."""
        known = (*self.begun[-1:], *self.waiting)
        self.waiting.append(Open(repository, turn(repository, known), begun=False))

    def serve(self) -> None:
        """Let the next job begin, and the one before it end."""
        if self.waiting:
            first = min(self.waiting, key=lambda each: each.turn)
            self.waiting.remove(first)
            self.begun.append(replace(first, begun=True))

    def order(self) -> list[str]:
        """Serve everybody, and return whose turn came when."""
        while self.waiting:
            self.serve()
        return [each.repository for each in self.begun]


def test_the_first_job_meets_nobody() -> None:
    """An idle runner is everybody's."""
    assert turn("a/1", ()) == FIRST


def test_two_hundred_pushes_keep_another_owner_waiting_for_one() -> None:
    """What is at work goes on; the next turn is the other's."""
    line = Line()
    for _ in range(200):
        line.ask("a/1")
    line.serve()
    line.ask("b/1")

    assert line.order()[:3] == ["a/1", "b/1", "a/1"]


def test_many_repositories_of_one_owner_are_one_owner() -> None:
    """Who has two hundred repositories does not have two hundred turns."""
    line = Line()
    for number in range(200):
        line.ask(f"a/{number}")
    line.serve()
    for _ in range(3):
        line.ask("b/1")

    owners = [name[0] for name in line.order()]
    assert owners[:7] == ["a", "b", "a", "b", "a", "b", "a"]


def test_repositories_of_one_owner_take_turns_too() -> None:
    """A colleague's one push does not wait for two hundred of mine."""
    line = Line()
    for _ in range(200):
        line.ask("a/1")
    line.serve()
    line.ask("a/2")

    assert line.order().index("a/2") <= 2


def test_who_asks_all_the_time_does_not_starve_who_waits() -> None:
    """One job at a time, always fresh, is a flood as well."""
    line = Line()
    for _ in range(5):
        line.ask("a/1")
    for _ in range(20):
        line.ask("b/1")
        line.serve()

    assert Counter(each.repository for each in line.begun)["a/1"] == 5


@given(EVENTS, st.sampled_from(["d/1", "e/9"]))
def test_a_newcomer_waits_for_one_job_of_each_other_owner(
    events: list[str | None], newcomer: str
) -> None:
    """Whatever happened before: the first job of an owner is soon begun."""
    line = Line()
    for event in events:
        line.ask(event) if event else line.serve()
    already = len(line.begun)
    line.ask(newcomer)
    before = line.order()[already:].index(newcomer)

    assert before <= len({name[0] for name in ("a/1", "b/1", "c/1")}) * 2


@pytest.mark.parametrize("others", [(), (Open("b/1", 7, begun=True),)])
def test_turns_of_one_repository_keep_their_order(others: tuple[Open, ...]) -> None:
    """The later push is built later."""
    first = turn("a/1", others)
    second = turn("a/1", (*others, Open("a/1", first, begun=False)))

    assert second > first
