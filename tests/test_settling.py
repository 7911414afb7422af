"""Repairs in memory: all of them, what they uncover, and no more."""

from __future__ import annotations

from functools import partial

from bot import inspection
from bot.facts import Facts, Published, Upgrade
from bot.model import Safety
from bot.settling import ROUNDS, Settled, settle
from tests.catalogue import Files, facts, snapshot
from tests.rehearsing import AMD64, ARM64, TableRegistry, run

BOTH = frozenset({AMD64, ARM64})
IN_STEPS = Facts(
    {
        "alpine:3.4": Published(frozenset({AMD64})),
        "alpine:3.5": Published(frozenset({AMD64})),
    },
    {
        ("alpine:3.4", ARM64): Upgrade("alpine:3.5", BOTH),
        ("alpine:3.5", ARM64): Upgrade("alpine:3.6", BOTH),
    },
)
CONTRADICTION = Facts(
    {
        "alpine:3.4": Published(frozenset({AMD64})),
        "alpine:3.5": Published(frozenset({AMD64})),
    },
    {
        ("alpine:3.4", ARM64): Upgrade("alpine:3.5", BOTH),
        ("alpine:3.5", ARM64): Upgrade("alpine:3.4", BOTH),
    },
)


def settled(files: Files, known: Facts, floor: Safety = Safety.SAFE) -> Settled:
    """Repair *files* with what *known* says about images."""
    look = partial(inspection.inspect, platform=ARM64, images=TableRegistry(known))
    return run(settle(snapshot(files), look, floor))


def test_leaves_alone_what_has_nothing_to_repair() -> None:
    """The same tree comes back, and no change is told."""
    end = settled({"Dockerfile": "FROM a:9\n"}, facts(""))

    assert (end.view.snapshot, end.changes, end.stable) == (end.before, (), True)


def test_repairs_what_a_repair_uncovers() -> None:
    """Fixing twice must equal fixing once."""
    end = settled({"Dockerfile": "FROM alpine:3.4\n"}, IN_STEPS)

    assert end.view.snapshot.sources["Dockerfile"].text == "FROM alpine:3.6\n"
    assert [change.rule for change in end.changes] == ["base-image-without-arm64"] * 2
    assert (end.stable, end.view.findings) == (True, ())


def test_leaves_what_is_less_safe_than_asked() -> None:
    """It stays a finding, to be read by somebody."""
    files = {"Dockerfile": "FROM a:9\nADD x-amd64 /x\n"}
    safe, unsafe = (
        settled(files, facts(""), floor) for floor in (Safety.SAFE, Safety.UNSAFE)
    )

    assert (safe.changes, len(safe.view.findings)) == ((), 1)
    assert (len(unsafe.changes), unsafe.view.findings) == (1, ())


def test_says_that_the_rounds_ran_out() -> None:
    """Two repairs that undo each other must not pass for a result."""
    end = settled({"Dockerfile": "FROM alpine:3.4\n"}, CONTRADICTION)

    assert not end.stable
    assert len(end.changes) == ROUNDS
