"""A head is held back until it is whole, and nobody piles up requests."""

from __future__ import annotations

from typing import cast

import pytest
from aiohttp import web

from bot.web.connection import EARLY, HEAD, origin
from bot.web.gate import Limits
from tests.web.wires import Asked, Content, Door

LINE = b"GET / HTTP/1.1\r\n"
WHOLE = LINE + b"Host: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"


def asked(*, whole: bool) -> web.BaseRequest:
    """Return a request whose body is *whole*."""
    return cast(web.BaseRequest, Asked(Content(whole)))


@pytest.fixture
def door() -> Door:
    """Return a door that lets everybody in."""
    return Door(Limits(per_address=9))


def test_hands_on_a_head_that_comes_at_once(door: Door) -> None:
    """With what comes behind it, which is the body."""
    connection, _ = door.knock()
    connection.data_received(POST + b"{")
    connection.data_received(b"12}")

    (speaker,) = door.speakers
    assert (speaker.told, speaker.heard) == (["made"], [POST + b"{", b"12}"])


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\r\n\r\n", b"\n"])
def test_hands_on_a_head_that_comes_in_bytes(door: Door, before: bytes) -> None:
    """As a whole, and only then is there anybody to speak to."""
    connection, _ = door.knock()
    said = before + WHOLE
    for at in range(len(said) - 1):
        connection.data_received(said[at : at + 1])

    assert door.speakers == []
    assert list(door.gate.unheard) == [connection]
    connection.data_received(said[-1:])
    assert door.speakers[0].heard == [WHOLE]
    assert list(door.gate.busy) == [connection]


@pytest.mark.parametrize("piece", [1000, HEAD + 1])
def test_refuses_a_head_without_an_end(door: Door, piece: int) -> None:
    """It is told so, and nothing of it is kept."""
    connection, wire = door.knock()
    connection.data_received(LINE)
    for _ in range(HEAD // piece + 1):
        connection.data_received(b"a" * piece)

    assert wire.done == ["close"]
    assert wire.written.startswith(b"HTTP/1.1 431 ")
    assert door.speakers == []


def test_refuses_a_head_that_is_too_long(door: Door) -> None:
    """Also where it comes at once, with its end."""
    connection, wire = door.knock()
    connection.data_received(LINE + b"A: " + b"a" * HEAD + b"\r\n\r\n")

    assert wire.done == ["close"]
    assert door.speakers == []


def test_the_next_request_may_follow(door: Door) -> None:
    """A connection is used again, and its next head is held back like the first."""
    connection, _ = door.knock()
    for _ in range(2):
        connection.data_received(WHOLE)
        connection.begins(asked(whole=True))
        connection.ends()

        assert list(door.gate.idle) == [connection]
    connection.data_received(LINE)
    assert list(door.gate.unheard) == [connection]
    assert door.speakers[0].heard == [WHOLE, WHOLE]


def test_what_comes_too_early_waits(door: Door) -> None:
    """Requests behind one that is being answered are read when it has been."""
    connection, wire = door.knock()
    connection.data_received(WHOLE)
    connection.begins(asked(whole=True))
    connection.data_received(WHOLE + WHOLE)

    assert door.speakers[0].heard == [WHOLE]
    assert wire.done == ["pause"]
    connection.ends()
    assert wire.done == ["pause", "pause"]
    assert door.speakers[0].heard == [WHOLE, WHOLE]
    connection.begins(asked(whole=True))
    connection.ends()
    assert wire.done == ["pause", "pause", "resume"]
    assert door.speakers[0].heard == [WHOLE, WHOLE, WHOLE]


@pytest.mark.parametrize("sizes", [[9999], [1], [40, 60], [len(POST) + 2]])
def test_requests_in_one_packet_are_heard_one_by_one(
    door: Door, sizes: list[int]
) -> None:
    """Wherever a packet ends; each with its own body, when the one before is done."""
    connection, _ = door.knock()
    said = POST + b"1234" + WHOLE + POST + b"5678" + LINE
    at = 0
    while at < len(said):
        for size in sizes:
            connection.data_received(said[at : at + size])
            at += size
    heard = []
    for _ in range(3):
        (speaker,) = door.speakers
        heard.append(b"".join(speaker.heard))
        speaker.heard.clear()
        connection.begins(asked(whole=True))
        connection.ends()

    assert heard == [POST + b"1234", WHOLE, POST + b"5678"]
    assert list(door.gate.unheard) == [connection]
    assert not connection.is_last


@pytest.mark.parametrize("at_once", [True, False])
def test_too_much_behind_a_request_makes_it_the_last(
    door: Door, *, at_once: bool
) -> None:
    """Who piles requests up gets an answer to the first."""
    connection, wire = door.knock()
    pile = WHOLE * (EARLY // len(WHOLE) + 1)
    for said in [WHOLE + pile] if at_once else [WHOLE, pile]:
        connection.data_received(said)
    connection.data_received(WHOLE)
    connection.begins(asked(whole=True))
    is_last = connection.is_last
    connection.ends()

    assert is_last
    assert door.speakers[0].heard == [WHOLE]
    assert wire.done == ["pause", "pause"]


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\ncontent-length: 5\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: +4\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length:\r\n 4\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length\t\n: 4\r\n\r\n",
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
    ],
)
def test_a_request_whose_end_is_not_clear_is_the_last(door: Door, head: bytes) -> None:
    """What speaks HTTP finds its end; what comes behind it is thrown away."""
    connection, _ = door.knock()
    connection.data_received(head + b"1234")
    connection.data_received(b"5678")
    connection.begins(asked(whole=True))
    connection.data_received(WHOLE)
    is_last = connection.is_last
    connection.ends()

    assert is_last
    assert door.speakers[0].heard == [head + b"1234", b"5678"]


def test_a_body_that_nobody_reads_is_no_head(door: Door) -> None:
    """It is thrown away by what speaks HTTP, which then closes."""
    connection, _ = door.knock()
    connection.data_received(POST)
    connection.begins(asked(whole=False))
    connection.ends()
    connection.data_received(b"body")

    assert door.speakers[0].heard == [POST, b"body"]
    assert list(door.gate.busy) == [connection]


def test_hands_on_what_else_happens(door: Door) -> None:
    """As if there were nothing between the two."""
    connection, _ = door.knock()
    connection.data_received(WHOLE)
    connection.pause_writing()
    connection.resume_writing()
    connection.eof_received()
    connection.connection_lost(None)

    assert door.speakers[0].told == ["made", "pause", "resume", "eof", "lost"]
    assert len(door.gate) == 0


def test_may_end_before_anything_was_said(door: Door) -> None:
    """There is nobody to tell it to."""
    connection, _ = door.knock()
    connection.pause_writing()
    connection.resume_writing()

    assert connection.eof_received() is None
    connection.connection_lost(None)
    connection.abort()
    assert len(door.gate) == 0


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        (("192.0.2.1", 1), "192.0.2.1"),
        (("2001:db8:0:1:2:3:4:5", 1, 0, 0), "2001:db8:0:1::"),
        (("fe80::1%eth0", 1, 0, 2), "fe80::"),
        (("::ffff:192.0.2.1", 1, 0, 0), "::ffff:192.0.2.1"),
        ("/run/socket", ""),
        (None, ""),
    ],
)
def test_counts_a_network_as_one_address(peer: object, expected: str) -> None:
    """Whoever has one address of IPv6 has a network of them."""
    assert origin(peer) == expected
