"""A real OCI registry on the loopback address: open, with a password, or TLS."""

from __future__ import annotations

import json
import ssl
import subprocess
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.world.packages import ensure, program
from tests.world.places import LOOPBACK, free_port, scratch
from tests.world.processes import await_answer, running
from tests.world.trust import authority

SECONDS_TO_START = 20.0
NAMES = (
    "registry-1.docker.io", "docker.io", "index.docker.io", "quay.io", "ghcr.io",
    "gcr.io",
)  # fmt: skip
"""Registries whose part ours plays inside the engines of the world."""


@dataclass(frozen=True, slots=True)
class Door:
    """How a registry lets its clients in."""

    tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


OPEN = Door()
TLS = Door(tls=True)


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry that runs: where, how to get in, and where it keeps its images."""

    port: int
    door: Door
    storage: Path

    @property
    def host(self) -> str:
        """Return the name that image references carry (``127.0.0.1:5000``)."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """Return the address of its API."""
        return f"{'https' if self.door.tls else 'http'}://{self.host}"

    @property
    def certificate(self) -> Path:
        """Return the authority that signed its certificate, as a PEM file."""
        return authority().certificate

    def request(
        self, method: str, path: str, body: bytes = b"", media_type: str = ""
    ) -> tuple[int, dict[str, str]]:
        """Ask the API below ``/v2/``; return the status and the headers."""
        address = path if "://" in path else f"{self.url}/v2/{path}"
        # A registry of ours: its address is never a file or anything else.
        asked = urllib.request.Request(address, body or None, method=method)  # noqa: S310
        if media_type:
            asked.add_header("Content-Type", media_type)
        if self.door.user:
            secret = f"{self.door.user}:{self.door.password}".encode()
            asked.add_header("Authorization", f"Basic {b64encode(secret).decode()}")
        try:
            with urllib.request.urlopen(asked, context=self._trust()) as said:  # noqa: S310
                return said.status, dict(said.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers)

    def _trust(self) -> ssl.SSLContext | None:
        if not self.door.tls:
            return None
        return ssl.create_default_context(cafile=str(self.certificate))


@contextmanager
def serve(door: Door = OPEN, storage: Path | None = None) -> Iterator[Registry]:
    """Run a registry; without *storage* it starts empty and forgets everything."""
    server = program("docker-registry", "docker-registry")
    with ExitStack() as stack:
        place = stack.enter_context(scratch("registry"))
        registry = Registry(free_port(), door, storage or place / "storage")
        settings = configuration(registry, place, registry.host)
        log = place / "registry.log"
        process = stack.enter_context(running((server, "serve", str(settings)), log))
        await_answer(process, log, lambda: _answers(registry), SECONDS_TO_START)
        yield registry


def configuration(registry: Registry, place: Path, address: str) -> Path:
    """Write the settings of a server of *registry* on *address* into *place*."""
    settings: dict[str, object] = {
        "version": "0.1",
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(registry.storage)},
            "delete": {"enabled": True},
        },
        "http": {"addr": address, **_encryption(registry.door, place)},
        **_guard(registry.door, place),
    }
    written = place / "registry.yml"
    written.write_text(json.dumps(settings))  # JSON is YAML too
    return written


def _encryption(door: Door, place: Path) -> dict[str, object]:
    if not door.tls:
        return {}
    issued = authority().issue((LOOPBACK, "localhost", *NAMES), place)
    return {"tls": {"certificate": str(issued[0]), "key": str(issued[1])}}


def _guard(door: Door, place: Path) -> dict[str, object]:
    """Return the settings of the password; the server reads bcrypt alone."""
    if not door.user:
        return {}
    ensure("apache2-utils")
    line = subprocess.run(
        ("htpasswd", "-niB", door.user),
        input=door.password.encode(), stdout=subprocess.PIPE, check=True,
    ).stdout  # fmt: skip
    (place / "htpasswd").write_bytes(line)
    return {"auth": {"htpasswd": {"realm": "world", "path": str(place / "htpasswd")}}}


def _answers(registry: Registry) -> bool:
    try:
        return registry.request("GET", "")[0] == 200
    except OSError:
        return False
