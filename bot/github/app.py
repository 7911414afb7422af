"""The App at work: opens repositories, with one token to read, another to write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
from cachetools import TTLCache
from gidgethub.abc import CACHE_TYPE

from bot.github.cellar import Cellar
from bot.github.client import Client
from bot.github.credentials import Identity, Tokens
from bot.github.publisher import RepositoryPublisher
from bot.github.repository import RepositoryReader
from bot.github_ports import Place

_REMEMBERED = 512
"""Answers that one client keeps for conditional requests."""
_CLIENTS = 256
_SECONDS = 10 * 60


class GitHubApp:
    """Everything that the bot does on GitHub goes through here."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        identity: Identity,
        cellar: Path,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._tokens = Tokens(session, self._base_url, identity)
        self._cellar = Cellar(cellar)
        self._blank: TTLCache[int, bool] = TTLCache(_REMEMBERED, _SECONDS)
        self._clients: TTLCache[str, Client] = TTLCache(_CLIENTS, _SECONDS)

    def repository(self, place: Place) -> RepositoryReader:
        """Return the door that reads *place*."""
        opened = partial(self._open, place, write=False)
        return RepositoryReader(place, opened, self._cellar)

    def publisher(self, place: Place) -> RepositoryPublisher:
        """Return the door that writes to *place*."""
        opened = partial(self._open, place, write=True)
        login = self._tokens.login
        return RepositoryPublisher(place.repository, opened, login, self._blank)

    async def _open(self, place: Place, *, write: bool) -> Client:
        token = await self._tokens.token(place, write=write)
        client = self._clients.get(token)
        if client is None:
            cache: CACHE_TYPE = TTLCache(_REMEMBERED, _SECONDS)
            forget = partial(self._tokens.forget, place, write=write)
            client = Client(self._session, self._base_url, token, cache, forget=forget)
            self._clients[token] = client
        return client


@asynccontextmanager
async def connect(
    base_url: str, identity: Identity, cellar: Path
) -> AsyncIterator[GitHubApp]:
    """Open the App's connections; *cellar* holds archives while they are used."""
    async with aiohttp.ClientSession() as session:
        yield GitHubApp(session, base_url, identity, cellar)
