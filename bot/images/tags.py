"""Read one page of a registry's list of tags. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from yarl import URL

from bot.images.reference import is_tag

PAGE = 1000
"""How many tags to ask for at once; Docker Hub gives no more."""

_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel\s*=\s*"?next\b', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """Some tags, and where the next ones are."""

    tags: tuple[str, ...]
    following: URL | None


def read_page(body: bytes, links: Iterable[str], url: URL) -> Page | None:
    """Read a page that came from *url*, or nothing if it is none.

    The next page is on the same host under the same path; any other place
    is no continuation of this list.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    tags = document.get("tags") if isinstance(document, dict) else ""
    if tags is not None and not isinstance(tags, list):
        return None
    names = tuple(tag for tag in tags or () if isinstance(tag, str) and is_tag(tag))
    return Page(names, _following(links, url) if names else None)


def _following(links: Iterable[str], url: URL) -> URL | None:
    for link in links:
        match = _NEXT.search(link)
        if match:
            try:
                following = url.join(URL(match[1]))
                same = following.origin() == url.origin() and following.path == url.path
            except ValueError:  # no URL, or one without a host
                return None
            return following if same and following != url else None
    return None
