"""Is an engine young enough to be given strangers' work? Judge by its version. Pure.

Versions tell only so much: distributions bring mends back into old numbers (Debian
12's Docker is 20.10.24 with the mends of 2024), which cannot be seen. So what is too
old for what we ask of it is refused, and what may have known holes is told to the
operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

OLDEST = (20, 10)
_NUMBER = re.compile(r"v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?")

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Hole:
    """Versions of a component that have a known hole: up to *mended*, by series."""

    component: str
    mended: tuple[Version, ...]
    """In each series (major and minor) the first without it; the last of all holds
    for every later series, the first for every earlier one."""
    what: str

    def is_in(self, version: Version) -> bool:
        """Tell whether *version* has the hole, as far as numbers tell."""
        for first in self.mended:
            if version[:2] == first[:2]:
                return version < first
        return version < self.mended[-1]


HOLES = (
    Hole(
        "Engine",
        ((20, 10, 7),),
        "a container can leave its sandbox while mounts are made (CVE-2021-30465)",
    ),
    Hole(
        "Engine",
        ((24, 0, 9), (25, 0, 2)),
        "a build can leave its sandbox or poison another's cache (CVE-2024-21626, "
        "CVE-2024-23651, CVE-2024-23652, CVE-2024-23653, CVE-2024-24557)",
    ),
    Hole(
        "runc",
        ((1, 1, 12),),
        "a program can leave its container (CVE-2024-21626)",
    ),
    Hole(
        "runc",
        ((1, 2, 8), (1, 3, 3)),
        "a program can leave its container through masked paths (CVE-2025-31133, "
        "CVE-2025-52565, CVE-2025-52881)",
    ),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with an engine: it is not used, or its operator is told."""

    refusal: str = ""
    warnings: tuple[str, ...] = ()


def judge(answer: Mapping[str, object]) -> Judgement:
    """Judge an engine by its *answer* to ``GET /version``."""
    versions = dict(_versions(answer))
    engine = versions.get("Engine")
    if engine is None:
        return Judgement()  # podman and its like count otherwise
    if engine[:2] < OLDEST:
        shown = ".".join(map(str, engine))
        return Judgement(
            f"its Docker {shown} is older than 20.10, which has known ways out of a "
            "container; update it"
        )
    found = (hole for hole in HOLES if hole.is_in(versions.get(hole.component, _NEW)))
    return Judgement(warnings=tuple(_warning(hole) for hole in found))


_NEW: Version = (999_999, 0, 0)
"""For what an engine does not tell of."""


def _versions(answer: Mapping[str, object]) -> Iterator[tuple[str, Version]]:
    components = answer.get("Components")
    for part in components if isinstance(components, Sequence) else ():
        if not isinstance(part, Mapping):
            continue
        found = _NUMBER.match(str(part.get("Version", "")))
        if found is not None:
            major, minor, patch = (int(number or 0) for number in found.groups())
            yield str(part.get("Name", "")), (major, minor, patch)


def _warning(hole: Hole) -> str:
    name = "Docker" if hole.component == "Engine" else hole.component
    first = ".".join(map(str, hole.mended[-1]))
    return (
        f"its {name} has the number of a version in which {hole.what}; unless its "
        f"distribution has mended that, update it to {first} or later"
    )
