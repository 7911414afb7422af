"""Tokens of installations, narrowed to one repository and what a job needs."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import aiohttp
from cachetools import TTLCache
from gidgethub import BadRequest
from gidgethub.apps import get_jwt

from bot.github.client import Client
from bot.github_ports import GitHubRefusedError, Place

READ: Mapping[str, str] = MappingProxyType(
    {"contents": "read", "metadata": "read", "pull_requests": "read"}
)
"""What reading a repository takes; more is in no token that only reads."""
WRITE: Mapping[str, str] = MappingProxyType(
    {
        "checks": "write",
        "contents": "write",
        "issues": "write",
        "metadata": "read",
        "pull_requests": "write",
    }
)
"""What showing results and opening a fix pull request takes."""
_LIFETIME = 50 * 60
"""Seconds that a token is used; GitHub ends it after an hour."""
_MOST = 4096
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """The App itself: its id and its private key in PEM."""

    app_id: str
    private_key: str = field(repr=False)


class Tokens:
    """Hands out installation tokens, each asked for once while it lives."""

    def __init__(
        self, session: aiohttp.ClientSession, base_url: str, identity: Identity
    ) -> None:
        self._client = Client(session, base_url)
        self._identity = identity
        self._known: TTLCache[tuple[Place, bool], str] = TTLCache(_MOST, _LIFETIME)
        self._turns: defaultdict[tuple[Place, bool], asyncio.Lock] = defaultdict(
            asyncio.Lock
        )
        self._login = ""

    async def token(self, place: Place, *, write: bool) -> str:
        """Return a token for *place* alone, to read or also to write."""
        key = (place, write)
        async with self._turns[key]:
            token = self._known.get(key)
            if token is None:
                token = await self._ask(place, WRITE if write else READ)
                self._known[key] = token
        self._turns.pop(key, None)
        return token

    async def login(self) -> str:
        """Return the name under which the App comments (``slug[bot]``)."""
        if not self._login:
            app = await self._client.getitem("/app", jwt=self._jwt())
            self._login = f"{app['slug']}[bot]"
        return self._login

    async def _ask(self, place: Place, permissions: Mapping[str, str]) -> str:
        if not _REPOSITORY.fullmatch(place.repository):
            raise GitHubRefusedError(f"{place.repository!r} names no repository.")
        name = place.repository.partition("/")[2]
        url = f"/app/installations/{place.installation}/access_tokens"
        wanted = {"repositories": [name], "permissions": dict(permissions)}
        try:
            answer = await self._client.post(url, data=wanted, jwt=self._jwt())
        except BadRequest as error:
            raise GitHubRefusedError(
                f"GitHub gives the App no token for {place.repository}: {error}. It "
                "may have been renamed or taken from the installation, or a "
                "permission of the App waits for its owner's consent."
            ) from error
        return str(answer["token"])

    def _jwt(self) -> str:
        identity = self._identity
        return get_jwt(
            app_id=identity.app_id, private_key=identity.private_key, expiration=540
        )
