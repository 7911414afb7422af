"""Answer about images from a file instead of the network. Pure.

The file is JSON: each reference with the list of its platforms. Its references
are also the tags that exist, so that the smallest upgrade is found offline.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.errors import UserError
from bot.facts import Facts, Published
from bot.images import gather
from bot.images.platforms import normalised
from bot.images.reference import Invalid, Reference, parse
from bot.images.settings import Limits

_LIMITS = Limits(images=5000, registries=5000)
OFFLINE = "no registry was asked, because the network was not to be used"
_UNNAMED = "the file of known images does not name it"
_SHAPE = (
    "Write a JSON object from image reference to platforms, such as "
    '{"alpine:3.6": ["linux/amd64", "linux/arm64"]}.'
)


@dataclass(frozen=True, slots=True)
class KnownImages:
    """Images whose platforms are given; everything else is unknown."""

    platforms: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Keyed by image and by tag or digest."""
    reason: str = OFFLINE

    async def facts(self, images: Iterable[str], platform: str) -> Facts:
        """Return what is known about *images*, and upgrades to *platform*."""
        return await gather.facts(self, images, platform, _LIMITS)

    async def published(self, reference: Reference) -> Published:
        """Return the platforms of *reference*, or why nobody can tell."""
        known = self.platforms.get((reference.image, reference.target))
        return Published(known, "" if known is not None else self.reason)

    async def tags(self, reference: Reference) -> tuple[str, ...]:
        """Return the tags that are known of the image."""
        return tuple(name for image, name in self.platforms if image == reference.image)


def read(text: str) -> KnownImages:
    """Read the text of a file of known images."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise UserError(f"The file of known images is not JSON. {_SHAPE}") from None
    if not isinstance(document, dict):
        raise UserError(f"The file of known images is not an object. {_SHAPE}")
    entries = (_entry(str(key), value) for key, value in document.items())
    return KnownImages(
        {key: platforms for keys, platforms in entries for key in keys}, _UNNAMED
    )


def _entry(
    text: str, value: object
) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    reference = parse(text)
    if isinstance(reference, Invalid):
        raise UserError(
            f"The file of known images names {text!r}: {reference.reason}. {_SHAPE}"
        )
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UserError(
            f"The file of known images gives {text!r} no list of platforms. {_SHAPE}"
        )
    names = (name for name in (reference.tag, reference.digest) if name)
    keys = tuple((reference.image, name) for name in names)
    return keys, frozenset(normalised(one) for one in value)
