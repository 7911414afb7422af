"""The limits under which strangers' programs run: a recipe's, and an image's."""

from __future__ import annotations

from collections.abc import Sequence

from docker import APIClient
from docker.types import HostConfig, LogConfig, Mount, Ulimit

from bot.builds.options import Limits

_PERIOD = 100_000
"""Microseconds in which the processor's time is counted; Docker's default."""
_NO_DUMP = Ulimit(name="core", soft=0, hard=0)
"""No program leaves an image of its memory behind. How many files it may open is the
engine's to say: one that is not quite root cannot raise its own limit."""
RECIPE_CAPABILITIES = (
    *("CHOWN", "FOWNER", "FSETID", "DAC_OVERRIDE"),
    *("SETUID", "SETGID", "SETFCAP", "SYS_CHROOT", "KILL"),
)
"""What builds need of root: package managers unpack the files of other users with
their modes and capabilities, become the user that downloads (apt's ``_apt``), run
scripts in a root of their own, and end what they started."""
SMOKE_CAPABILITIES = (
    *("CHOWN", "FOWNER", "DAC_OVERRIDE", "SETUID", "SETGID", "KILL"),
    *("SYS_CHROOT", "NET_BIND_SERVICE"),
)
"""What the entrypoints of healthy images need of root: they give their directories
to a user (CHOWN, FOWNER; initdb of PostgreSQL, redis), write where that user owns
(DAC_OVERRIDE), become the user (SETUID, SETGID; gosu, su-exec, nginx's workers), also
by chroot (SYS_CHROOT; Elasticsearch), end their children (KILL), and listen on ports
such as 80 in the container's own empty network (NET_BIND_SERVICE; Caddy's file asks
for it). Raw sockets are not among them: nothing is reached anyway."""


def host_config(
    client: APIClient,
    limits: Limits,
    binds: Sequence[str] = (),
    parts: Sequence[Mount] = (),
) -> HostConfig:
    """Return how a container of a recipe runs that may only see these mounts."""
    return client.create_host_config(
        binds=list(binds),
        mounts=list(parts) or None,
        mem_limit=limits.memory,
        memswap_limit=limits.memory,
        shm_size=limits.shared_memory,
        pids_limit=limits.pids,
        cpu_period=_PERIOD,
        cpu_quota=int(limits.cpus * _PERIOD),
        cap_drop=["ALL"],
        cap_add=list(RECIPE_CAPABILITIES),
        security_opt=["no-new-privileges"],
        ulimits=[_NO_DUMP],
        log_config=LogConfig(type="json-file", config={"max-size": "16m"}),
    )


def smoke_config(client: APIClient, limits: Limits) -> HostConfig:
    """Return how an image is started to see whether it starts: without a network."""
    return client.create_host_config(
        network_mode="none",
        mem_limit=limits.smoke_memory,
        memswap_limit=limits.smoke_memory,
        shm_size=limits.shared_memory,
        pids_limit=limits.smoke_pids,
        cpu_period=_PERIOD,
        cpu_quota=int(limits.smoke_cpus * _PERIOD),
        cap_drop=["ALL"],
        cap_add=list(SMOKE_CAPABILITIES),
        security_opt=["no-new-privileges"],
        ulimits=[_NO_DUMP],
        log_config=LogConfig(type="json-file", config={"max-size": "4m"}),
    )
