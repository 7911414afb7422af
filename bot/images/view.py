"""The registries as one repository may see them: with the logins it may use."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.facts import Facts, Published
from bot.images import gather
from bot.images.auth import Authorizer
from bot.images.endpoint import Endpoint, endpoints, hosts
from bot.images.logins import Credentials
from bot.images.memory import LIST, Key, Memory, Who
from bot.images.reference import Reference
from bot.images.settings import RegistrySettings
from bot.images.transport import NoAnswerError, SilentError, Transport

T = TypeVar("T")
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all views have in common."""

    settings: RegistrySettings
    transport: Transport
    authorizer: Authorizer
    memory: Memory


@dataclass(frozen=True, slots=True)
class View:
    """Knows which platforms images are published for, and the upgrades.

    What was learned with one login is told to nobody who has another, or none.
    """

    shared: Shared
    credentials: Mapping[str, Credentials]

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Return what is known about *images*, and upgrades to *platform*."""
        limits = self.shared.settings.limits
        now = self.shared.memory.clock()
        return await gather.facts(_Round(self, now), images, platform, limits)

    async def published(self, reference: Reference) -> Published:
        """Return the platforms of *reference*, or why nobody can tell."""
        memory, key = self.shared.memory, self._key(reference, reference.target)
        failure = memory.failures.get(key)
        if failure is not None:
            return Published(None, failure)
        found = await memory.images.share(key, lambda: self._published(reference))
        if found.platforms is None:
            memory.failures[key] = found.reason
        return found

    async def tags(self, reference: Reference) -> tuple[str, ...]:
        """Return the tags of the image, as many as may be read; none if unknown."""
        memory, key = self.shared.memory, self._key(reference, LIST)
        known = memory.lists.get(key)
        if known is not None:
            return known
        if key in memory.failures:
            return ()
        return await memory.listings.share(key, lambda: self._listed(reference))

    def silent(self, reference: Reference, since: float) -> str:
        """Name the registry, if it and its mirrors were silent *since* then."""
        names = hosts(reference, self.shared.settings)
        silences = self.shared.memory.silences
        heard = any(silences.get(name, since - 1) < since for name in names)
        return "" if heard else reference.registry

    def _key(self, reference: Reference, target: str) -> Key:
        names = hosts(reference, self.shared.settings)
        who: Who = tuple(self.credentials.get(name) for name in names)
        return who, reference.image, target

    async def _published(self, reference: Reference) -> Published:
        found = await self._first(reference, self._look)
        return Published(None, found) if isinstance(found, str) else found

    async def _listed(self, reference: Reference) -> tuple[str, ...]:
        found = await self._first(reference, self._list)
        memory, key = self.shared.memory, self._key(reference, LIST)
        if isinstance(found, str):
            memory.failures[key] = found
            return ()
        memory.lists[key] = found
        return found

    async def _first(
        self,
        reference: Reference,
        ask: Callable[[Endpoint, Reference], Coroutine[Any, Any, T]],
    ) -> T | str:
        """Return what the first endpoint says that says anything, or why not."""
        shared, reasons = self.shared, list[str]()
        for name, endpoint in endpoints(
            reference,
            self.credentials,
            shared.settings,
            shared.transport,
            shared.authorizer,
        ):
            try:
                async with asyncio.timeout(shared.settings.limits.image_seconds):
                    return await ask(endpoint, reference)
            except TimeoutError:
                self._note_silence(name)
                reasons.append(self._told(name, reference, "does not answer in time"))
            except SilentError as error:
                self._note_silence(name)
                reasons.append(self._told(name, reference, str(error)))
            except NoAnswerError as error:
                reasons.append(self._told(name, reference, str(error)))
        return "; ".join(dict.fromkeys(reasons))

    def _told(self, name: str, reference: Reference, why: str) -> str:
        """Return what anybody may read: where a mirror is, only the operator's log."""
        if name == reference.registry:
            return f"{name} {why}"
        LOG.warning("the mirror %s of %s %s", name, reference.registry, why)
        return f"a mirror of {reference.registry} {why}"

    def _note_silence(self, name: str) -> None:
        memory = self.shared.memory
        memory.silences[name.lower()] = memory.clock()

    async def _look(self, endpoint: Endpoint, reference: Reference) -> Published:
        digest = reference.digest or await self._resolve(endpoint, reference)
        platforms, key = self.shared.memory.platforms, self._key(reference, digest)
        known = platforms.get(key)
        if known is None:
            known = platforms[key] = await endpoint.platforms(digest)
        return Published(known, digest=digest)

    async def _resolve(self, endpoint: Endpoint, reference: Reference) -> str:
        digests, key = self.shared.memory.digests, self._key(reference, reference.tag)
        known = digests.get(key)
        if known is None:
            known = digests[key] = await endpoint.digest(reference.tag)
        return known

    async def _list(self, endpoint: Endpoint, reference: Reference) -> tuple[str, ...]:
        limits = self.shared.settings.limits
        return await endpoint.tags(limits.tag_pages, limits.tags)


@dataclass(frozen=True, slots=True)
class _Round:
    """One question about many images: who was silent in it is not asked again."""

    view: View
    began: float

    async def published(self, reference: Reference) -> Published:
        silent = self.view.silent(reference, self.began)
        if silent:
            reason = f"{silent} did not answer before, so it was not asked again"
            return Published(None, reason)
        return await self.view.published(reference)

    async def tags(self, reference: Reference) -> tuple[str, ...]:
        if self.view.silent(reference, self.began):
            return ()
        return await self.view.tags(reference)
