"""Private Docker engines of this machine, which leave its own engine alone.

Each lives in its own mount and network namespace: its containers reach no
network, and the names of the public registries lead to the world's own.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.world import doorway
from tests.world.packages import Missing, program
from tests.world.places import LOOPBACK, scratch
from tests.world.processes import DIE_WITH_STARTER, await_answer, running
from tests.world.registry import NAMES, TLS, Door, Registry, configuration
from tests.world.trust import authority

APART = ("unshare", "--mount", "--net", "--propagation", "private")
OWN_USERS = Path(__file__).with_name("own_users.py")
START = Path(__file__).with_name("engine_start.sh")
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
SECONDS_TO_START = 60.0
TLS_PORT = 2376


@contextmanager
def start(images: Path | None = None, door: Door = TLS) -> Iterator[str]:
    """Give the URL of a Docker engine whose state is fresh.

    *images* is the storage of the registry that answers for Docker Hub and
    its like, behind *door*; without it nothing can be pulled.
    """
    with _running(APART, images, {}, door) as url:
        yield url


@contextmanager
def start_emulating(images: Path | None = None) -> Iterator[str]:
    """Give the URL of an engine that also runs arm64 programs, by emulation.

    It is the kind that lies: x86-64 programs run in its arm64 containers.
    """
    release = tuple(int(part) for part in os.uname().release.split(".")[:2])
    if release < (6, 7):
        raise Missing("private emulation: binfmt_misc of its own needs Linux 6.7")
    emulator = program("qemu-aarch64-static", "qemu-user-static")
    apart = (sys.executable, str(OWN_USERS), *DIE_WITH_STARTER, *APART)
    with _running(apart, images, {"EMULATOR": emulator}) as url:
        yield url


@contextmanager
def start_behind_tls(material: Path, images: Path | None = None) -> Iterator[str]:
    """Give the ``tcp://`` URL of an engine that wants to see a certificate.

    *material* holds its own ``ca.pem``, ``cert.pem`` and ``key.pem``.
    """
    with _running(APART, images, {"TLS": str(material)}) as url:
        place = Path(url.removeprefix("unix://")).parent
        process = int((place / "docker.pid").read_text("ascii"))
        with doorway.into(process, TLS_PORT) as port:
            yield f"tcp://127.0.0.1:{port}"


@contextmanager
def _running(
    apart: tuple[str, ...],
    images: Path | None,
    words: dict[str, str],
    door: Door = TLS,
) -> Iterator[str]:
    if os.geteuid() != 0:
        raise Missing("a private Docker engine: only root may start one")
    engine = _engine()
    with scratch("engine") as place:
        _furnish(place)
        log = place / "Docker engine.log"
        names = _registry(place, images, door) if images else ()
        command = (*apart, "/bin/sh", str(START), str(place), engine, *names)
        with running(command, log, {**os.environ, **words}) as process:
            await_answer(process, log, lambda: answers(place), SECONDS_TO_START)
            yield f"unix://{place}/docker.sock"


def answers(place: Path) -> bool:
    """Tell whether the engine of *place* answers on its socket."""
    connection = http.client.HTTPConnection("localhost", timeout=5)
    try:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(place / "docker.sock"))
        connection.request("GET", "/_ping")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _engine() -> str:
    """Return the engine's program, with all that it needs installed."""
    program("docker", "docker.io")
    program("ip", "iproute2")
    program("iptables", "iptables")
    if not BUNDLE.exists():
        program("update-ca-certificates", "ca-certificates")
    return program("dockerd", "docker.io")


def _furnish(place: Path) -> None:
    """Write the files that the engine sees in the place of the machine's own."""
    hosts = f"{LOOPBACK} localhost {socket.gethostname()}\n{LOOPBACK} "
    (place / "hosts").write_text(f"{hosts}{' '.join(NAMES)}\n")
    shutil.copy(authority().certificate, place / "trusted.pem")


def _registry(place: Path, images: Path, door: Door) -> tuple[str, str]:
    """Return what starts a registry of *images* in the engine's own network."""
    server = program("docker-registry", "docker-registry")
    registry = Registry(443, door, images)
    return server, str(configuration(registry, place, ":443"))
