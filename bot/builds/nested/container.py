"""The container that a nested engine lives in: made, started, removed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass

from docker import APIClient
from docker.errors import APIError, NotFound
from docker.types import HostConfig, LogConfig, Ulimit

from bot.builds.nested import reach, script
from bot.builds.nested.options import NestedOptions
from bot.domain import Domain

DOMAIN = "dev.multiarch.domain"
"""The label of a nested engine's container and volume: the domain's key."""
REPOSITORY = "dev.multiarch.repository"
"""The label for people: the name that the repository had when it was made."""
KEPT = "dev.multiarch.kept"
"""The label that says whether the domain outlives its job."""
SETTINGS = "dev.multiarch.settings"
"""The label that tells with which settings a container was made."""
_GIB = 1024**3
_CAPABILITIES = ("SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE")
"""What an engine needs besides Docker's usual set: to mount, to make networks,
and to look into the namespaces of what it starts. It is not privileged: it has
no device of the machine but loops, and cannot load a module or set the clock."""
_LOOPS = ("b 7:* rwm", "c 10:237 rwm")
_SIGNALS = Ulimit(name="sigpending", soft=16_384, hard=16_384)
"""The kernel counts timers of all domains as the machine's root's, who has more."""
_SPARE = _GIB
"""Bytes of memory for the engine itself, beside what its containers get."""


@dataclass(frozen=True, slots=True)
class Place:
    """The names that a domain's engine has on the runner's engine."""

    key: str

    @property
    def name(self) -> str:
        """Return the name of the container."""
        return f"multiarch-domain-{self.key}"

    @property
    def volume(self) -> str:
        """Return the name of the volume that holds all it stores."""
        return self.name


def create(
    client: APIClient,
    domain: Domain,
    options: NestedOptions,
    refused: tuple[str, ...],
) -> None:
    """Make the container for *domain*, unless it is there already.

    *refused* are the networks and addresses that are out of its reach. One that
    was made with other settings is made again; what it stored stays.
    """
    place = Place(domain.key)
    files = _files(options, refused)
    made_with = hashlib.sha256(repr(options).encode() + files).hexdigest()
    with contextlib.suppress(NotFound):
        known = client.inspect_container(place.name)
        config, state = known["Config"], known["State"]
        if state["Running"]:
            return  # somebody builds in it, perhaps with settings of his own
        if config["Labels"].get(SETTINGS) == made_with:
            client.put_archive(place.name, "/", files)  # its maker may have died
            return
        client.remove_container(place.name)
    labels = {
        DOMAIN: domain.key,
        REPOSITORY: domain.repository,
        KEPT: "yes" if domain.kept else "",
        SETTINGS: made_with,
    }
    client.create_volume(place.volume, labels=labels)
    client.create_container(
        options.image,
        command=[f"{script.HOME}/start", *options.flags],
        entrypoint=["/bin/sh"],
        user="0",
        environment=_environment(options),
        host_config=_host_config(client, options, place),
        name=place.name,
        labels=labels,
    )
    client.put_archive(place.name, "/", files)


def start(client: APIClient, key: str) -> None:
    """Start the engine of the domain *key*, unless it runs."""
    client.start(Place(key).name)


def remove(client: APIClient, key: str, *, force: bool = True) -> None:
    """Remove the engine of the domain *key*, and everything that it stored.

    Without *force* an engine that runs stays: APIError tells.
    """
    place = Place(key)
    with contextlib.suppress(NotFound):
        client.remove_container(place.name, v=True, force=force)
    with contextlib.suppress(NotFound):
        client.remove_volume(place.volume, force=True)


def last_words(client: APIClient, key: str) -> str:
    """Return what the engine of the domain *key* said last, if it said anything."""
    try:
        said: bytes = client.logs(Place(key).name, tail=3)
    except APIError:
        return ""
    return " / ".join(said.decode("utf-8", "replace").split("\n")).strip(" /")[:500]


def _environment(options: NestedOptions) -> dict[str, str]:
    return {
        "WORK_MEMORY": str(options.memory * _GIB),
        "WORK_PROCESSES": str(options.processes),
        "CONNECTIONS": str(options.connections),
        "DISK": f"{options.disk}G",
        "FREE_KILOBYTES": str(options.free_mebibytes * 1024),
        "IDLE": str(options.idle_seconds),
        # Go reads the authorities of all of these directories.
        "SSL_CERT_DIR": f"{script.HOME}/authorities:/etc/ssl/certs",
    }


def _host_config(client: APIClient, options: NestedOptions, place: Place) -> HostConfig:
    config = client.create_host_config(
        binds=[f"{place.volume}:{script.STORE}"],
        cap_add=list(_CAPABILITIES),
        security_opt=["seccomp=unconfined", "apparmor=unconfined"],
        device_cgroup_rules=list(_LOOPS),
        tmpfs={f"{script.HOME}/run": "exec,mode=711", "/run": "exec"},
        init=True,
        mem_limit=options.memory * _GIB + _SPARE,
        nano_cpus=int(options.processors * 1e9) or None,
        ulimits=[_SIGNALS],
        extra_hosts={one.host: one.address for one in options.reach if one.address},
        log_config=LogConfig(type="json-file", config={"max-size": "1m"}),
    )
    # An engine mounts /proc for its containers, which needs one without masks.
    config["MaskedPaths"] = []
    config["ReadonlyPaths"] = []
    return config


def _daemon(options: NestedOptions) -> str:
    """Return the engine's configuration: BuildKit keeps half of the disk at most."""
    kept = {"enabled": True, "defaultKeepStorage": f"{max(options.disk // 2, 1)}GB"}
    return json.dumps({"builder": {"gc": kept}})


def _files(options: NestedOptions, refused: tuple[str, ...]) -> bytes:
    """Return the tar with what the first process reads."""
    texts = {
        "start": (script.START, 0o755),
        "dial": (script.DIALLED, 0o755),
        "allowed": (reach.lines(options.reach), 0o644),
        "refused": ("".join(f"{one}\n" for one in refused), 0o644),
        "daemon.json": (_daemon(options), 0o644),
        "authorities/operator.pem": (options.authorities, 0o644),
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, (text, mode) in texts.items():
            content = text.encode()
            entry = tarfile.TarInfo(f"{script.HOME}/{name}".lstrip("/"))
            entry.size, entry.mode = len(content), mode
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
