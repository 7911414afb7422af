"""The limits under which the containers of a recipe run."""

from __future__ import annotations

from docker import APIClient
from docker.types import HostConfig, LogConfig

from bot.builds.options import Limits


def host_config(client: APIClient, limits: Limits, binds: list[str]) -> HostConfig:
    """Return the configuration of a container that may only use *binds*."""
    return client.create_host_config(
        binds=binds,
        mem_limit=limits.memory,
        memswap_limit=limits.memory,
        pids_limit=limits.pids,
        cap_drop=["NET_RAW", "MKNOD", "AUDIT_WRITE"],
        security_opt=["no-new-privileges"],
        log_config=LogConfig(type="json-file", config={"max-size": "16m"}),
    )
