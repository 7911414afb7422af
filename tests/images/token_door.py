"""A real registry that lets in only those who bring a token, and who gives it.

The server is Debian's; the tokens are signed here as
https://distribution.github.io/distribution/spec/auth/jwt/ wants them.
"""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.images.serving import Host, host
from tests.world.packages import program
from tests.world.places import free_port
from tests.world.processes import await_answer, running
from tests.world.registry import OPEN, Registry, configuration
from tests.world.trust import authority

SERVICE, ISSUER = "multiarch tests", "multiarch token server"
USER, PASSWORD = "robot", "open sesame"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The token server: where it is and what it was asked."""

    host: Host

    @property
    def url(self) -> str:
        """Return the realm that a registry sends its clients to."""
        return f"http://{self.host.name}/token"


@asynccontextmanager
async def token_server(private: frozenset[str]) -> AsyncIterator[Tokens]:
    """Give tokens for every repository, for *private* ones to USER alone."""
    secret = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    async def answer(request: web.Request) -> web.StreamResponse:
        kind, repository, actions = request.query["scope"].split(":")
        known = request.headers.get("Authorization") == f"Basic {secret}"
        if repository in private and not known:
            return web.json_response({"details": "who are you?"}, status=401)
        access: list[dict[str, str | list[str]]] = [
            {"type": kind, "name": repository, "actions": actions.split(",")}
        ]
        return web.json_response({"token": _token(access), "expires_in": 300})

    async with host(answer) as server:
        yield Tokens(server)


@contextmanager
def serve(storage: Path, realm: str, place: Path) -> Iterator[Registry]:
    """Run a registry over *storage* that sends its clients to *realm*."""
    server = program("docker-registry", "docker-registry")
    registry = Registry(free_port(), OPEN, storage)
    written = configuration(registry, place, registry.host)
    settings = json.loads(written.read_text())
    settings["auth"] = {
        "token": {
            "realm": realm,
            "service": SERVICE,
            "issuer": ISSUER,
            "rootcertbundle": str(authority().certificate),
        }
    }
    written.write_text(json.dumps(settings))
    log = place / "token-registry.log"
    with running((server, "serve", str(written)), log) as process:
        await_answer(process, log, lambda: _wants_a_token(registry), 20.0)
        yield registry


def _wants_a_token(registry: Registry) -> bool:
    try:
        return registry.request("GET", "")[0] == 401
    except OSError:
        return False


def _token(access: list[dict[str, str | list[str]]]) -> str:
    """Sign a token with the authority that the registry trusts."""
    certificate = x509.load_pem_x509_certificate(authority().certificate.read_bytes())
    chain = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "sub": USER,
        "aud": SERVICE,
        "exp": now + 300,
        "nbf": now - 10,
        "iat": now,
        "jti": uuid.uuid4().hex,
        "access": access,
    }
    key = authority().key.read_bytes()
    return jwt.encode(claims, key, algorithm="ES256", headers={"x5c": [chain]})
