"""Find the path template that a request's path belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")

_SPANNING = frozenset(
    {"basehead", "branch", "dir", "path", "ref", "sha", "tag", "tree_sha"}
)
"""Parameters whose values may hold slashes; GitHub marks them multi-segment."""

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(slots=True, repr=False)
class Templates(Generic[T]):
    """Path templates with a value each; the most literal match wins."""

    entries: list[tuple[int, str, re.Pattern[str], T]] = field(default_factory=list)

    def add(self, template: str, value: T) -> None:
        """Remember *template*."""
        last = template.rpartition("/")[2].strip("{}")
        pattern = re.compile(_PARAMETER.sub(partial(_group, last=last), template) + "$")
        literal = len(_PARAMETER.sub("", template))
        self.entries.append((literal, template, pattern, value))
        self.entries.sort(key=lambda entry: -entry[0])

    def match(self, path: str) -> list[tuple[str, dict[str, str], T]]:
        """Return every template that fits the raw *path*, the best first."""
        found = []
        for _, template, pattern, value in self.entries:
            if match := pattern.match(path):
                values = {key: unquote(text) for key, text in match.groupdict().items()}
                found.append((template, values, value))
        return found


def _group(match: re.Match[str], last: str) -> str:
    name = match[1]
    if name not in _SPANNING:
        return f"(?P<{name}>[^/]+)"
    return f"(?P<{name}>.*)" if name == last else f"(?P<{name}>.+?)"
