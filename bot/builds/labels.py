"""Mark what a job creates on an engine, so that a crash leaves no trace.

Every container and volume carries labels that say who made it, when, and for
which run. An image carries the same in a private tag instead: labels would be
part of the image and of its build log, and the image must be the project's
own. ``sweep`` removes what belongs to processes that are gone, and what is
older than any run may be.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import time
import uuid
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from docker import APIClient
from docker.errors import APIError

from bot.builds.inspection import inspect

JOB = "dev.multiarch.job"
CREATED = "dev.multiarch.created"
OWNER = "dev.multiarch.owner"
RUN = "dev.multiarch.run"
_REPOSITORY = "multiarch-run"


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose things these are: a job, and one run of it."""

    job: str
    run: str

    @classmethod
    def fresh(cls, job: str) -> Mark:
        """Return a mark for one more run of *job*."""
        run = uuid.uuid4().hex[:12]
        return cls(job or run, run)

    def labels(self) -> dict[str, str]:
        """Return the labels of something that is created now."""
        return {
            JOB: self.job,
            RUN: self.run,
            CREATED: str(int(time.time())),
            OWNER: owner(),
        }

    def tag(self, what: str) -> str:
        """Return a private name for an image of this run, made now."""
        return f"{_REPOSITORY}:{self.run}.{what}.{int(time.time())}.{owner()}"

    def name(self, what: str) -> str:
        """Return a name for a *what* of this run."""
        return f"multiarch-{self.run}-{what}"


def owner() -> str:
    """Name this process so that no other, before or after, has the name."""
    return f"{_world()}.{os.getpid()}.{_started(os.getpid())}"


def remove_run(client: APIClient, mark: Mark, kept: Container[str]) -> None:
    """Remove everything of one run but the images with the ids *kept*."""
    chosen = {"label": f"{RUN}={mark.run}"}
    _remove_containers(client, client.containers(all=True, filters=chosen))
    _remove_volumes(client, client.volumes(filters=chosen)["Volumes"] or ())
    for image in client.images(name=_REPOSITORY):
        own = [tag for tag in image["RepoTags"] or () if f":{mark.run}." in tag]
        for tag in own[1:] if image["Id"] in kept else own:
            remove_image(client, tag)


def sweep(client: APIClient, oldest: float) -> int:
    """Remove everything of runs that are over; return how many things went.

    *oldest* is the age in seconds at which even a living process's things
    must be a mistake.
    """
    marked = {"label": JOB}
    containers = client.containers(all=True, filters=marked)
    gone = [
        thing
        for thing in containers
        if _ours(thing["Names"]) and _over(thing["Labels"], oldest)
    ]
    count = _remove_containers(client, gone)
    volumes = client.volumes(filters=marked)["Volumes"] or ()
    left = [thing for thing in volumes if _over(thing["Labels"], oldest)]
    count += _remove_volumes(client, left)
    old = [tag for tag in _tags(client) if _over(_told(tag), oldest)]
    return count + sum(remove_image(client, tag) for tag in old)


def remove_image(client: APIClient, name: str) -> bool:
    """Remove the image *name*, unless it has other names; False where it is gone."""
    try:
        client.remove_image(name)
    except APIError as error:
        if error.status_code in {404, 409}:
            return False
        raise
    return True


def discard(client: APIClient, image: str) -> None:
    """Give up one claim of this process to the image with the id *image*.

    The engine removes the image with its last name: another run of ours that
    built the same, or the owner of the machine, keeps it.
    """
    details = inspect(client, image)
    names = details.names if details else ()
    own = [name for name in names if _told(name)[OWNER] == owner()]
    for name in own[:1] or ([] if names else [image]):
        remove_image(client, name)


def _remove_containers(client: APIClient, found: Iterable[Mapping[str, str]]) -> int:
    count = 0
    for thing in found:
        with contextlib.suppress(APIError):
            client.remove_container(thing["Id"], v=True, force=True)
            count += 1
    return count


def _remove_volumes(client: APIClient, found: Iterable[Mapping[str, str]]) -> int:
    count = 0
    for thing in found:
        with contextlib.suppress(APIError):
            client.remove_volume(thing["Name"], force=True)
            count += 1
    return count


def _ours(names: Iterable[str]) -> bool:
    """Tell ours from a container that inherits the labels of its image."""
    return any(name.startswith("/multiarch-") for name in names or ())


def _tags(client: APIClient) -> list[str]:
    found = client.images(name=_REPOSITORY)
    return [tag for thing in found for tag in thing["RepoTags"] or ()]


def _told(tag: str) -> dict[str, str]:
    """Read a private tag back as the labels it stands for."""
    _run, _what, created, name = (*tag.rpartition(":")[2].split(".", 3), "", "")[:4]
    return {CREATED: created, OWNER: name}


def _over(labels: Mapping[str, str] | None, oldest: float) -> bool:
    told = labels or {}
    created = told.get(CREATED, "")
    age = time.time() - float(created) if created.isdigit() else oldest + 1
    return age > oldest or _dead(told.get(OWNER, ""))


def _dead(name: str) -> bool:
    """Tell whether *name* is a process of this machine that has ended."""
    world, _, rest = name.partition(".")
    pid, _, started = rest.partition(".")
    if world != _world() or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _world() -> str:
    """Name the machine, its boot and its process table, in a few characters."""
    parts = [socket.gethostname()]
    with contextlib.suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
        parts += [boot, str(Path("/proc/self/ns/pid").readlink())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _started(pid: int) -> str:
    """Return when the process *pid* started, in the kernel's ticks; '' if gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[19]
