"""Where there are too many connections, the right one goes."""

from __future__ import annotations

import resource
from typing import cast

import pytest
from aiohttp import web

from bot.web.connection import Connection
from bot.web.gate import Limits, as_files_allow
from tests.web.wires import Asked, Content, Door, Wire

WHOLE = b"POST / HTTP/1.1\r\n\r\n"
FEW = Limits(per_address=9, in_all=3)


def busy(door: Door, *, owed: bool, host: str = "192.0.2.1") -> Wire:
    """Let a request come in, as a whole where its answer is *owed*."""
    connection, wire = door.knock(host)
    ask(connection, owed=owed)
    return wire


def ask(connection: Connection, *, owed: bool) -> None:
    """Send a head, and the body where the answer is to be *owed*."""
    connection.data_received(WHOLE)
    connection.begins(cast(web.BaseRequest, Asked(Content(owed))))


def idle(door: Door) -> Wire:
    """Let a request come in and be answered."""
    connection, wire = door.knock()
    ask(connection, owed=True)
    connection.ends()
    return wire


def test_lets_in_as_many_as_there_may_be() -> None:
    """Nobody goes before somebody has to."""
    door = Door(FEW)
    wires = [door.knock()[1] for _ in range(3)]

    assert [wire.done for wire in wires] == [[], [], []]
    assert len(door.gate) == 3


def test_who_has_been_silent_for_longest_goes_first() -> None:
    """A silent flood displaces itself, whatever else is going on."""
    door = Door(FEW)
    wires = [idle(door), door.knock()[1], door.knock()[1]]
    door.knock()

    assert [wire.done for wire in wires] == [[], ["abort"], []]
    assert len(door.gate) == 3


def test_then_who_has_been_idle_then_whose_body_is_slow() -> None:
    """Of each kind the oldest; a request that waits for us never goes."""
    door = Door(FEW)
    wires = [busy(door, owed=True), busy(door, owed=False), idle(door)]
    busy(door, owed=True)

    assert [wire.done for wire in wires] == [[], [], ["abort"]]
    busy(door, owed=True)
    assert [wire.done for wire in wires] == [[], ["abort"], ["abort"]]


def test_a_new_one_goes_where_all_others_wait_for_us() -> None:
    """What was promised comes first."""
    door = Door(FEW)
    wires = [busy(door, owed=True) for _ in range(3)]
    _, refused = door.knock()

    assert [wire.done for wire in (*wires, refused)] == [[], [], [], ["abort"]]
    assert len(door.gate) == 3


def test_one_address_displaces_its_own() -> None:
    """A neighbour who was there before does not notice."""
    door = Door(Limits(per_address=2))
    other = door.knock("198.51.100.1")[1]
    wires = [door.knock()[1] for _ in range(3)]

    assert [wire.done for wire in (other, *wires)] == [[], ["abort"], [], []]


def test_forgets_who_has_left() -> None:
    """The next one from there is the first again."""
    door = Door(Limits(per_address=1))
    for _ in range(3):
        connection, wire = door.knock()
        connection.connection_lost(None)

        assert wire.done == []
    assert len(door.gate) == 0


def test_what_was_dropped_may_still_speak() -> None:
    """The news of its end comes later; it is in nobody's way until then."""
    door = Door(Limits(per_address=1))
    connection, _ = door.knock()
    door.knock()
    connection.data_received(WHOLE)
    connection.connection_lost(None)

    assert len(door.gate) == 1


LIMITS = Limits(per_address=9, head=10, idle=75, busy=20)


def test_ends_what_keeps_us_waiting() -> None:
    """Each kind after its time; what waits for us is for us to end."""
    door = Door(LIMITS)
    wires = [door.knock()[1], busy(door, owed=False), idle(door)]
    wires.append(busy(door, owed=True))
    gone = []
    for door.now in (10, 11, 20, 21, 75, 76, 1000):
        door.gate.sweep()
        gone.append(sum(wire.done == ["abort"] for wire in wires))

    assert gone == [0, 1, 1, 2, 2, 3, 3]
    assert wires[-1].done == []


def test_a_head_that_drips_is_late_as_well() -> None:
    """On a connection that was used before, too; a byte now and then helps nobody."""
    door = Door(LIMITS)
    connection, wire = door.knock()
    ask(connection, owed=True)
    connection.ends()
    for door.now in range(1, 12):
        connection.data_received(b"a")
        door.gate.sweep()

    assert wire.done == []
    door.now = 12
    door.gate.sweep()
    assert wire.done == ["abort"]


def test_closes_what_asks_for_nothing() -> None:
    """When the process is told to stop; the rest is answered first."""
    door = Door(LIMITS)
    wires = [door.knock()[1], idle(door), busy(door, owed=True)]
    door.gate.close()

    assert [wire.done for wire in wires] == [["abort"], ["abort"], []]


def test_leaves_half_of_the_files_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database, the log and whatever a job opens have to work under a flood."""
    limits = []
    for soft in (1024, 64, 1, 20_000, resource.RLIM_INFINITY):
        pair = (soft, resource.RLIM_INFINITY)
        monkeypatch.setattr(resource, "getrlimit", lambda _, pair=pair: pair)
        limits.append(as_files_allow())

    assert limits == [512, 32, 1, 1024, 1024]
