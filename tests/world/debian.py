"""The file systems of Debian's programs for each architecture, unpacked only."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from tests.world.oci import Entry, Tree, directory
from tests.world.packages import Missing, ensure
from tests.world.places import fingerprint, made_once
from tests.world.processes import run

SUITE = "bookworm"
PACKAGES = ("busybox-static", "make", "bash", "libc6", "ca-certificates")
ARCHITECTURES = ("amd64", "arm64")
NATIVE = {"x86_64": "amd64", "aarch64": "arm64"}
ITSELF = b"/proc/self/exe\0", b"/bin/busybox\0\0\0"
"""Debian's busybox finds its own programs through /proc/self/exe, which is the
emulator where one runs it; by its path it finds them everywhere."""

SUPERFLUOUS = ("usr/share/doc", "usr/share/man", "usr/share/locale", "var", "etc/apt")


def programs(architecture: str) -> Path:
    """Return the directory with Debian's programs for *architecture*."""
    key = fingerprint(SUITE, *PACKAGES)

    def unpack(place: Path) -> None:
        _unpack(architecture, place)

    return made_once(f"debian-{architecture}", key, unpack)


def whole(architecture: str) -> dict[str, Entry]:
    """Return all of Debian's programs as files of an image, busybox for the rest."""
    found = {
        path: entry
        for path, entry in directory(programs(architecture)).items()
        if not path.startswith(SUPERFLUOUS)
    }
    return {**_busybox(architecture), **found}


def small(architecture: str) -> dict[str, Entry]:
    """Return busybox alone, under the name of each of its programs."""
    return dict(_busybox(architecture))


def _busybox(architecture: str) -> Tree:
    tree = {path: Entry(link="/bin/busybox") for path in applets()}
    content = (programs(architecture) / "bin/busybox").read_bytes()
    return {**tree, "bin/busybox": Entry(content.replace(*ITSELF), 0o755)}


def applets() -> tuple[str, ...]:
    """Return the paths of busybox's programs, as this machine's own one tells."""
    native = NATIVE.get(platform.machine())
    if native is None:
        raise Missing(f"base images: nothing runs here to ask ({platform.machine()})")
    said = subprocess.run(
        (programs(native) / "bin/busybox", "--list-full"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(said.stdout.split())


def _unpack(architecture: str, place: Path) -> None:
    ensure("mmdebstrap", "arch-test", "debian-archive-keyring")
    if os.geteuid() != 0:
        raise Missing("base images: only root can unpack Debian's packages")
    command = (
        "mmdebstrap", "--quiet", f"--arch={architecture}", "--variant=extract",
        '--aptopt=APT::Install-Recommends "false"',
        f"--include={','.join(PACKAGES)}", SUITE, str(place),
    )  # fmt: skip
    run(command)
