"""Which addresses a domain's engine and its containers may reach. Pure.

Public ones, and what the operator lists. Everything else is refused: what the
runner itself serves, its neighbours, other domains, and the services of a cloud
that answer whoever asks from the machine.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

REFUSED = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    # Azure's own services answer on an address that looks public.
    "168.63.129.16/32",
)  # fmt: skip
"""The special-purpose networks of IANA's registry; 127.0.0.0/8 never leaves."""

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_LAST_PORT = 65_535
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Allowed:
    """One exception: a host or network, where it is found, and a port of it.

    *address* is given where the name resolves elsewhere, or nowhere; *port* 0
    stands for all of them.
    """

    host: str
    address: str = ""
    port: int = 0

    @property
    def line(self) -> str:
        """Return the exception as the engine's start reads it."""
        return f"{self.address or self.host} {self.port}"


def parse(text: str) -> Allowed:
    """Read ``HOST[=ADDRESS][:PORT]``, ``ADDRESS[:PORT]`` or ``NETWORK/BITS``.

    Raise ValueError with what is wrong, to be read behind the setting's name.
    """
    words, colon, port = text.strip().partition(":")
    host, _, address = words.partition("=")
    known = _is_place(host) and (not address or _is_network(address))
    number = int(port) if port.isdecimal() and len(port) < _DIGITS else 0
    if not known or (colon and not 0 < number <= _LAST_PORT):
        raise ValueError(f"holds {text!r}, which is no host, address or network")
    return Allowed(host, address, number)


def lines(allowed: Iterable[Allowed]) -> str:
    """Return *allowed* as the engine's start reads them, one in a line."""
    return "".join(f"{one.line}\n" for one in allowed)


def _is_place(text: str) -> bool:
    return _is_network(text) or bool(_HOST.fullmatch(text))


def _is_network(text: str) -> bool:
    try:
        ipaddress.IPv4Network(text)
    except ValueError:
        return False
    return True
