"""Gather the facts about many images, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from bot.facts import Facts, Published, Upgrade
from bot.images import upgrade
from bot.images.reference import Invalid, Reference, parse
from bot.images.settings import Limits

_AT_ONCE = 8


class Catalogue(Protocol):
    """Knows the platforms of one image and the tags beside it."""

    async def published(self, reference: Reference) -> Published:
        """Return the platforms of *reference*, or why nobody can tell."""

    async def tags(self, reference: Reference) -> tuple[str, ...]:
        """Return the tags of the image; none where nobody can tell."""


@dataclass(frozen=True, slots=True)
class _Known:
    image: str
    published: Published
    upgrade: Upgrade | None = None


async def facts(
    catalogue: Catalogue, images: Iterable[str], platform: str, limits: Limits
) -> Facts:
    """Ask *catalogue* about *images*, and for an upgrade to *platform*."""
    names = list(dict.fromkeys(images))
    turn = asyncio.Semaphore(_AT_ONCE)

    async def known(image: str) -> _Known:
        async with turn:
            return await _known(catalogue, image, platform, limits)

    found = await asyncio.gather(*(known(name) for name in names[: limits.images]))
    left_out = Published(None, "too many images were asked about at once")
    rest = dict.fromkeys(islice(names, limits.images, None), left_out)
    return Facts(
        {one.image: one.published for one in found} | rest,
        {(one.image, platform): one.upgrade for one in found if one.upgrade},
    )


async def _known(
    catalogue: Catalogue, image: str, platform: str, limits: Limits
) -> _Known:
    reference = parse(image)
    if isinstance(reference, Invalid):
        reason = f"no registry can be asked: {reference.reason}"
        return _Known(image, Published(None, reason))
    published = await catalogue.published(reference)
    if published.platforms is None or platform in published.platforms:
        return _Known(image, published)
    found = await _upgrade(catalogue, reference, platform, limits)
    return _Known(image, published, found)


async def _upgrade(
    catalogue: Catalogue, reference: Reference, platform: str, limits: Limits
) -> Upgrade | None:
    """Return the nearest tag that has *platform*; a pinned one stays pinned."""
    if not reference.tag:
        return None
    tags = await catalogue.tags(reference)
    # Tens of thousands of tags take longer than the event loop may stand still.
    names = await asyncio.to_thread(upgrade.candidates, reference.tag, tags)
    if reference.digest:
        # The tag may have gained the platform since its digest was written down.
        names = (reference.tag, *names)
    questions = upgrade.search(names, limits.candidates)
    answers: dict[str, Published] = {}
    try:
        name = next(questions)
        while True:
            asked = replace(reference, tag=name, digest="")
            answers[name] = await catalogue.published(asked)
            name = questions.send(platform in (answers[name].platforms or ()))
    except StopIteration as end:
        tag: str | None = end.value
        if tag is None:
            return None
        nearer = names[: names.index(tag)]
        unknown = any(
            answers[each].platforms is None for each in nearer if each in answers
        )
        return _found(reference, tag, answers[tag], is_nearest=not unknown)


def _found(
    reference: Reference, tag: str, published: Published, *, is_nearest: bool
) -> Upgrade:
    digest = published.digest if reference.digest else ""
    spelled = reference.tagged(tag, digest)
    return Upgrade(spelled, published.platforms or frozenset(), is_nearest)
