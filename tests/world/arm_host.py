"""A real arm64 Docker engine: a whole machine, emulated down to its kernel.

With binfmt emulation the host's kernel runs x86-64 programs inside an "arm64"
container, and a broken image looks healthy. This machine cannot: its kernel
knows arm64 programs alone.
"""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.world.arm_disk import Machine, machine
from tests.world.packages import program
from tests.world.places import LOOPBACK, free_port, scratch
from tests.world.processes import await_answer, running

MEMORY = "3072"
SECONDS_TO_START = 180.0
COMMAND_LINE = (
    "root=/dev/vda rw console=ttyAMA0 net.ifnames=0 apparmor=0 quiet "
    "mitigations=off kpti=off nokaslr rcupdate.rcu_expedited=1"
)
"""Without apparmor=0 the engine starts no container: the guest has no profiles.
The rest saves a third of the time; there is nobody to protect in there."""


@contextmanager
def start(registry_port: int | None = None) -> Iterator[str]:
    """Give the URL of an arm64 Docker engine whose state is fresh.

    *registry_port* is the loopback port of the TLS registry that answers for
    Docker Hub and its like inside the guest.
    """
    emulator = program("qemu-system-aarch64", "qemu-system-arm")
    parts = machine()
    port = free_port()
    with scratch("arm-host") as place:
        log = place / "arm64 machine.log"
        command = (emulator, *_options(parts, port, registry_port))
        # The changes to the disk live in an unlinked file below TMPDIR.
        environment = {**os.environ, "TMPDIR": str(place)}
        with running(command, log, environment) as process:
            await_answer(process, log, lambda: answers(port), SECONDS_TO_START)
            yield f"tcp://{LOOPBACK}:{port}"


def answers(port: int) -> bool:
    """Tell whether a Docker engine answers on *port* of the loopback address."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/_ping")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _options(parts: Machine, port: int, registry_port: int | None) -> tuple[str, ...]:
    words = COMMAND_LINE
    if registry_port is not None:
        words += f" multiarch.registry={registry_port}"
    drive = f"file={_escaped(parts.disk)},format=raw,if=virtio"
    return (
        "-M", "virt", "-cpu", "cortex-a57", "-smp", "2", "-m", MEMORY,
        "-accel", "tcg,thread=multi,tb-size=512", "-nographic", "-no-reboot",
        "-kernel", str(parts.kernel), "-initrd", str(parts.initramfs),
        "-append", words,
        "-drive", f"{drive},cache=unsafe,snapshot=on",
        "-netdev", f"user,id=n0,hostfwd=tcp:{LOOPBACK}:{port}-:2375",
        "-device", "virtio-net-pci,netdev=n0",
    )  # fmt: skip


def _escaped(path: Path) -> str:
    """Return *path* as an option's value, in which QEMU doubles each comma."""
    return str(path).replace(",", ",,")
