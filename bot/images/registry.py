"""Ask Docker Hub, or any OCI registry, which platforms an image is for.

A tag is resolved to its digest by HEAD, which Docker Hub does not count
against anybody's limit; what a digest holds never changes, so it is read once.

Every way not to get an answer is *unknown* with a reason that names the
registry. That includes a tag that does not exist: the author should hear of
it, but it says nothing about architectures (docs/decisions/registry-client.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from bot.facts import Facts, Published
from bot.images.address import GuardedResolver
from bot.images.auth import Authorizer
from bot.images.memory import Memory
from bot.images.reference import Reference
from bot.images.settings import RegistrySettings
from bot.images.transport import Transport
from bot.images.view import Shared, View


class RegistryClient:
    """Knows which platforms images are published for, and the upgrades.

    It belongs to one event loop; leave it with ``async with`` or ``close``. It asks
    with the credentials of its settings, and for a repository with those alone that
    are given for it.
    """

    def __init__(
        self,
        settings: RegistrySettings,
        clock: Callable[[], float] = time.monotonic,
        resolver: GuardedResolver | None = None,
    ) -> None:
        self._transport = Transport(settings, clock, resolver)
        self._memory = Memory(clock)
        self._shared = Shared(
            settings,
            self._transport,
            Authorizer(self._transport, clock),
            self._memory,
        )
        self._own = View(self._shared, settings.credentials)

    async def __aenter__(self) -> Self:
        """Return the client; it connects when it is first asked."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the client."""
        await self.close()

    async def close(self) -> None:
        """Stop asking and close every connection."""
        await self._memory.close()
        await self._transport.close()

    def of_repository(self, repository: str) -> View:
        """Return the registries as ``owner/name`` may see them; "" has no login."""
        logins = self._shared.settings.logins
        return View(self._shared, logins.of_repository(repository))

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Return what is known about *images*, and upgrades to *platform*."""
        return await self._own.facts(images, platform)

    async def published(self, reference: Reference) -> Published:
        """Return the platforms of *reference*, or why nobody can tell."""
        return await self._own.published(reference)

    async def tags(self, reference: Reference) -> tuple[str, ...]:
        """Return the tags of the image, as many as may be read; none if unknown."""
        return await self._own.tags(reference)
