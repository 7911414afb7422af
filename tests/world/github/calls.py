"""One API call as a handler sees it, and the table of routes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from tests.world.github.actors import Actor
from tests.world.github.answers import Answer, Json, not_found, refusal
from tests.world.github.entities import Account, Issue, Pull, Repository
from tests.world.github.outbox import Outbox
from tests.world.github.state import State

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """An authenticated request with its path taken apart."""

    state: State
    outbox: Outbox
    actor: Actor
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes

    @property
    def url(self) -> str:
        """Where the stand-in answers."""
        return self.state.url

    @property
    def body(self) -> Json:
        """The JSON object that was sent; none is an empty one."""
        try:
            body = json.loads(self.content or b"{}")
        except ValueError:
            raise refusal(400, "Problems parsing JSON") from None
        if not isinstance(body, dict):
            raise refusal(400, "Body should be a JSON object")
        return body

    @property
    def repository(self) -> Repository:
        """The repository that the path names."""
        return self.state.repository(self.parameters["owner"], self.parameters["repo"])

    @property
    def account(self) -> Account:
        """Whoever asks, where somebody must."""
        if self.actor.account is None:
            raise refusal(401, "Requires authentication")
        return self.actor.account

    @property
    def issue(self) -> Issue:
        """The issue or pull request that the path numbers."""
        wanted = self.parameters.get("issue_number") or self.parameters["pull_number"]
        return found(self.repository.issues, wanted)

    @property
    def pull(self) -> tuple[Issue, Pull]:
        """The pull request that the path numbers."""
        issue = self.issue
        if issue.pull is None:
            raise not_found()
        return issue, issue.pull

    def accepts(self, media: str) -> bool:
        """Tell whether the client asks for GitHub's *media* type (raw, diff…)."""
        accept = self.headers.get("Accept", "")
        return f".{media}" in accept or f"github.{media}" in accept


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation; a token needs any one of *needs*."""

    method: str
    path: str
    answer: Handler
    needs: tuple[str, ...] = ()


def found(items: Mapping[int, T], number: str) -> T:
    """Return one of *items* by its number in the path, or say 404."""
    if not number.isdigit() or int(number) not in items:
        raise not_found()
    return items[int(number)]


def paged(call: Call, items: list[Json], wrap: str = "") -> Answer:
    """Cut one page out of *items*, with GitHub's Link header."""
    size = min(max(_number(call, "per_page", 30), 1), 100)
    page = max(_number(call, "page", 1), 1)
    last = max(-(-len(items) // size), 1)
    chosen = items[(page - 1) * size : page * size]
    links = _links(page, last)
    link = ", ".join(f'<{_address(call, n)}>; rel="{rel}"' for rel, n in links.items())
    headers = {"Link": link} if link else {}
    body = {"total_count": len(items), wrap: chosen} if wrap else chosen
    return Answer(body=body, headers=headers)


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isdigit() else default


def _links(page: int, last: int) -> dict[str, int]:
    links: dict[str, int] = {}
    if page > 1:
        links |= {"prev": page - 1}
    if page < last:
        links |= {"next": page + 1, "last": last}
    if page > 1:
        links |= {"first": 1}
    return links


def _address(call: Call, page: int) -> str:
    return f"{call.url}{call.path}?{urlencode({**call.query, 'page': page})}"
