"""One connection to the endpoint: it costs little until its head is whole."""

from __future__ import annotations

import asyncio
from ipaddress import IPv6Address, ip_address
from typing import Protocol

from aiohttp import web

HEAD = 16 * 1024
"""Bytes of the longest head; GitHub's has about one thousand."""
_END = b"\r\n\r\n"
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
    is held back too, so that nobody can pile up requests.
    """

    __slots__ = ("_head", "_http", "_keeper", "_request", "_transport", "origin", "row")

    def __init__(self, keeper: Keeper) -> None:
        self.origin = ""
        self.row: Row | None = None
        self._keeper = keeper
        self._head = bytearray()
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
            if self._http is not None and not self.is_owed:
                self._http.data_received(data)
                return
            self._hold_back(data)
        elif (head := self._whole(data)) is not None:
            self._begin(head)
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
            if self._head:
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

    def _begin(self, head: bytes) -> None:
        self._keeper.move(self, self._keeper.busy)
        if self._http is None and self._transport is not None:
            self._http = self._keeper.serve()
            self._http.connection_made(self._transport)
        if self._http is not None:
            self._http.data_received(head)

    def _whole(self, data: bytes) -> bytes | None:
        """Return the whole head with what came behind it, once it is there."""
        held = self._head
        if not (held or data.startswith(_BLANK)) and 0 <= data.find(_END) <= HEAD:
            return data
        known = len(held)
        held += data
        if held.startswith(_BLANK):
            # Empty lines before a request are to be left out (RFC 9112, 2.2).
            del held[: len(held) - len(held.lstrip(b"\r\n"))]
            known = 0
        end = held.find(_END, max(0, known - len(_END)))
        is_whole = 0 <= end <= HEAD
        whole = bytes(held) if is_whole else None
        if is_whole or len(held) > HEAD:
            held.clear()
            if not is_whole:
                self._refuse()
        return whole

    def _hold_back(self, data: bytes) -> None:
        """Read no more until the request before it has been answered."""
        self._head += data
        if self._transport is not None:
            self._transport.pause_reading()

    def _go_on(self) -> None:
        early = bytes(self._head)
        self._head.clear()
        if self._transport is not None:
            self._transport.resume_reading()
        self.data_received(early)

    def _refuse(self) -> None:
        if self._transport is not None:
            self._transport.write(_TOO_LONG)
            self._transport.close()


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
