"""A bare API client for tests: an App, or an installation, and its tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from aiohttp import ClientSession

from tests.world.github.answers import Json
from tests.world.github.entities import App, Installation
from tests.world.github.stand_in import StandIn


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: Any
    """JSON where it was JSON, else bytes."""


@dataclass(frozen=True, slots=True)
class Client:
    """Calls the stand-in over HTTP with one Authorization header."""

    session: ClientSession
    url: str
    authorization: str

    async def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Call one operation and return its answer, whatever its status."""
        sent = {"Authorization": self.authorization, **(headers or {})}
        async with self.session.request(
            method, self.url + path, json=body, headers=sent, allow_redirects=False
        ) as response:
            told: Any = await response.read()
            if "json" in response.headers.get("Content-Type", ""):
                told = await response.json()
            return Reply(response.status, response.headers, told)


def signed(github: StandIn, app: App, **claims: int | str) -> str:
    """Return a JWT by which *app* proves itself."""
    now = int(github.state.time().timestamp())
    said = {"iat": now - 60, "exp": now + 540, "iss": str(app.id), **claims}
    return jwt.encode(said, app.key, algorithm="RS256")


def as_app(github: StandIn, app: App, **claims: int | str) -> Client:
    """Return a client that acts as the App itself."""
    header = f"Bearer {signed(github, app, **claims)}"
    return Client(github.outbox.session, github.url, header)


def as_token(github: StandIn, token: str) -> Client:
    """Return a client that shows *token*; none is nobody."""
    header = f"token {token}" if token else ""
    return Client(github.outbox.session, github.url, header)


async def as_installation(
    github: StandIn, installation: Installation, body: Json | None = None
) -> Client:
    """Return a client with a fresh token of *installation*."""
    app = as_app(github, installation.app)
    path = f"/app/installations/{installation.id}/access_tokens"
    answer = await app.call("POST", path, body)
    return as_token(github, answer.body["token"])
