"""Tokens of installations, narrowed to one repository and what a job needs."""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

import aiohttp
import jwt
from cachetools import TTLCache
from gidgethub import BadRequest

from bot.errors import UserError
from bot.github.client import Client, StaleError
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
_BACK = 60
"""Seconds that a JWT is dated back: clocks differ."""
_GOOD_FOR = 9 * 60
"""Seconds that a JWT is good for; GitHub allows ten minutes."""
_MOST = 4096
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """The App itself: its id and its private key in PEM."""

    app_id: str
    private_key: str = field(repr=False)

    def checked(self) -> Identity:
        """Return this if its key can sign: no job must find out that it cannot."""
        try:
            jwt.encode({}, self.private_key, algorithm="RS256")
        except (jwt.PyJWTError, ValueError, TypeError):
            raise UserError(
                "MULTIARCH_PRIVATE_KEY is no private key in PEM. The page of the "
                "App on GitHub generates one, a file that starts with "
                "-----BEGIN RSA PRIVATE KEY-----; take all of it."
            ) from None
        return self


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
        self._ahead = 0.0

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

    def forget(self, place: Place, *, write: bool) -> None:
        """Ask for another token the next time: GitHub takes this one no longer."""
        self._known.pop((place, write), None)

    async def login(self) -> str:
        """Return the name under which the App comments (``slug[bot]``)."""
        if not self._login:
            app = await self._as_app(partial(self._client.getitem, "/app"))
            self._login = f"{app['slug']}[bot]"
        return self._login

    async def _ask(self, place: Place, permissions: Mapping[str, str]) -> str:
        if not _REPOSITORY.fullmatch(place.repository):
            raise GitHubRefusedError(f"{place.repository!r} names no repository.")
        url = f"/app/installations/{place.installation}/access_tokens"
        wanted = {"repository_ids": [place.id], "permissions": dict(permissions)}
        try:
            answer = await self._as_app(partial(self._client.post, url, data=wanted))
        except BadRequest as error:
            raise GitHubRefusedError(
                f"GitHub gives the App no token for {place.repository}: {error}. It "
                "may have been renamed or taken from the installation, or a "
                "permission of the App waits for its owner's consent."
            ) from error
        for known in answer.get("repositories") or ():
            _same_name(place, str(known["full_name"]))
        return str(answer["token"])

    async def _as_app(self, ask: Callable[..., Awaitable[Any]]) -> Any:  # noqa: ANN401 - JSON of GitHub
        """Ask as the App itself, by GitHub's clock where ours is off.

        GitHub takes no JWT from the future, nor one that ends more than ten
        minutes from now; with its refusal it tells what time it is.
        """
        try:
            return await ask(jwt=self._jwt())
        except StaleError as error:
            if error.theirs is None:
                raise
            self._ahead = error.theirs - time.time()
        try:
            return await ask(jwt=self._jwt())
        except StaleError as error:
            raise GitHubRefusedError(
                f"GitHub does not know the App: {error} Its id and its private key "
                "must belong together."
            ) from error

    def _jwt(self) -> str:
        """Return what proves that we are the App, good for some minutes."""
        issued = int(time.time() + self._ahead) - _BACK
        claims = {
            "iat": issued,
            "exp": issued + _GOOD_FOR,
            "iss": self._identity.app_id,
        }
        return jwt.encode(claims, self._identity.private_key, algorithm="RS256")


def _same_name(place: Place, now: str) -> None:
    """Refuse where the repository is called something else *now*.

    The name that it had may be another repository's, which would be read in its
    stead: what is public can be read with any token.
    """
    if now.lower() != place.repository.lower():
        raise GitHubRefusedError(
            f"{place.repository} is called {now} now. Nothing is done under a name "
            "that may be another repository's; the next push or comment goes by the "
            "new one."
        )
