"""Throw away what trust domains keep, by age and by size."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from docker import APIClient
from docker.errors import APIError

from bot.builds.nested import container, errand, record
from bot.builds.nested.options import NestedOptions

_DAY = 86_400.0
_GIB = 1024**3
_YOUNG = 900.0
"""Seconds in which a domain that does not run may be about to be started."""
_STORED = "/stored"
_MEASURE = f"""\
cd {_STORED}
for one in */*/_data; do
  case $one in */multiarch-domain-*) du -skx "$one" 2>/dev/null || : ;; esac
done
for disk in *; do df -Pk "$disk" | tail -n 1; done
"""
"""Tells the blocks that each domain's files take; a disk of holes takes few."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A domain: how long it is idle and old (seconds), the bytes that it takes."""

    key: str
    kept: bool
    idle: float
    age: float
    size: int = 0
    running: bool = False


@dataclass(frozen=True, slots=True)
class Disk:
    """The runner's disk that holds the domains, in bytes."""

    total: int = 0
    free: int = 0


def prune(client: APIClient, options: NestedOptions) -> int:
    """Remove what is no longer kept on the runner's engine; return how many."""
    _tidy(client)
    record.forget(client)
    volumes = _volumes(client)
    if not volumes:
        return 0
    sizes, disk = measured(client, options.image, volumes)
    found = _domains(client, volumes, sizes, time.time())
    count = 0
    for key in chosen(found, disk, options):
        with contextlib.suppress(APIError):  # it has just been started again
            container.remove(client, key, force=False)
            count += 1
    return count


def chosen(
    found: Iterable[Stored], disk: Disk, options: NestedOptions
) -> tuple[str, ...]:
    """Return the keys of the domains that go, the longest unused first. Pure.

    One that runs stays, but what it takes counts.
    """
    gone: list[str] = []
    left: list[Stored] = []
    freed = 0
    for one in sorted(found, key=lambda each: each.idle, reverse=True):
        over = (
            one.idle > options.kept_days * _DAY or one.age > options.oldest_days * _DAY
        )
        if _rests(one) and (over or not one.kept):
            gone.append(one.key)
            freed += one.size
        else:
            left.append(one)
    excess = max(
        sum(one.size for one in left) - options.total * _GIB,
        int(disk.total * options.free_share) - disk.free - freed,
    )
    for one in left:
        if excess > 0 and _rests(one):
            gone.append(one.key)
            excess -= one.size
    return tuple(gone)


def _rests(one: Stored) -> bool:
    return not one.running and one.idle > _YOUNG


def _tidy(client: APIClient) -> None:
    """Remove what served for a moment, and was left when a worker died."""
    young = time.time() - _YOUNG
    for known in client.containers(all=True, filters={"label": errand.LABEL}):
        if known["Created"] < young:
            with contextlib.suppress(APIError):
                client.remove_container(known["Id"], v=True, force=True)


def _domains(
    client: APIClient,
    volumes: Mapping[str, Mapping[str, Any]],
    sizes: Mapping[str, int],
    now: float,
) -> tuple[Stored, ...]:
    running: set[str] = set()
    since: dict[str, float] = {}
    for known in client.containers(all=True, filters={"label": container.DOMAIN}):
        key = known["Labels"][container.DOMAIN]
        if known["State"] == "running":
            running.add(key)
        else:
            told = client.inspect_container(known["Id"])
            state = told["State"]
            since[key] = max(_moment(state["FinishedAt"]), _moment(told["Created"]))
    return tuple(
        Stored(
            key,
            kept=bool(volume["Labels"].get(container.KEPT)),
            idle=now - since.get(key, _moment(volume["CreatedAt"])),
            age=now - _moment(volume["CreatedAt"]),
            size=sizes.get(volume["Name"], 0),
            running=key in running,
        )
        for key, volume in volumes.items()
    )


def _volumes(client: APIClient) -> dict[str, dict[str, Any]]:
    """Return the volumes of domains by the domains' keys."""
    found = client.volumes(filters={"label": container.DOMAIN})["Volumes"] or ()
    return {one["Labels"][container.DOMAIN]: one for one in found}


def measured(
    client: APIClient, image: str, volumes: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, int], Disk]:
    """Return the bytes that each volume takes by its name, and the disk's.

    What holds the volumes is looked at, since a volume that is named in a
    container's mounts would be made again where it has just gone.
    """
    places = sorted({_place(one) for one in volumes.values()})
    said = errand.run(
        client,
        image,
        _MEASURE,
        binds=[f"{place}:{_STORED}/{n}:ro" for n, place in enumerate(places)],
        cap_add=["DAC_OVERRIDE"],
        network_mode="none",
    )
    sizes: dict[str, int] = {}
    disks: list[Disk] = []
    for line in said.splitlines():
        words = line.split()
        if len(words) == 2:  # noqa: PLR2004 - du's: kilobytes and the file
            sizes[PurePosixPath(words[1]).parent.name] = int(words[0]) * 1024
        else:  # df's: disk, kilobytes, used, free, share, place
            disks.append(Disk(int(words[1]) * 1024, int(words[3]) * 1024))
    return sizes, min(disks, key=lambda disk: disk.free, default=Disk())


def _place(volume: Mapping[str, Any]) -> str:
    """Return the folder that holds the engine's volumes."""
    return str(PurePosixPath(volume["Mountpoint"]).parent.parent)


def _moment(text: str) -> float:
    """Read a time as an engine writes it; volumes are told in its local time."""
    return 0.0 if text.startswith("0001") else datetime.fromisoformat(text).timestamp()
