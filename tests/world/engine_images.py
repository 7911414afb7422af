"""Images of a Docker engine, as ``docker:dind`` is one, made of Debian's packages.

Both are what runs inside a trust domain: the oldest engine that is supported, and
one of today, with buildx.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bot.builds import endpoint
from tests.world.packages import Missing, ensure
from tests.world.places import fingerprint, made_once
from tests.world.processes import run

_COMMON = (
    "docker.io", "iptables", "iproute2", "busybox", "e2fsprogs", "mount",
    "ca-certificates", "libc-bin",
)  # fmt: skip
_SUPERFLUOUS = (
    "usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info",
    "usr/share/bash-completion", "usr/share/perl", "var/lib/apt", "var/cache",
    "usr/bin/ctr", "usr/bin/containerd-stress", "usr/bin/containerd-shim",
    "usr/bin/containerd-shim-runc-v1", "usr/bin/dnet", "usr/sbin/ovrouter",
    "usr/bin/perl*", "usr/lib/*/perl", "usr/lib/*/libperl.so.*", "usr/lib/*/perl-base",
    "usr/lib/systemd", "usr/lib/*/systemd", "usr/lib/cni", "usr/lib/containerd",
    "usr/sbin/pidfd-kill", "usr/sbin/recvtty", "usr/sbin/sd-helper",
    "usr/sbin/remap-rootfs", "usr/sbin/seccompagent", "usr/sbin/fs-idmap",
)  # fmt: skip
_SOURCES = """\
Types: deb
URIs: {mirror}
Suites: {suite}
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\ndocker:x:100:\n",
    "usr/lib/os-release": "ID=debian\n",
    "usr/bin/ldd": '#!/bin/sh\nexec /lib*/ld-linux-*.so.* --list "$1"\n',
}


@dataclass(frozen=True, slots=True)
class EngineImage:
    """One of the images: its name on an engine, Debian's suite, more packages."""

    name: str
    suite: str
    packages: tuple[str, ...] = ()


OLD = EngineImage("multiarch-test-engine:20.10", "bookworm")
NEW = EngineImage("multiarch-test-engine:28", "sid", ("docker-cli", "docker-buildx"))


def put(url: str, image: EngineImage, architecture: str = "amd64") -> str:
    """Have *image* on the engine at *url*, an operator's line; return its name."""
    client = endpoint.connect(endpoint.parse(url, {}), 300, "1.40")
    try:
        repository, _, tag = image.name.partition(":")
        client.import_image_from_file(
            str(packed(image, architecture)), repository=repository, tag=tag
        )
    finally:
        client.close()
    return image.name


def packed(image: EngineImage, architecture: str = "amd64") -> Path:
    """Return the tar of *image*, made where the cache has none."""
    kinds = repr((_FILES, _SUPERFLUOUS))
    parts = (image.suite, *_COMMON, *image.packages, kinds, architecture)

    def make(place: Path) -> None:
        _make(place, image, architecture)

    kept = made_once(f"engine-{image.suite}-{architecture}", fingerprint(*parts), make)
    return kept / "engine.tar"


def _make(place: Path, image: EngineImage, architecture: str) -> None:
    ensure("mmdebstrap", "arch-test", "debian-archive-keyring", "busybox")
    if os.geteuid() != 0:
        raise Missing("an image of an engine: only root can unpack Debian's packages")
    root = place / "root"
    sources = place / "sources"
    sources.write_text(_SOURCES.format(mirror=_mirror(), suite=image.suite))
    command = (
        "mmdebstrap", "--quiet", f"--arch={architecture}", "--variant=extract",
        '--aptopt=APT::Install-Recommends "false"',
        '--aptopt=Acquire::Check-Valid-Until "false"',
        f"--include={','.join((*_COMMON, *image.packages))}",
        image.suite, str(root), str(sources),
    )  # fmt: skip
    run(command)
    _settle(root)
    run(("tar", "-C", str(root), "-cf", str(place / "engine.tar"), "."))
    run(("rm", "-rf", str(root)))


def _settle(root: Path) -> None:
    """Write what the packages' scripts would have, and what they leave to others."""
    gone = [str(path) for name in _SUPERFLUOUS for path in root.glob(name)]
    run(("rm", "-rf", *gone))
    for name in ("proc", "sys", "dev", "run", "tmp", "root", "var/lib/docker"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("bin", "sbin", "lib", "lib64"):
        if not (root / name).exists() and (root / "usr" / name).exists():
            (root / name).symlink_to(f"usr/{name}")
    for name, text in _FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_text(text)
        file.chmod(0o755)
    run(("ln", "-sf", "xtables-legacy-multi", str(root / "usr/sbin/iptables")))
    (root / "bin/sh").unlink(missing_ok=True)
    _trust(root)
    for path in _applets():
        file = root / path
        if not (file.exists() or file.is_symlink()):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.symlink_to("/bin/busybox")


def _trust(root: Path) -> None:
    """Collect the authorities that Debian trusts in one file."""
    certificates = (root / "usr/share/ca-certificates/mozilla").glob("*.crt")
    bundle = root / "etc/ssl/certs/ca-certificates.crt"
    bundle.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_text("".join(path.read_text() for path in sorted(certificates)))


def _applets() -> tuple[str, ...]:
    said = subprocess.run(
        ("busybox", "--list-full"), capture_output=True, text=True, check=True
    )
    return ("bin/sh", *said.stdout.split())


def _mirror() -> str:
    """Return where this machine's own packages come from."""
    said = subprocess.run(
        ("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    sites = [
        line for line in said.stdout.split() if line.rstrip("/").endswith("debian")
    ]
    if not sites:
        raise Missing("an image of an engine: this machine has no Debian mirror")
    return sites[0]
