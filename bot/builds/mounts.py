"""Let a recipe's ``docker run`` mount its workspace, and nothing else.

From Docker 26 on (API 1.45) a part of the workspace is mounted as a part of its
volume: the engine itself sees to it that no link leads out, whoever swaps what
meanwhile. Before, it can only be mounted from the volume's directory on the
engine's machine, where links are followed. Therefore every container that can
write to the workspace is paused, and none is being started (see ``gate``), while
the path is checked and the mount is made. The same is done on every engine where
one mount lies within another, for then the engine makes a path in what strangers
write to.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import posixpath
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docker import APIClient
from docker.errors import APIError
from docker.types import Mount
from docker.utils import version_gte

from bot.builds import labels
from bot.builds.calls import WORKSPACE, Volume
from bot.builds.labels import Mark
from bot.builds.sandbox import Sandbox
from bot.builds.words import CallError

_LINK = 1 << 27
"""Go's os.ModeSymlink, in which the engine words the mode of a path."""
_ABSENT = 404
_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")
_KNOWS_PARTS = "1.45"
_ENGINES_OWN = ("/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/dev", "/proc")
"""What an engine mounts into every container by itself."""


@dataclass(frozen=True, slots=True)
class Mounts:
    """What a container gets to see, as the engine takes it.

    *unsafe* are the parts of the workspace that must be checked while everything
    stands still, because the engine would follow a link.
    """

    binds: tuple[str, ...] = ()
    parts: tuple[Mount, ...] = ()
    unsafe: tuple[str, ...] = ()


def plan(client: APIClient, sandbox: Sandbox, volumes: Iterable[Volume]) -> Mounts:
    """Return how *volumes* are mounted, creating those that have a name."""
    knows_parts = version_gte(client.api_version, _KNOWS_PARTS)
    binds: list[str] = []
    parts: list[Mount] = []
    unsafe: list[str] = []
    for volume in volumes:
        if not volume.source:
            continue
        is_part = volume.source.startswith(f"{WORKSPACE}/")
        if is_part and knows_parts:
            parts.append(_part(client, sandbox, volume))
            continue
        if is_part:
            unsafe.append(volume.source)
        mode = "ro" if volume.read_only else "rw"
        source = _source(client, sandbox, volume.source)
        binds.append(f"{source}:{volume.target}:{mode}")
    return Mounts(tuple(binds), tuple(parts), tuple(unsafe))


def is_nested(client: APIClient, container: str) -> bool:
    """Tell whether a mount of *container* lies within another one's."""
    mounted = client.inspect_container(container)["Mounts"]
    given = [posixpath.normpath(one["Destination"]) for one in mounted]
    inner = [*given, *_ENGINES_OWN]
    return any(
        one != other and posixpath.commonpath((one, other)) == one
        for one in given
        for other in inner
    )


def check(client: APIClient, container: str, path: str) -> None:
    """Refuse *path* of the workspace where a link is on the way."""
    relative = posixpath.relpath(path, WORKSPACE).split("/")
    for count in range(1, len(relative) + 1):
        step = posixpath.join(WORKSPACE, *relative[:count])
        if _mode(client, container, step) & _LINK:
            raise CallError(
                f"{step} is a link, which is not mounted: mount what it points to"
            )


@contextlib.contextmanager
def standing_still(client: APIClient, mark: Mark) -> Iterator[None]:
    """Pause every container of the run for the time of the block."""
    chosen = {"label": f"{labels.RUN}={mark.run}", "status": "running"}
    paused: list[str] = []
    try:
        for container in client.containers(filters=chosen):
            with contextlib.suppress(APIError):  # it has just ended
                client.pause(container["Id"])
                paused.append(container["Id"])
        if client.containers(filters=chosen):
            raise CallError("the workspace could not be held still for a mount")
        yield
    finally:
        for container in paused:
            with contextlib.suppress(APIError):
                client.unpause(container)


def _part(client: APIClient, sandbox: Sandbox, volume: Volume) -> Mount:
    """Return *volume* as a part of the workspace's volume, having it be there."""
    # The engine refuses links out by itself; this is for the words.
    check(client, sandbox.name, volume.source)
    inner = posixpath.relpath(volume.source, WORKSPACE)
    if not _mode(client, sandbox.name, volume.source):
        client.put_archive(sandbox.name, WORKSPACE, _folders(inner))
    return Mount(
        volume.target,
        sandbox.volume,
        read_only=volume.read_only,
        no_copy=True,
        subpath=inner,
    )


def _source(client: APIClient, sandbox: Sandbox, source: str) -> str:
    if source == WORKSPACE:
        return sandbox.volume
    if not source.startswith("/"):
        mark = sandbox.place.mark
        name = mark.name(f"volume-{_UNFIT.sub('_', source)}")
        client.create_volume(name, labels=mark.labels())
        return name
    root: str = client.inspect_volume(sandbox.volume)["Mountpoint"]
    return posixpath.join(root, posixpath.relpath(source, WORKSPACE))


def _mode(client: APIClient, container: str, path: str) -> int:
    """Return the mode of *path* as Go words it; 0 where nothing is there."""
    url = f"{client.base_url}/v{client.api_version}/containers/{container}/archive"
    answer = client.head(url, params={"path": path}, timeout=client.timeout)
    if answer.status_code == _ABSENT:
        return 0
    said = answer.headers.get("X-Docker-Container-Path-Stat", "")
    if not answer.ok or not said:
        raise CallError(f"the engine does not say what {path} is")
    mode: int = json.loads(base64.b64decode(said))["mode"]
    return mode


def _folders(path: str) -> bytes:
    """Return a tar with the directory *path* and those above it."""
    buffer = io.BytesIO()
    parts = path.split("/")
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for count in range(1, len(parts) + 1):
            entry = tarfile.TarInfo("/".join(parts[:count]))
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
    return buffer.getvalue()
