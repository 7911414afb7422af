"""Is an engine young enough to be given strangers' work? Judge by its version. Pure.

Versions tell only so much. Distributions bring mends back into old numbers: Debian
12 says 20.10.24+dfsg1 and Ubuntu 29.1.3 before and after a mend, and which revision
of the package is installed is nowhere in the answer. So what is too old for what we
ask of it is refused, and what may have known holes is told to the operator. Holes that
need what strangers are not given are not in the list: the API of an engine with an
authorization plugin (CVE-2024-41110, CVE-2026-34040), a frontend of their own
(CVE-2026-33747).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

OLDEST = (20, 10)
"""What is older has the ways out of CVE-2019-5736 (before 18.09.2) and others.

https://github.com/advisories/GHSA-gxmr-w5mj-v8hh"""
_RELEASED = 1_000_000
_NUMBER = re.compile(
    r"""
    v? (?P<major> \d{1,6} ) \. (?P<minor> \d{1,6} ) (?: \. (?P<patch> \d{1,6} ) )?
    (?: [-~] (?P<early> rc | beta | alpha | dev ) [.-]? (?P<candidate> \d{0,6} ) )?
    """,
    re.VERBOSE | re.ASCII,
)


class Version(NamedTuple):
    """What a component's number says; a candidate comes before its release."""

    major: int
    minor: int
    patch: int
    candidate: int = _RELEASED

    def __str__(self) -> str:
        """Write it as the components themselves do."""
        released = f"{self.major}.{self.minor}.{self.patch}"
        early = self.candidate != _RELEASED
        return f"{released}-rc.{self.candidate}" if early else released


@dataclass(frozen=True, slots=True)
class Hole:
    """Versions of a component that have a known hole."""

    component: str
    mended: tuple[Version, ...]
    """In each series (major and minor) the first without it, in order; the last of all
    holds for every series that is not named."""
    what: str
    source: str
    """The advisory, or the release notes that name the versions."""

    def is_in(self, version: Version) -> bool:
        """Tell whether *version* has the hole, as far as numbers tell."""
        for first in self.mended:
            if version[:2] == first[:2]:
                return version < first
        return version < self.mended[-1]


HOLES = (
    Hole(
        "Engine",
        (Version(24, 0, 9), Version(25, 0, 2)),
        "an image can poison the classic builder's cache (CVE-2024-24557)",
        "https://github.com/moby/moby/security/advisories/GHSA-xw73-rw38-6vjc",
    ),
    # 24.0.9 is without these mends: https://github.com/moby/moby/releases/tag/v24.0.9
    Hole(
        "Engine",
        (Version(25, 0, 2),),
        "a build can leave its sandbox through BuildKit (CVE-2024-23651, "
        "CVE-2024-23652, CVE-2024-23653)",
        "https://github.com/moby/moby/releases/tag/v25.0.2",
    ),
    Hole(
        "runc",
        (Version(1, 0, 0, 95),),
        "a container can leave its sandbox while mounts are made (CVE-2021-30465)",
        "https://github.com/opencontainers/runc/security/advisories/"
        "GHSA-c3xm-pvg7-gh7r",
    ),
    Hole(
        "runc",
        (Version(1, 1, 12),),
        "a program can leave its container (CVE-2024-21626)",
        "https://github.com/opencontainers/runc/releases/tag/v1.1.12",
    ),
    # GHSA-qw9x-cqr3-wc7r and GHSA-cgrx-mc8f-2prm name the same versions.
    Hole(
        "runc",
        (Version(1, 2, 8), Version(1, 3, 3), Version(1, 4, 0, 3)),
        "a program can leave its container through masked paths (CVE-2025-31133, "
        "CVE-2025-52565, CVE-2025-52881)",
        "https://github.com/opencontainers/runc/security/advisories/"
        "GHSA-9493-h29p-rfm2",
    ),
)
_NAMES = {"Engine": "Docker", "runc": "runc"}
"""The components that are judged, and what people call them."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with an engine: it is not used, or its operator is told."""

    refusal: str = ""
    warnings: tuple[str, ...] = ()


def judge(answer: Mapping[str, object]) -> Judgement:
    """Judge an engine by its *answer* to ``GET /version``.

    Podman and its like name their components otherwise, and nothing is said of them.
    """
    warnings: list[str] = []
    for component, said in _said(answer):
        version = read(said)
        if version is None:
            warnings.append(_unreadable(component, said))
        elif component == "Engine" and version[:2] < OLDEST:
            return Judgement(
                f"its Docker {said} is older than 20.10, which has known ways out of a "
                "container; update it"
            )
        else:
            warnings += _warnings(component, version, said)
    return Judgement(warnings=tuple(warnings))


def read(said: str) -> Version | None:
    """Read a version as an engine or a distribution writes it; None if that fails."""
    found = _NUMBER.match(said)
    if found is None:
        return None
    candidate = _RELEASED
    if found["early"]:
        candidate = int(found["candidate"] or 0) if found["early"] == "rc" else 0
    major, minor, patch = (int(found[i] or 0) for i in ("major", "minor", "patch"))
    return Version(major, minor, patch, candidate)


def _said(answer: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    components = answer.get("Components")
    for part in components if isinstance(components, Sequence) else ():
        if isinstance(part, Mapping) and part.get("Name") in _NAMES:
            yield str(part["Name"]), str(part.get("Version", ""))


def _warnings(component: str, version: Version, said: str) -> Iterator[str]:
    for hole in HOLES:
        if hole.component == component and hole.is_in(version):
            first = next(first for first in hole.mended if version < first)
            yield (
                f"its {_NAMES[component]} {said} has the number of a version in which "
                f"{hole.what}; unless its distribution has mended that, which the "
                f"number does not tell, update it to {first} or later ({hole.source})"
            )


def _unreadable(component: str, said: str) -> str:
    return (
        f"its {_NAMES[component]} calls its version {said[:100]!r}, which does not "
        "tell whether it has known holes; use a released version"
    )
