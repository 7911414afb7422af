"""The base images that the sample projects stand on, made here and pushed.

The names and the platforms are those of the public images in 2018; the
programs are Debian's busybox and our own stand-ins (``image_files/``).
"""

from __future__ import annotations

import inspect
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.world import alpine, debian, oci, static_programs
from tests.world.debian import ARCHITECTURES
from tests.world.oci import Entry, Image, Target, push, push_single
from tests.world.places import fingerprint, made_once
from tests.world.registry import Registry, serve

PLATFORMS = {"amd64": "linux/amd64", "arm64": "linux/arm64/v8"}
ALPINE = {
    "3.4": ("amd64",),
    "3.5": ("amd64",),
    "3.6": ARCHITECTURES,
    "3.7": ARCHITECTURES,
    "latest": ARCHITECTURES,
}
"""Alpine's tags, and the architectures that each was published for."""

ELSEWHERE = ("ppc64le", "s390x")
"""Architectures whose images are listed, and are never run here."""

GO_BUILD = {"v0.9": "amd64", "latest-amd64": "amd64", "latest-arm64": "arm64"}


def stored() -> Path:
    """Return the storage of a registry that holds all base images; made once."""
    sources = (inspect.getsource(module) for module in (alpine, debian, oci))
    texts = (path.read_text() for path in sorted(alpine.FILES.iterdir()))
    here = Path(__file__).read_text()
    programs = inspect.getsource(static_programs)
    return made_once("images", fingerprint(here, programs, *sources, *texts), _fill)


def copy_to(storage: Path) -> None:
    """Copy the base images into *storage*, which a registry then may change."""
    shutil.copytree(stored(), storage)


def publish(registry: Registry) -> None:
    """Push every base image to *registry*."""
    for tag, architectures in ALPINE.items():
        images = [_alpine(tag, name) for name in architectures]
        if len(architectures) > 1:
            images += [_foreign(name) for name in ELSEWHERE]
        push(Target(registry, "library/alpine", tag), images)
    both = [_image(debian.small(name), name) for name in ARCHITECTURES]
    push(Target(registry, "library/busybox", "latest", oci=True), both)
    tools = [_image(debian.whole(name), name) for name in ARCHITECTURES]
    push(Target(registry, "library/buildpack-deps", "bookworm", oci=True), tools)
    for tag, name in GO_BUILD.items():
        image = _image(alpine.go_build("3.7", name), name)
        push_single(Target(registry, "calico/go-build", tag), image)
    for name in ELSEWHERE:
        for image_name, tag in (("alpine", "3.6"), ("busybox", "latest")):
            target = Target(registry, f"{name}/{image_name}", tag)
            push_single(target, _foreign(name))


def _fill(place: Path) -> None:
    with ThreadPoolExecutor() as pool:  # mostly waiting for apt
        list(pool.map(debian.programs, ARCHITECTURES))
    with serve(storage=place) as registry:
        publish(registry)


def _alpine(release: str, architecture: str) -> Image:
    return _image(alpine.tree(release, architecture), architecture)


def _image(tree: oci.Tree, architecture: str) -> Image:
    return Image(PLATFORMS[architecture], oci.layer(_temporary(tree)))


def _foreign(architecture: str) -> Image:
    """Return an image that is listed for *architecture* and holds no program."""
    note = Entry(f"An image for {architecture}.\n".encode())
    return Image(f"linux/{architecture}", oci.layer({"etc/motd": note}))


def _temporary(tree: oci.Tree) -> dict[str, Entry]:
    """Add the directories that programs expect, and the first user."""
    return {
        **{name: Entry(mode=0o755) for name in ("proc/", "sys/", "dev/", "root/")},
        **{name: Entry(mode=0o1777) for name in ("tmp/", "var/tmp/")},
        "etc/passwd": Entry(b"root:x:0:0:root:/root:/bin/sh\n"),
        "etc/group": Entry(b"root:x:0:\n"),
        **tree,
    }
