"""What the operator decides about registries. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.images.logins import Credentials, Logins


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much the client waits, reads and asks."""

    connect_seconds: float = 5.0
    answer_seconds: float = 15.0
    """One exchange with a registry, from connecting to the last byte."""
    image_seconds: float = 60.0
    """All exchanges about one image together."""
    wait_seconds: float = 10.0
    """The longest wait that a 429 may ask for; beyond it, the answer is unknown."""
    body_bytes: int = 4 * 1024 * 1024
    redirects: int = 4
    connections: int = 16
    tag_pages: int = 20
    tags: int = 100_000
    """The longest list of tags; some registries send all of it on one page."""
    candidates: int = 24
    """How many tags a search for an upgrade asks about."""
    images: int = 200
    """How many images one question may name."""
    registries: int = 20
    """On how many registries they may be."""
    question_seconds: float = 120.0
    """All exchanges about one question together."""


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """What the operator configures; hosts are ``host`` or ``host:port``.

    A host in any of *private_hosts*, *plain_http_hosts* and *mirrors* counts as
    listed: it may have a private address. Only *plain_http_hosts* are spoken to
    without TLS. *mirrors* are asked first, in order, then the registry itself.
    *credentials* serve whoever asks, *logins* the repositories they are given for.
    """

    credentials: Mapping[str, Credentials] = field(default_factory=dict)
    logins: Logins = field(default_factory=Logins)
    private_hosts: frozenset[str] = frozenset()
    plain_http_hosts: frozenset[str] = frozenset()
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    certificate_authorities: str = ""
    """A PEM file of authorities to trust besides the system's."""
    limits: Limits = field(default_factory=Limits)

    @property
    def plain(self) -> frozenset[str]:
        """Return every host that is spoken to without TLS, in small letters."""
        return frozenset(host.lower() for host in self.plain_http_hosts)

    @property
    def listed(self) -> frozenset[str]:
        """Return every host whose address the operator answers for."""
        mirrors = (host for hosts in self.mirrors.values() for host in hosts)
        named = {*self.private_hosts, *self.plain_http_hosts, *mirrors}
        return frozenset(host.lower() for host in named)
