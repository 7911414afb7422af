"""The shapes of answers that GitHub really gave, from PyGithub's recordings."""

from __future__ import annotations

import functools
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.world.github.openapi import describe
from tests.world.github.packages import PYGITHUB, fetch_or_skip

_LINES = 11
"""Lines of one recorded exchange: request, answer and an empty line."""


@dataclass(slots=True)
class Shape:
    """Which types stand at which places of an answer, and how often."""

    types: dict[str, set[str]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def add(self, value: object, place: str = "") -> None:
        """Take one more answer into account."""
        self.types.setdefault(place, set()).add(type(value).__name__)
        self.seen[place] = self.seen.get(place, 0) + 1
        if isinstance(value, list):
            for item in value:
                self.add(item, f"{place}[]")
        elif isinstance(value, dict):
            self.seen[f"{place}{{}}"] = self.seen.get(f"{place}{{}}", 0) + 1
            for key, item in value.items():
                self.add(item, f"{place}.{key}")

    def always(self) -> Iterator[str]:
        """Yield the places that every object of the recordings has."""
        for place, times in self.seen.items():
            parent, dot, key = place.rpartition(".")
            if (
                dot
                and not key.endswith("{}")
                and times == self.seen.get(f"{parent}{{}}")
            ):
                yield place


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded exchange."""

    operation: str
    status: int
    body: object


@functools.cache
def shapes() -> dict[str, Shape]:
    """Return the recorded shapes by operation and status (``GET /app 200``)."""
    found: dict[str, Shape] = {}
    for exchange in _exchanges():
        key = f"{exchange.operation} {exchange.status}"
        found.setdefault(key, Shape()).add(exchange.body)
    return found


def _exchanges() -> Iterator[Exchange]:
    with tarfile.open(fetch_or_skip(PYGITHUB)) as archive:
        for member in archive:
            if "/tests/ReplayData/" in member.name and member.isfile():
                stream = archive.extractfile(member)
                lines = stream.read().decode().split("\n") if stream else []
                yield from _parsed(lines)


def _parsed(lines: list[str]) -> Iterator[Exchange]:
    for start in range(0, len(lines) - _LINES + 2, _LINES):
        _, method, _, _, url, _, _, status, headers, body = lines[start : start + 10]
        known = describe().operation(method, url.partition("?")[0])
        # Old recordings miss what GitHub has added since.
        recent = any(f" {year} " in headers for year in range(2021, 2027))
        if known and recent and status.isdigit():
            try:
                yield Exchange(known[0], int(status), json.loads(body))
            except ValueError:
                continue
