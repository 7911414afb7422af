"""Private Docker engines of this machine, which leave its own engine alone.

Each lives in its own mount and network namespace: its containers reach no
network, and the names of the public registries lead to the world's own.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.world.packages import Missing, program
from tests.world.places import LOOPBACK, scratch
from tests.world.processes import await_answer, running
from tests.world.registry import NAMES, TLS, Registry, configuration
from tests.world.trust import authority

START = Path(__file__).with_name("engine_start.sh")
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
SECONDS_TO_START = 60.0


@contextmanager
def start(images: Path | None = None) -> Iterator[str]:
    """Give the URL of a Docker engine whose state is fresh.

    *images* is the storage of the registry that answers for Docker Hub and
    its like; without it nothing can be pulled.
    """
    if os.geteuid() != 0:
        raise Missing("a private Docker engine: only root may start one")
    command = _command()
    with scratch("engine") as place:
        _furnish(place)
        log = place / "Docker engine.log"
        names = _registry(place, images) if images else ()
        try:
            with running((*command[:-1], str(place), command[-1], *names), log) as it:
                await_answer(it, log, lambda: answers(place), SECONDS_TO_START)
                yield f"unix://{place}/docker.sock"
        finally:
            _unmount(place)


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


def _command() -> tuple[str, ...]:
    """Return the start of the command line; the engine's program comes last."""
    engine = program("dockerd", "docker.io")
    program("docker", "docker.io")
    program("ip", "iproute2")
    program("iptables", "iptables")
    if not BUNDLE.exists():
        program("update-ca-certificates", "ca-certificates")
    unshare = ("unshare", "--mount", "--net", "--propagation", "private")
    return (*unshare, "/bin/sh", str(START), engine)


def _furnish(place: Path) -> None:
    """Write the files that the engine sees in the place of the machine's own."""
    hosts = f"{LOOPBACK} localhost {socket.gethostname()}\n{LOOPBACK} "
    (place / "hosts").write_text(f"{hosts}{' '.join(NAMES)}\n")
    shutil.copy(authority().certificate, place / "trusted.pem")


def _registry(place: Path, images: Path) -> tuple[str, str]:
    """Return what starts a registry of *images* on the engine's own loopback."""
    server = program("docker-registry", "docker-registry")
    registry = Registry(443, TLS, images)
    return server, str(configuration(registry, place, f"{LOOPBACK}:443"))


def _unmount(place: Path) -> None:
    """Let go of what an engine that was killed may have left mounted."""
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    for line in reversed(mounts):
        where = line.split()[1]
        if where.startswith(f"{place}/"):
            subprocess.run(("umount", "-l", where), check=False)
