"""Find the nearest newer tag of the same image and variant. Pure.

A tag is read as words, a version and a variant: ``1.8.3-alpine3.5`` is version
1.8.3 of the variant ``-alpine`` on release 3.5. Only the version and the
release of a distribution may grow; every other letter has to stay.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from dataclasses import dataclass

_TAG = re.compile(
    r"""
    (?P<words> (?:[A-Za-z_][A-Za-z_.-]*)? )     # v, release-, bionic-
    (?P<version> [0-9]++ (?:[.u][0-9]++)*+ )    # 3.4, 8u151
    (?P<variant> .* )
    """,
    re.VERBOSE,
)
_RELEASE = re.compile(
    r"""
    (?P<name> alpine | debian | ubuntu | fedora | centos | rockylinux | almalinux
            | oraclelinux | amazonlinux | ubi | photon )
    (?P<dash> -? ) (?P<version> [0-9]+ (?:\.[0-9]+)* )
    """,
    re.VERBOSE,
)
_PRERELEASE = re.compile(
    r"""
    (?:^|[-._+~]) (?: alpha | beta | rc | pre | preview | dev | snapshot | nightly
                  | milestone | canary | next | edge | ea | cr | test | testing
                  | unstable | m(?=[0-9]) | a(?=[0-9]) | b(?=[0-9]) )
    (?![A-Za-z])
    | ^ (?: a | b | rc | alpha | beta ) [0-9]   # Python's spelling: 3.7rc1, 3.7b2
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DATE_DIGITS = 6
"""A number this long is a date or a build, not the next 3 after 2."""
_LINEAR = 6

Numbers = tuple[int, ...]
Search = Generator[str, bool, str | None]
"""Yields a tag, is sent whether it has the platform, returns the one found."""


_Distance = tuple[int, bool, Numbers, tuple[Numbers, ...]]


@dataclass(frozen=True, slots=True)
class _Name:
    shape: tuple[str, ...]
    version: Numbers
    releases: tuple[Numbers, ...]
    is_prerelease: bool


def candidates(tag: str, tags: Iterable[str]) -> tuple[str, ...]:
    """Return the newer ones of *tags* that may stand in for *tag*, nearest first.

    The same major version comes first, in it the same precision (``3.4`` is
    followed by ``3.5``, not by ``3.5.1``), then the lower version.
    """
    current = _read(tag)
    if current is None:
        return ()
    named = ((name, _read(name)) for name in dict.fromkeys(tags))
    newer = [
        (_distance(current, one), name)
        for name, one in named
        if one is not None and _may_replace(current, one)
    ]
    return tuple(name for _, name in sorted(newer))


def search(names: tuple[str, ...], at_most: int) -> Search:
    """Ask about *names* in order until one has the platform.

    After a few the stride doubles, and the gap before the first success is
    halved: images gain a platform once and keep it, and a hundred patch
    releases without it must not cost a hundred questions.
    """
    asked = low = 0
    high, stride = 0, 1
    while high < len(names) and asked < at_most:
        asked += 1
        if (yield names[high]):
            break
        low = high + 1
        stride = 1 if low < _LINEAR else stride * 2
        high = low + stride - 1
        # The last one is worth a question even where the stride leaps over it.
        if low < len(names) <= high:
            high = len(names) - 1
    else:
        return None
    while low < high and asked < at_most:
        asked += 1
        middle = (low + high) // 2
        if (yield names[middle]):
            high = middle
        else:
            low = middle + 1
    return names[high]


def _read(tag: str) -> _Name | None:
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    version, variant = match["version"], match["variant"]
    rest = _RELEASE.sub(r"\g<name>\g<dash>#", variant)
    return _Name(
        shape=(match["words"], rest, "u" if "u" in version else "."),
        version=_numbers(version),
        releases=tuple(_numbers(one["version"]) for one in _RELEASE.finditer(variant)),
        is_prerelease=bool(_PRERELEASE.search(rest)),
    )


def _numbers(text: str) -> Numbers:
    return tuple(int(part) for part in re.split(r"[.u]", text))


def _may_replace(current: _Name, other: _Name) -> bool:
    if other.shape != current.shape or other.is_prerelease:
        return False
    if _is_dated(other) != _is_dated(current):
        return False
    if any(
        new < old for new, old in zip(other.releases, current.releases, strict=True)
    ):
        return False
    shared = min(len(current.version), len(other.version))
    if current.version == other.version:
        return other.releases != current.releases
    return other.version[:shared] > current.version[:shared]


def _is_dated(name: _Name) -> bool:
    return any(len(str(number)) >= _DATE_DIGITS for number in name.version)


def _distance(current: _Name, other: _Name) -> _Distance:
    imprecise = len(other.version) != len(current.version)
    return other.version[0], imprecise, other.version, other.releases
