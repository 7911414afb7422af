"""A host that answers as a test wants it to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.images.platforms import OCI_INDEX
from bot.images.reference import Reference, parse
from bot.images.settings import Limits, RegistrySettings

QUICK = Limits(connect_seconds=2, answer_seconds=2, image_seconds=5, wait_seconds=1)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Host:
    """A host on the loopback address; *asked* holds ``METHOD path``."""

    name: str
    asked: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    """The ``Authorization`` header of every request, empty where none came."""

    @property
    def settings(self) -> RegistrySettings:
        """Return settings of an operator who lists this host."""
        return RegistrySettings(plain_http_hosts=frozenset({self.name}), limits=QUICK)

    def reference(self, rest: str = "app:1") -> Reference:
        """Return the reference of an image on this host."""
        found = parse(f"{self.name}/{rest}")
        assert isinstance(found, Reference)
        return found


@asynccontextmanager
async def host(answer: Answer) -> AsyncIterator[Host]:
    """Serve *answer* for every request while the block lasts."""
    asked: list[str] = []
    passwords: list[str] = []

    async def remember(request: web.Request) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path_qs}")
        passwords.append(request.headers.get("Authorization", ""))
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", remember)
    async with TestServer(app, host="127.0.0.1") as server:
        yield Host(f"127.0.0.1:{server.port}", asked, passwords)


def always(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """Answer the same to every request."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=headers)

    return answer


def index(*platforms: str) -> bytes:
    """Return an OCI index of images for *platforms*."""
    names = ("os", "architecture", "variant")
    entries = [
        {
            "digest": "sha256:" + f"{number:x}" * 64,
            "platform": dict(zip(names, platform.split("/"), strict=False)),
        }
        for number, platform in enumerate(platforms, start=1)
    ]
    document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
    return json.dumps(document).encode()


def digest(body: bytes) -> str:
    """Return the digest of *body*."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def image(body: bytes) -> Answer:
    """Serve *body* as the manifest of every tag and digest."""
    return always(
        200, body, {"Content-Type": OCI_INDEX, "Docker-Content-Digest": digest(body)}
    )


async def never(request: web.Request) -> web.StreamResponse:
    """Take the question and say nothing until the other side hangs up."""
    await asyncio.Event().wait()
    raise web.HTTPServiceUnavailable
