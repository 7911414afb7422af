"""What an engine can do: its own platform, and which others it emulates.

Whether a foreign program runs is not in any answer of the engine. So one is
run: a hand-written program of a few bytes for each platform, which ends with
a number nobody else ends with. It needs no registry.
"""

from __future__ import annotations

import contextlib
import io
import tarfile

from docker import APIClient
from docker.errors import APIError
from requests.exceptions import RequestException

from bot.architecture import normalise
from bot.builds import labels
from bot.builds.labels import Mark

ANSWER = 42
_LOAD = 0x400000
_OFFSET = 0x78
_ELF64 = 0x40

# The system call exit(42), for each platform (number in AT&T terms: amd64 60,
# arm64 93), as the little-endian machine code of
#   amd64: mov edi, 42; mov eax, 60; syscall
#   arm64: mov x0, #42; mov x8, #93; svc #0
_PROGRAMS = {
    "linux/amd64": (62, "bf2a000000b83c0000000f05"),
    "linux/arm64": (183, "400580d2a80b80d2010000d4"),
}


def native(client: APIClient) -> str:
    """Return the platform of the engine itself."""
    info = client.info()
    return normalise(f"{info.get('OSType', 'linux')}/{info['Architecture']}")


def has_buildkit(client: APIClient) -> bool:
    """Tell whether the engine has BuildKit: Docker from 18.09 on, on Linux."""
    said = client.version()
    parts = {part.get("Name", "") for part in said.get("Components") or ()}
    podman = any("podman" in part.lower() for part in parts)
    api = tuple(int(part) for part in said["ApiVersion"].split("."))
    return said.get("Os") == "linux" and api >= (1, 39) and not podman


def emulated(client: APIClient, mark: Mark) -> frozenset[str]:
    """Return the foreign platforms whose programs run on the engine."""
    own = native(client)
    foreign = [platform for platform in _PROGRAMS if platform != own]
    return frozenset(one for one in foreign if runs(client, one, mark))


def runs(client: APIClient, platform: str, mark: Mark) -> bool:
    """Tell whether a program for *platform* runs on the engine."""
    what = f"probe-{platform.rpartition('/')[2]}"
    name = mark.tag(what)
    repository, _, tag = name.partition(":")
    client.import_image_from_data(_root(platform), repository=repository, tag=tag)
    try:
        return _ends_well(client, name, mark, what)
    finally:
        labels.remove_image(client, name)


def program(platform: str) -> bytes:
    """Return an ELF file for *platform* that ends with the answer."""
    machine, code = _PROGRAMS[platform]
    text = bytes.fromhex(code)
    size = _OFFSET + len(text)
    little = [
        (2, 2), (machine, 2), (1, 4), (_LOAD + _OFFSET, 8), (_ELF64, 8), (0, 8),
        (0, 4), (_ELF64, 2), (0x38, 2), (1, 2), (0, 2), (0, 2), (0, 2),
        # one loadable segment, readable and executable
        (1, 4), (5, 4), (0, 8), (_LOAD, 8), (_LOAD, 8), (size, 8), (size, 8),
        (0x10000, 8),
    ]  # fmt: skip
    identity = b"\x7fELF\x02\x01\x01" + bytes(9)
    numbers = (value.to_bytes(width, "little") for value, width in little)
    return identity + b"".join(numbers) + text


def _root(platform: str) -> bytes:
    content = program(platform)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        entry = tarfile.TarInfo("probe")
        entry.size, entry.mode = len(content), 0o755
        tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _ends_well(client: APIClient, image: str, mark: Mark, what: str) -> bool:
    container = client.create_container(
        image,
        command=["/probe"],
        network_disabled=True,
        name=mark.name(what),
        labels=mark.labels(),
    )["Id"]
    try:
        client.start(container)
        return client.wait(container, timeout=30)["StatusCode"] == ANSWER
    except (APIError, RequestException):
        return False
    finally:
        with contextlib.suppress(APIError):
            client.remove_container(container, force=True)
