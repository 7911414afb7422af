"""Tests of how a runner's isolation is told."""

from __future__ import annotations

from bot.isolation import Isolation


def test_what_holds_is_told_with_its_day() -> None:
    """It was tried, not assumed."""
    assert Isolation("2026-11-28").words == (
        "from inside a build only public addresses can be reached (tried on 2026-11-28)"
    )


def test_every_way_out_is_told() -> None:
    """One alone is enough for a stranger."""
    broken = Isolation("2026-11-28", ("ADD reaches a", "a RUN step reaches b"))

    assert not broken.holds
    assert not Isolation("2026-11-28", untried=("nobody answers",)).holds
    assert broken.words == "ADD reaches a; a RUN step reaches b"


def test_a_way_out_is_told_to_the_operator_alone() -> None:
    """What a build reaches is where somebody else would go on."""
    reached = Isolation("2026-11-28", ("ADD reaches 10.1.2.3",))
    untried = Isolation("2026-11-28", untried=("port 41641 is taken",))

    assert untried.words == "port 41641 is taken"
    assert reached.public == (
        "something answered from inside a build that builds must not reach, so no "
        "fork is built there; whoever runs Multiarch finds in its log what"
    )
    assert untried.public == (
        "it could not be tried what builds reach, so no fork is built there; whoever "
        "runs Multiarch finds in its log why"
    )
    assert Isolation("2026-11-28").public == Isolation("2026-11-28").words
