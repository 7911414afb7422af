"""One connection to the endpoint: it costs little until its head is whole."""

from __future__ import annotations

import asyncio
import re
from ipaddress import IPv6Address, ip_address
from typing import Protocol

from aiohttp import web

HEAD = 16 * 1024
"""Bytes of the longest head; GitHub's has about one thousand."""
EARLY = 32 * 1024
"""Bytes of further requests that are kept while one is being answered."""
_END = b"\r\n\r\n"
_LENGTHS = re.compile(rb"\r\ncontent-length[ \t]*:([^\r]{0,99})", re.IGNORECASE)
_NUMBER = re.compile(rb"[0-9]{1,18}")
_OTHERS = (b"\r\ntransfer-encoding", b"\r\nupgrade")
"""Headers in small letters that say that what follows has an end of its own."""
_BLANK = (b"\r", b"\n")
_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)

Row = dict["Connection", float]
"""Connections in the same state, the oldest first, each with its moment."""


class Keeper(Protocol):
    """Knows every connection, and which of them has to go."""

    unheard: Row
    idle: Row
    busy: Row

    def serve(self) -> asyncio.Protocol:
        """Return what speaks HTTP with one connection."""
        ...

    def enter(self, connection: Connection) -> None:
        """Take in a new connection."""
        ...

    def move(self, connection: Connection, row: Row) -> None:
        """Note that *connection* is in another state from now on."""
        ...

    def leave(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        ...


class Connection(asyncio.Protocol):
    """Holds a head back until it is whole, then hands it to what speaks HTTP.

    Most of a silent flood is never whole: it takes a socket and a few bytes, no
    parser and no task. What comes behind a request that is still being answered
    is held back too, even where it comes in the same packet, so that nobody can pile
    up requests; behind one that *is_last* nothing more is answered.
    """

    __slots__ = (
        *("_early", "_head", "_http", "_keeper", "_request", "_rest", "_transport"),
        *("is_last", "origin", "row"),
    )

    def __init__(self, keeper: Keeper) -> None:
        self.origin = ""
        self.row: Row | None = None
        self.is_last = False
        self._keeper = keeper
        self._head = bytearray()
        self._early = b""
        self._rest: int | None = 0
        self._http: asyncio.Protocol | None = None
        self._request: web.BaseRequest | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def is_owed(self) -> bool:
        """Tell whether a request has come whole and waits for our answer."""
        return self._request is not None and self._request.content.is_eof()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen."""
        if not isinstance(transport, asyncio.Transport):  # pragma: no cover
            raise TypeError("a connection of another kind")
        self._transport = transport
        self.origin = origin(transport.get_extra_info("peername"))
        self._keeper.enter(self)

    def data_received(self, data: bytes) -> None:
        """Hand on what belongs to a request, and hold back what may not."""
        keeper = self._keeper
        if self.row is keeper.busy:
            self._go_on_with_body(data)
        elif (whole := self._whole(data)) is not None:
            self._begin(*whole)
        elif self.row is keeper.idle:
            keeper.move(self, keeper.unheard)

    def begins(self, request: web.BaseRequest) -> None:
        """Note that *request* is being answered."""
        self._request = request

    def ends(self) -> None:
        """Note that the answer to the request is on its way."""
        is_whole, self._request = self.is_owed, None
        # Else the rest of its body comes in, to be thrown away; then it is closed.
        if is_whole and self.row is self._keeper.busy:
            self._keeper.move(self, self._keeper.idle)
            if self._early:
                self._go_on()

    def abort(self) -> None:
        """End it at once, whatever is still to be written."""
        if self._transport is not None:
            self._transport.abort()

    def eof_received(self) -> bool | None:
        """Let the transport close."""
        return None if self._http is None else self._http.eof_received()

    def pause_writing(self) -> None:
        """Hand on that the other side reads slowly."""
        if self._http is not None:
            self._http.pause_writing()

    def resume_writing(self) -> None:
        """Hand on that the other side reads again."""
        if self._http is not None:
            self._http.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        self._keeper.leave(self)
        if self._http is not None:
            self._http.connection_lost(exc)
        self._transport = self._request = None

    def _begin(self, head: bytes, behind: bytes) -> None:
        self._keeper.move(self, self._keeper.busy)
        if self._http is None and self._transport is not None:
            self._http = self._keeper.serve()
            self._http.connection_made(self._transport)
        self._rest = _length(head)
        # What ends otherwise is cut by what speaks HTTP, which then closes.
        self.is_last = self._rest is None
        self._hand_on(head + self._of_body(behind))

    def _go_on_with_body(self, data: bytes) -> None:
        if body := self._of_body(data):
            self._hand_on(body)

    def _of_body(self, data: bytes) -> bytes:
        """Return what of *data* is of the body; what is behind it is held back."""
        if self._rest is None and not self.is_owed:
            return data
        body = data[: self._rest or 0]
        if self._rest:
            self._rest -= len(body)
        if len(data) > len(body):
            self._hold_back(data[len(body) :])
        return body

    def _hand_on(self, data: bytes) -> None:
        if self._http is not None:
            self._http.data_received(data)

    def _whole(self, data: bytes) -> tuple[bytes, bytes] | None:
        """Return the whole head and what came behind it, once it is there."""
        held = self._head
        if not (held or data.startswith(_BLANK)):
            end = data.find(_END)
            if 0 <= end <= HEAD:
                return data[: end + len(_END)], data[end + len(_END) :]
        known = len(held)
        held += data
        if held.startswith(_BLANK):
            # Empty lines before a request are to be left out (RFC 9112, 2.2).
            del held[: len(held) - len(held.lstrip(b"\r\n"))]
            known = 0
        end = held.find(_END, max(0, known - len(_END)))
        if 0 <= end <= HEAD:
            end += len(_END)
            whole = bytes(held[:end]), bytes(held[end:])
            held.clear()
            return whole
        if len(held) > HEAD:
            held.clear()
            self._refuse()
        return None

    def _hold_back(self, data: bytes) -> None:
        """Read no more until the request before it has been answered."""
        self._early += data
        if len(self._early) > EARLY or self.is_last:
            self.is_last, self._early = True, b""
        if self._transport is not None:
            self._transport.pause_reading()

    def _go_on(self) -> None:
        early, self._early = self._early, b""
        self.data_received(early)
        if not self._early and self._transport is not None:
            self._transport.resume_reading()

    def _refuse(self) -> None:
        if self._transport is not None:
            self._transport.write(_TOO_LONG)
            self._transport.close()


def _length(head: bytes) -> int | None:
    """Return how long the body behind *head* is; None where that is said otherwise."""
    small = head.lower()
    if small.startswith(b"connect ") or any(other in small for other in _OTHERS):
        return None
    lengths = [length.strip(b" \t") for length in _LENGTHS.findall(head)]
    if small.count(b"\r\ncontent-length") != len(lengths) or len(lengths) > 1:
        return None
    if not lengths:
        return 0
    return int(lengths[0]) if _NUMBER.fullmatch(lengths[0]) else None


def origin(peer: object) -> str:
    """Return what counts as one address: of IPv6, whoever has one has 2**64."""
    if not isinstance(peer, tuple):
        return ""
    host = str(peer[0]).partition("%")[0]
    if ":" not in host:
        return host
    address = ip_address(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return host
