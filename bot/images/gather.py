"""Gather the facts about many images, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.facts import Facts, Published, Upgrade
from bot.images import upgrade
from bot.images.reference import Invalid, Reference, parse
from bot.images.settings import Limits

_AT_ONCE = 16
_OF_ONE_REGISTRY = 8
_TOO_MANY = "too many images were asked about at once"
_TOO_MANY_REGISTRIES = "was not asked, because too many registries are named at once"
_TOO_LONG = "it was not asked about in time, because the others took too long"


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
    """Ask *catalogue* about *images*, and for an upgrade to *platform*.

    However many are named, and however slow who is asked: it ends in bounded time.
    """
    asked, unasked = _chosen(dict.fromkeys(images), limits)
    turn = asyncio.Semaphore(_AT_ONCE)
    registries = {reference.registry for reference in asked.values()}
    turns = {name: asyncio.Semaphore(_OF_ONE_REGISTRY) for name in registries}

    async def known(image: str, reference: Reference) -> _Known:
        # Who waits for a slow registry must not keep the others waiting.
        async with turns[reference.registry], turn:
            return await _known(catalogue, image, reference, platform, limits)

    found = await _finished(
        {name: asyncio.create_task(known(name, asked[name])) for name in asked},
        limits.question_seconds,
    )
    return Facts(
        {name: Published(None, reason) for name, reason in unasked.items()}
        | {one.image: one.published for one in found},
        {(one.image, platform): one.upgrade for one in found if one.upgrade},
    )


def _chosen(
    names: Iterable[str], limits: Limits
) -> tuple[dict[str, Reference], dict[str, str]]:
    """Return what to ask about, and why not about the rest."""
    asked: dict[str, Reference] = {}
    unasked: dict[str, str] = {}
    registries: set[str] = set()
    for name in names:
        reference = parse(name) if len(asked) < limits.images else Invalid(_TOO_MANY)
        if isinstance(reference, Invalid):
            full = reference.reason == _TOO_MANY
            reason = f"no registry can be asked: {reference.reason}"
            unasked[name] = _TOO_MANY if full else reason
        elif len(registries | {reference.registry}) > limits.registries:
            unasked[name] = f"{reference.registry} {_TOO_MANY_REGISTRIES}"
        else:
            registries.add(reference.registry)
            asked[name] = reference
    return asked, unasked


async def _finished(
    tasks: Mapping[str, asyncio.Task[_Known]], seconds: float
) -> list[_Known]:
    """Return what *tasks* find in time; what is late is unknown."""
    try:
        if tasks:
            await asyncio.wait(tasks.values(), timeout=seconds)
        late = {name for name, task in tasks.items() if not task.done()}
        return [
            _Known(name, Published(None, _TOO_LONG)) if name in late else task.result()
            for name, task in tasks.items()
        ]
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


async def _known(
    catalogue: Catalogue,
    image: str,
    reference: Reference,
    platform: str,
    limits: Limits,
) -> _Known:
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
