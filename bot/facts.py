"""What the network said about images before any rule ran. Pure.

Every answer is yes, no, or unknown with the reason. Unknown lowers the safety
of a fix; it is never a guess and never the author's failure.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Answer(enum.Enum):
    """A three-valued answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Published:
    """The platforms for which one image reference is published.

    *platforms* holds normalised names (``linux/arm64``, ``linux/arm/v7``), or
    None where nobody could tell; then *reason* says why, naming the registry.
    *digest* is the digest of the index or manifest, where it is known.
    """

    platforms: frozenset[str] | None
    reason: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The nearest tag of the same image and variant that has the platform."""

    reference: str
    platforms: frozenset[str]
    is_nearest: bool = True
    """False where nobody could tell about a tag that is nearer."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Answers about images, keyed by the reference as the file spells it."""

    images: Mapping[str, Published] = field(default_factory=dict)
    upgrades: Mapping[tuple[str, str], Upgrade] = field(default_factory=dict)
    """Keyed by reference and platform."""

    def published(self, image: str, platform: str) -> Answer:
        """Tell whether *image* exists for *platform*."""
        known = self.images.get(image)
        if known is None or known.platforms is None:
            return Answer.UNKNOWN
        return Answer.YES if platform in known.platforms else Answer.NO

    def reason(self, image: str) -> str:
        """Say why the answer about *image* is unknown."""
        known = self.images.get(image)
        return known.reason if known else "nobody was asked about this image"

    def upgrade(self, image: str, platform: str) -> Upgrade | None:
        """Return the smallest upgrade of *image* that has *platform*."""
        return self.upgrades.get((image, platform))
