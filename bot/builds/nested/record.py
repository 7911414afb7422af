"""Remember on the runner itself that its isolation was tried and holds.

All workers of a runner share what one of them found out; a runner that was set up
anew, or is used with other settings, knows nothing and is tried again.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from docker import APIClient
from docker.errors import NotFound

from bot.builds.nested import script
from bot.builds.nested.options import NestedOptions
from bot.isolation import Isolation

_CHECKED = "dev.multiarch.isolation.checked"
_DISK = "dev.multiarch.isolation.disk"


def read(
    client: APIClient, options: NestedOptions, addresses: Iterable[str]
) -> Isolation | None:
    """Return what was found today, None where nothing was.

    *addresses* are those that the runner has: with another one it is tried again.
    """
    with contextlib.suppress(NotFound):
        labels = (
            client.inspect_volume(_name(client, options, addresses))["Labels"] or {}
        )
        if labels.get(_CHECKED) == today():
            return Isolation(today(), disk=labels.get(_DISK) == "bounded")
    return None


def write(
    client: APIClient,
    options: NestedOptions,
    addresses: Iterable[str],
    found: Isolation,
) -> None:
    """Keep *found*, if it holds: what does not is tried again each time."""
    name = _name(client, options, addresses)
    with contextlib.suppress(NotFound):
        client.remove_volume(name)
    if found.holds:
        disk = "bounded" if found.disk else ""
        client.create_volume(name, labels={_CHECKED: found.checked, _DISK: disk})


def forget(client: APIClient) -> None:
    """Remove what was found on another day."""
    for one in client.volumes(filters={"label": _CHECKED})["Volumes"] or ():
        if one["Labels"][_CHECKED] != today():
            with contextlib.suppress(NotFound):
                client.remove_volume(one["Name"])


def today() -> str:
    """Return the day as it is told (``2026-11-28``)."""
    return datetime.now(UTC).date().isoformat()


def _name(client: APIClient, options: NestedOptions, addresses: Iterable[str]) -> str:
    """Return a name that stands for the engine, its image, and how it is used."""
    told = client.version()
    image = client.inspect_image(options.image)["Id"]  # type: ignore[no-untyped-call]  # SDK stubs
    parts = (
        repr(options),
        script.START,
        told["Version"],
        told["KernelVersion"],
        image,
        *sorted(addresses),
    )
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"multiarch-isolation-{digest[:20]}"
