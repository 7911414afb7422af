"""Refuse to connect to addresses that are nobody's business outside.

A stranger's Dockerfile names the registry that we connect to. What counts is
the address at the moment of connecting: the resolver below hands aiohttp only
addresses that it has judged itself, and aiohttp connects to no others, so a
name that changes its address between check and use gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

from aiohttp import DefaultResolver
from aiohttp.abc import AbstractResolver, ResolveResult

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 ranges that carry an IPv4 address, and how far from the right it ends.
_TRANSLATED = (
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.IPv6Network("::/96"), 0),  # IPv4-compatible, RFC 4291 2.5.5.1
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated, RFC 2765
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
)
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215


class RefusedAddressError(OSError):
    """An address that strangers may not make us connect to."""


def is_public(text: str) -> bool:
    """Tell whether *text* is an address of the public internet."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return all(_is_open(one) for one in _meanings(address))


def literal(host: str) -> str:
    """Return the address that *host* spells, or nothing if it is a name.

    What only looks like an address counts as one (and is not public): aiohttp
    would connect to it without asking the resolver.
    """
    bare = host.removeprefix("[").removesuffix("]")
    return bare if ":" in bare or bare.replace(".", "").isdigit() else ""


def is_listed(host: str, port: int, listed: frozenset[str]) -> bool:
    """Tell whether the operator lists *host*, with this port or with any."""
    name = host.lower()
    shown = f"[{name}]" if ":" in name else name
    return bool({name, shown, f"{shown}:{port}"} & listed)


class GuardedResolver(AbstractResolver):
    """Resolves names to public addresses only, but for hosts on a list."""

    def __init__(
        self, listed: frozenset[str], resolver: AbstractResolver | None = None
    ) -> None:
        self._listed = listed
        self._resolver = resolver or DefaultResolver()

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Return the addresses of *host* that may be connected to."""
        found = await self._resolver.resolve(host, port, family)
        if is_listed(host, port, self._listed):
            return found
        # One private address among public ones is a name that plays games.
        if not all(is_public(one["host"]) for one in found):
            raise RefusedAddressError(f"{host} has an address that is not public")
        return found

    async def close(self) -> None:
        """Close the resolver underneath."""
        await self._resolver.close()


def _meanings(address: _Address) -> Iterator[_Address]:
    """Yield *address* and every IPv4 address that is wrapped in it."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        yield mapped
        return
    if isinstance(address, ipaddress.IPv6Address):
        for network, shift in _TRANSLATED:
            if address in network:
                yield ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)
        if address.teredo:
            yield from address.teredo
    yield address


def _is_open(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (
        address.is_site_local or address in _LOCAL_NAT64
    ):
        return False
    return address.is_global and not (
        address.is_multicast or address.is_unspecified or address.is_loopback
    )
