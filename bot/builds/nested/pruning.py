"""Throw away what trust domains keep, by age and by size."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from docker import APIClient
from docker.errors import APIError

from bot.builds.nested import container
from bot.builds.nested.options import NestedOptions

_DAY = 86_400.0
_GIB = 1024**3
_YOUNG = 900.0
"""Seconds in which a domain that does not run may be about to be started."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A domain that is not in use: how long it is idle and old (seconds), its size."""

    key: str
    kept: bool
    idle: float
    age: float
    size: int = 0


def prune(client: APIClient, options: NestedOptions) -> int:
    """Remove what is no longer kept on the runner's engine; return how many."""
    idle = _idle_domains(client, time.time())
    count = 0
    for key in chosen(idle, options):
        with contextlib.suppress(APIError):  # it has just been started again
            container.remove(client, key, force=False)
            count += 1
    return count


def chosen(idle: Iterable[Stored], options: NestedOptions) -> tuple[str, ...]:
    """Return the keys of the domains that go, the longest unused first. Pure."""
    gone: list[str] = []
    left: list[Stored] = []
    for one in sorted(idle, key=lambda each: each.idle, reverse=True):
        over = (
            one.idle > options.kept_days * _DAY or one.age > options.oldest_days * _DAY
        )
        if one.idle > _YOUNG and (over or not one.kept):
            gone.append(one.key)
        else:
            left.append(one)
    excess = sum(one.size for one in left) - options.total * _GIB
    for one in left:
        if excess > 0 and one.idle > _YOUNG:
            gone.append(one.key)
            excess -= one.size
    return tuple(gone)


def _idle_domains(client: APIClient, now: float) -> tuple[Stored, ...]:
    volumes = _volumes(client)
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
            size=int((volume.get("UsageData") or {}).get("Size", 0)),
        )
        for key, volume in volumes.items()
        if key not in running
    )


def _volumes(client: APIClient) -> dict[str, dict[str, Any]]:
    """Return the volumes of domains, with their sizes, by the domains' keys."""
    found = client.df()["Volumes"] or ()
    marked = [one for one in found if container.DOMAIN in (one.get("Labels") or {})]
    return {one["Labels"][container.DOMAIN]: one for one in marked}


def _moment(text: str) -> float:
    """Read a time as an engine writes it, with any number of digits behind the dot."""
    whole = text.partition(".")[0].rstrip("Z")[:19]
    if whole.startswith("0001"):
        return 0.0
    return datetime.fromisoformat(whole).replace(tzinfo=UTC).timestamp()
