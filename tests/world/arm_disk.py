"""The disk, the kernel and the first programs of an arm64 machine.

Debian's packages are unpacked for arm64 and never executed here, so no
emulation is needed to make them: it takes seconds.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.world.packages import Missing, ensure
from tests.world.places import fingerprint, made_once
from tests.world.processes import run
from tests.world.registry import NAMES
from tests.world.trust import authority

TOOLS = (
    "mmdebstrap", "arch-test", "debian-archive-keyring",
    "qemu-system-arm", "ipxe-qemu", "cpio", "kmod", "e2fsprogs",
)  # fmt: skip
GUEST = (
    "linux-image-arm64", "docker.io", "iptables", "busybox-static", "kmod",
    "libc6", "iproute2", "ca-certificates", "git",
)  # fmt: skip
SUITE = "bookworm"
NEEDED_TO_MOUNT = ("virtio_pci", "virtio_blk", "virtio_net", "ext4", "crc32c_generic")

ADDRESS = "198.51.100.1"
"""Where the guest believes those registries to be; guest_init.sh knows it too."""

SIZE = "6G"
INIT = Path(__file__).with_name("guest_init.sh")
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\ndocker:x:100:\n",
    "etc/resolv.conf": "nameserver 10.0.2.3\n",
    "etc/hosts": f"127.0.0.1 localhost arm64\n{ADDRESS} {' '.join(NAMES)}\n",
}
FIRST = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /target
/bin/busybox mount -t devtmpfs devtmpfs /dev
for module in {modules}; do /bin/busybox insmod /modules/$module; done
until [ -b /dev/vda ]; do /bin/busybox sleep 0.1; done
/bin/busybox mount -t ext4 /dev/vda /target
exec /bin/busybox switch_root /target /multiarch-init
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a virtual machine starts from."""

    kernel: Path
    initramfs: Path
    disk: Path


def machine() -> Machine:
    """Return the arm64 machine, made where the cache has none."""
    recipe = (*GUEST, SUITE, SIZE, FIRST, INIT.read_text(), repr(sorted(FILES.items())))
    key = fingerprint(*recipe, authority().certificate.read_text())
    place = made_once("arm64", key, _make)
    return Machine(place / "kernel", place / "initramfs", place / "disk.img")


def _make(place: Path) -> None:
    ensure(*TOOLS)
    if os.geteuid() != 0:
        raise Missing("the arm64 machine's disk: only root can make it")
    root = place / "root"
    _unpack(root)
    kernel = next((root / "boot").glob("vmlinuz-*"))
    version = kernel.name.removeprefix("vmlinuz-")
    run(("depmod", "-b", str(root), version))
    _first_programs(place, root, version)
    shutil.copy(kernel, place / "kernel")
    shutil.rmtree(root / "boot")
    _settle(root)
    run(("mke2fs", "-q", "-t", "ext4", "-d", str(root), str(place / "disk.img"), SIZE))
    shutil.rmtree(root)


def _unpack(root: Path) -> None:
    """Unpack the guest's packages; *extract* runs none of their scripts."""
    command = (
        "mmdebstrap", "--quiet", "--arch=arm64", "--variant=extract",
        '--aptopt=APT::Install-Recommends "false"',
        f"--include={','.join(GUEST)}", SUITE, str(root),
    )  # fmt: skip
    run(command)


def _settle(root: Path) -> None:
    """Write what the packages' scripts would have, and what is ours."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for name in ("proc", "sys", "dev", "run", "tmp", "root", "var/lib/docker"):
        (root / name).mkdir(parents=True, exist_ok=True)
    start = root / "multiarch-init"
    start.write_bytes(INIT.read_bytes())
    start.chmod(0o755)
    for name in ("iptables", "ip6tables"):
        link = root / "usr/sbin" / name
        link.unlink(missing_ok=True)
        link.symlink_to("xtables-legacy-multi")
    shell = root / "bin/sh"
    shell.unlink(missing_ok=True)
    shell.symlink_to("busybox")
    trusted = root / "etc/ssl/certs/ca-certificates.crt"
    trusted.parent.mkdir(parents=True, exist_ok=True)
    trusted.write_bytes(authority().certificate.read_bytes())


def _first_programs(place: Path, root: Path, version: str) -> None:
    """Pack the initramfs: busybox and the modules that reach the disk."""
    tree = place / "first"
    (tree / "modules").mkdir(parents=True)
    (tree / "bin").mkdir()
    shutil.copy(root / "bin/busybox", tree / "bin/busybox")
    modules = tuple(dict.fromkeys(_modules(root, version)))
    for module in modules:
        shutil.copy(module, tree / "modules" / module.name)
    names = " ".join(module.name for module in modules)
    (tree / "init").write_text(FIRST.format(modules=names))
    (tree / "init").chmod(0o755)
    listing = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    packed = subprocess.run(
        ("cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"),
        cwd=tree, input=listing.encode(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    (place / "initramfs").write_bytes(gzip.compress(packed.stdout, 1))
    shutil.rmtree(tree)


def _modules(root: Path, version: str) -> Iterator[Path]:
    """Yield the kernel modules that the disk needs, each after what it needs."""
    for name in NEEDED_TO_MOUNT:
        shown = subprocess.run(
            ("modprobe", "-d", str(root), "-S", version, "--show-depends", name),
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        for line in shown.stdout.splitlines():
            verb, _, path = line.partition(" ")
            if verb == "insmod":
                yield Path(path.split()[0])
