"""A real registry, filled with images of every shape that is in use."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from tests.world.oci import Image, Target, layer, program_file, push, push_single
from tests.world.packages import Missing
from tests.world.registry import Registry, serve

T = TypeVar("T")

LAYER = layer({"bin/app": program_file(b"not run here")})
OCI_INDEX = "application/vnd.oci.image.index.v1+json"


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the storage of a registry that holds the images of these tests."""
    return tmp_path_factory.mktemp("images") / "storage"


@pytest.fixture(scope="session")
def registry(storage: Path) -> Iterator[Registry]:
    """Run an open registry with images of every shape."""
    with ExitStack() as stack:
        found = enter(stack, lambda: serve(storage=storage))
        fill(found)
        yield found


def enter(stack: ExitStack, start: Callable[[], AbstractContextManager[T]]) -> T:
    """Start a program of the world; a machine that lacks it skips, CI fails."""
    try:
        return stack.enter_context(start())
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no registry on this machine: {missing}")


def fill(registry: Registry) -> None:
    """Push the images that the tests ask about."""
    for tag in ("3.3", "3.4", "3.5"):
        _push(registry, "library/alpine", tag, "linux/amd64")
    for tag in ("3.6", "3.7", "latest"):
        _push(registry, "library/alpine", tag, "linux/amd64", "linux/arm64/v8")
    oci = Target(registry, "oci/app", "1", oci=True)
    push(oci, [_image("linux/amd64"), _image("linux/arm/v6")])
    push_single(Target(registry, "single/app", "docker"), _image("linux/amd64"))
    push_single(Target(registry, "single/app", "oci", oci=True), _image("linux/arm64"))
    for patch in range(12):
        target = Target(registry, "many/app", f"1.0.{patch}")
        push_single(target, _image("linux/arm64" if patch > 8 else "linux/amd64"))
    _push_odd(registry)


def _push(registry: Registry, repository: str, tag: str, *platforms: str) -> None:
    target = Target(registry, repository, tag)
    push(target, [_image(platform) for platform in platforms])


def _image(platform: str) -> Image:
    return Image(platform, LAYER)


def _push_odd(registry: Registry) -> None:
    """Push an index as BuildKit makes it, and one that names no platform."""
    arm = Target(registry, "odd/app", "arm", oci=True)
    push_single(arm, _image("linux/arm64"))
    root = registry.storage / "docker/registry/v2"
    link = root / "repositories/odd/app/_manifests/tags/arm/current/link"
    digest = link.read_text()
    blob = root / "blobs/sha256" / digest[7:9] / digest[7:] / "data"
    entry: dict[str, object] = {
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest,
        "size": blob.stat().st_size,
    }
    named = {"platform": {"os": "linux", "architecture": "s390x"}}
    nobody = {"platform": {"os": "unknown", "architecture": "unknown"}}
    _put(registry, "attested", [entry | named, entry | nobody])
    _put(registry, "nameless", [entry, entry | named])


def _put(registry: Registry, tag: str, entries: list[dict[str, object]]) -> None:
    document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
    body = json.dumps(document).encode()
    status, _ = registry.request("PUT", f"odd/app/manifests/{tag}", body, OCI_INDEX)
    if status != 201:
        raise OSError(f"the index {tag} was refused with {status}")
