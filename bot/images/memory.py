"""What was learned about images, kept apart for each login it was learned with.

A private image's platforms are told to those whose login opens it, and to nobody
else: every key begins with who asked.
"""

from __future__ import annotations

from collections.abc import Callable

from cachetools import TTLCache

from bot.facts import Published
from bot.images.flight import Flights
from bot.images.logins import Credentials

Who = tuple[Credentials | None, ...]
"""The logins for a registry's mirrors and for itself; None where there is none."""
Key = tuple[Who, str, str]
"""Who asked, the image, and the tag or digest."""

LIST = ""
"""Stands for the list of tags where a tag or digest would be."""
_DAY = 24 * 3600.0
_DIGESTS, _DIGEST_SECONDS = 8192, 30 * _DAY  # immutable: age bounds memory only
_TAGS, _TAG_SECONDS = 4096, 300.0
_LISTED, _LIST_SECONDS = 500_000, 600.0  # tags of all lists together
_LIST_ITSELF = 100  # what a list weighs, in tags: there may be many empty ones
_FAILURES, _FAILURE_SECONDS = 4096, 30.0
_SILENCES, _SILENCE_SECONDS = 4096, 600.0


class Memory:
    """Answers and failures of the registries, each for as long as it is worth."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.images: Flights[Published] = Flights()
        self.listings: Flights[tuple[str, ...]] = Flights()
        self.platforms: TTLCache[Key, frozenset[str]] = TTLCache(
            _DIGESTS, _DIGEST_SECONDS, clock
        )
        self.digests: TTLCache[Key, str] = TTLCache(_TAGS, _TAG_SECONDS, clock)
        self.lists: TTLCache[Key, tuple[str, ...]] = TTLCache(
            _LISTED,
            _LIST_SECONDS,
            clock,
            getsizeof=lambda tags: len(tags) + _LIST_ITSELF,
        )
        self.failures: TTLCache[Key, str] = TTLCache(_FAILURES, _FAILURE_SECONDS, clock)
        self.silences: TTLCache[str, float] = TTLCache(
            _SILENCES, _SILENCE_SECONDS, clock
        )
        """When a registry was last waited for in vain."""

    async def close(self) -> None:
        """Stop asking."""
        await self.images.close()
        await self.listings.close()
