"""Let a recipe's ``docker run`` mount its workspace, and nothing else.

A part of the workspace is mounted from the volume's directory on the engine's
machine. The engine follows links there, so a link in the workspace could lead
anywhere on that machine. Therefore every container that can write to the
workspace is paused while the path is checked and the mount is made.
"""

from __future__ import annotations

import base64
import contextlib
import json
import posixpath
import re
from collections.abc import Iterator

from docker import APIClient
from docker.errors import APIError

from bot.builds import labels
from bot.builds.calls import WORKSPACE, Volume
from bot.builds.labels import Mark
from bot.builds.sandbox import Sandbox
from bot.builds.words import CallError

_LINK = 1 << 27
"""Go's os.ModeSymlink, in which the engine words the mode of a path."""
_ABSENT = 404
_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")


def binds(
    client: APIClient, sandbox: Sandbox, volumes: tuple[Volume, ...]
) -> list[str]:
    """Return *volumes* as the engine takes them, creating named ones."""
    found: list[str] = []
    for volume in volumes:
        if not volume.source:
            continue
        mode = "ro" if volume.read_only else "rw"
        source = _source(client, sandbox, volume.source)
        found.append(f"{source}:{volume.target}:{mode}")
    return found


def parts(volumes: tuple[Volume, ...]) -> tuple[str, ...]:
    """Return the paths below the workspace that are to be mounted."""
    return tuple(
        volume.source for volume in volumes if volume.source.startswith(f"{WORKSPACE}/")
    )


def check(client: APIClient, container: str, path: str) -> None:
    """Refuse *path* of the workspace where a link is on the way."""
    relative = posixpath.relpath(path, WORKSPACE).split("/")
    for count in range(1, len(relative) + 1):
        step = posixpath.join(WORKSPACE, *relative[:count])
        if _is_link(client, container, step):
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
        if client.containers(filters=chosen | {"status": "running"}):
            raise CallError("the workspace could not be held still for a mount")
        yield
    finally:
        for container in paused:
            with contextlib.suppress(APIError):
                client.unpause(container)


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


def _is_link(client: APIClient, container: str, path: str) -> bool:
    url = f"{client.base_url}/v{client.api_version}/containers/{container}/archive"
    answer = client.head(url, params={"path": path}, timeout=client.timeout)
    if answer.status_code == _ABSENT:
        return False
    said = answer.headers.get("X-Docker-Container-Path-Stat", "")
    if not answer.ok or not said:
        raise CallError(f"the engine does not say what {path} is")
    mode: int = json.loads(base64.b64decode(said))["mode"]
    return bool(mode & _LINK)
