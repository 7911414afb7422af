"""Ask Docker Hub, or any OCI registry, which platforms an image is for.

A tag is resolved to its digest by HEAD, which Docker Hub does not count
against anybody's limit; what a digest holds never changes, so it is read once.

Every way not to get an answer is *unknown* with a reason that names the
registry. That includes a tag that does not exist: the author should hear of
it, but it says nothing about architectures (docs/decisions/registry-client.md).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from cachetools import TTLCache

from bot.facts import Facts, Published
from bot.images import gather
from bot.images.address import GuardedResolver
from bot.images.auth import Authorizer
from bot.images.endpoint import Endpoint, endpoints
from bot.images.flight import Flights
from bot.images.reference import Reference
from bot.images.settings import RegistrySettings
from bot.images.transport import NoAnswerError, Transport

T = TypeVar("T")

_DAY = 24 * 3600.0
_DIGESTS, _DIGEST_SECONDS = 8192, 30 * _DAY  # immutable: age bounds memory only
_TAGS, _TAG_SECONDS = 4096, 300.0
_LISTED, _LIST_SECONDS = 500_000, 600.0  # tags of all lists together
_LIST_ITSELF = 100  # what a list weighs, in tags: there may be many empty ones
_FAILURES, _FAILURE_SECONDS = 4096, 30.0
_LIST = ""
"""Stands for the list of tags where a tag or digest would be."""


class RegistryClient:
    """Knows which platforms images are published for, and the upgrades.

    It belongs to one event loop; leave it with ``async with`` or ``close``.
    """

    def __init__(
        self,
        settings: RegistrySettings,
        clock: Callable[[], float] = time.monotonic,
        resolver: GuardedResolver | None = None,
    ) -> None:
        self._settings = settings
        self._transport = Transport(settings, clock, resolver)
        self._authorizer = Authorizer(self._transport, settings.credentials, clock)
        self._images: Flights[Published] = Flights()
        self._listings: Flights[tuple[str, ...]] = Flights()
        self._platforms: TTLCache[tuple[str, str], frozenset[str]] = TTLCache(
            _DIGESTS, _DIGEST_SECONDS, clock
        )
        self._digests: TTLCache[tuple[str, str], str] = TTLCache(
            _TAGS, _TAG_SECONDS, clock
        )
        self._lists: TTLCache[str, tuple[str, ...]] = TTLCache(
            _LISTED,
            _LIST_SECONDS,
            clock,
            getsizeof=lambda tags: len(tags) + _LIST_ITSELF,
        )
        self._failures: TTLCache[tuple[str, str], str] = TTLCache(
            _FAILURES, _FAILURE_SECONDS, clock
        )

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
        await self._images.close()
        await self._listings.close()
        await self._transport.close()

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Return what is known about *images*, and upgrades to *platform*."""
        return await gather.facts(self, images, platform, self._settings.limits)

    async def published(self, reference: Reference) -> Published:
        """Return the platforms of *reference*, or why nobody can tell."""
        key = (reference.image, reference.target)
        failure = self._failures.get(key)
        if failure is not None:
            return Published(None, failure)
        found = await self._images.share(key, lambda: self._published(reference))
        if found.platforms is None:
            self._failures[key] = found.reason
        return found

    async def tags(self, reference: Reference) -> tuple[str, ...]:
        """Return the tags of the image, as many as may be read; none if unknown."""
        known = self._lists.get(reference.image)
        if known is not None:
            return known
        if (reference.image, _LIST) in self._failures:
            return ()
        return await self._listings.share(
            reference.image, lambda: self._listed(reference)
        )

    async def _published(self, reference: Reference) -> Published:
        found = await self._first(reference, self._look)
        return Published(None, found) if isinstance(found, str) else found

    async def _listed(self, reference: Reference) -> tuple[str, ...]:
        found = await self._first(reference, self._list)
        if isinstance(found, str):
            self._failures[reference.image, _LIST] = found
            return ()
        self._lists[reference.image] = found
        return found

    async def _first(
        self,
        reference: Reference,
        ask: Callable[[Endpoint, Reference], Coroutine[Any, Any, T]],
    ) -> T | str:
        """Return what the first endpoint says that says anything, or why not."""
        reasons: list[str] = []
        for name, endpoint in endpoints(
            reference, self._settings, self._transport, self._authorizer
        ):
            try:
                async with asyncio.timeout(self._settings.limits.image_seconds):
                    return await ask(endpoint, reference)
            except TimeoutError:
                reasons.append(f"{name} does not answer in time")
            except NoAnswerError as error:
                reasons.append(f"{name} {error}")
        return "; ".join(reasons)

    async def _look(self, endpoint: Endpoint, reference: Reference) -> Published:
        digest = reference.digest or await self._resolve(endpoint, reference)
        key = (reference.image, digest)
        known = self._platforms.get(key)
        if known is None:
            known = self._platforms[key] = await endpoint.platforms(digest)
        return Published(known, digest=digest)

    async def _resolve(self, endpoint: Endpoint, reference: Reference) -> str:
        key = (reference.image, reference.tag)
        known = self._digests.get(key)
        if known is None:
            known = self._digests[key] = await endpoint.digest(reference.tag)
        return known

    async def _list(self, endpoint: Endpoint, reference: Reference) -> tuple[str, ...]:
        limits = self._settings.limits
        return await endpoint.tags(limits.tag_pages, limits.tags)
