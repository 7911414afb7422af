"""Which addresses strangers may make us connect to."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.images.address import (
    GuardedResolver,
    RefusedAddressError,
    is_listed,
    is_public,
    literal,
)


class Names(AbstractResolver):
    """A resolver that knows a few names."""

    def __init__(self, names: dict[str, tuple[str, ...]]) -> None:
        """Take what each name stands for."""
        self._names = names
        self.closed = False

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Return the addresses of *host*."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in self._names[host]
        ]

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - judged, not bound
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:0:127.0.0.1",
        "::ffff:127.0.0.1%eth0",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2001:0:7f00:1::1",
        "2002:7f00:1::1",
        "2001:db8::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "localhost",
        "",
    ],
)
def test_refuses_what_is_not_of_the_public_internet(address: str) -> None:
    """Each of these has reached somebody's metadata service or router."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700::1111"],
)
def test_lets_public_addresses_pass(address: str) -> None:
    """NAT64 networks reach every registry through a translated address."""
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("registry.corp", 443, True),
        ("Registry.Corp", 5000, True),
        ("registry.corp.evil.example", 443, False),
        ("127.0.0.1", 5000, True),
        ("127.0.0.1", 5001, False),
        ("::1", 5000, True),
        ("::1", 443, False),
    ],
)
def test_a_list_names_a_host_or_one_port_of_it(
    host: str, port: int, *, expected: bool
) -> None:
    """An operator who lists a registry's port does not list the database's."""
    listed = frozenset({"registry.corp", "127.0.0.1:5000", "[::1]:5000"})

    actual = is_listed(host, port, listed)

    assert actual is expected


def test_tells_addresses_from_names() -> None:
    """Aiohttp connects to a literal address without asking the resolver."""
    hosts = ("127.0.0.1", "[::1]", "::1", "2130706433", "quay.io", "0x7f.1", "")

    actual = [literal(host) for host in hosts]

    assert actual == ["127.0.0.1", "::1", "::1", "2130706433", "", "", ""]


async def test_resolves_public_names() -> None:
    """The guard adds nothing and hides nothing where all is well."""
    resolver = GuardedResolver(frozenset(), Names({"quay.io": ("8.8.8.8", "8.8.4.4")}))

    found = await resolver.resolve("quay.io", 443)

    assert [one["host"] for one in found] == ["8.8.8.8", "8.8.4.4"]


@pytest.mark.parametrize(
    "addresses",
    [("10.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::ffff:10.0.0.1",)],
)
async def test_refuses_names_with_a_private_address(addresses: tuple[str, ...]) -> None:
    """A stranger's name server may answer with any address it likes."""
    resolver = GuardedResolver(frozenset(), Names({"evil.example": addresses}))

    with pytest.raises(RefusedAddressError, match=r"evil\.example"):
        await resolver.resolve("evil.example", 443)


async def test_resolves_private_names_that_are_listed() -> None:
    """A company's own registry has a private address for good reasons."""
    names = Names({"registry.corp": ("10.0.0.1",)})
    resolver = GuardedResolver(frozenset({"registry.corp:5000"}), names)

    found = await resolver.resolve("registry.corp", 5000)

    assert [one["host"] for one in found] == ["10.0.0.1"]
    with pytest.raises(RefusedAddressError):
        await resolver.resolve("registry.corp", 22)


async def test_closes_what_it_guards() -> None:
    """A resolver that stays open keeps sockets."""
    names = Names({})

    await GuardedResolver(frozenset(), names).close()

    assert names.closed
