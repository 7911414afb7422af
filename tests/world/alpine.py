"""Our own alpine: busybox, a package tool of apk's words, and a few packages.

It also carries what the sample projects download: glibc for x86-64 as two
``.apk`` files whose programs no arm64 kernel can run, which is the point.
"""

from __future__ import annotations

from pathlib import Path

from tests.world import debian
from tests.world.oci import Entry, layer, program_file
from tests.world.static_programs import static_program

FILES = Path(__file__).with_name("image_files")
NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
"""Alpine's own names of the architectures."""

BUSYBOX = "1.26.2-r5"
PRESENT = ("musl 1.1.16-r10", f"busybox {BUSYBOX}", "alpine-baselayout 3.0.4-r0")
PACKAGES = {
    "tini": ("0.14.0-r0", "sbin/tini"),
    "wget": ("1.19.1-r2", ""),
    "ca-certificates": ("20161130-r2", ""),
    "libgcc": ("6.3.0-r4", ""),
    "ip6tables": ("1.6.1-r1", "sbin/ip6tables"),
    "ipset": ("6.30-r0", "usr/sbin/ipset"),
    "iputils": ("20121221-r8", "usr/sbin/arping"),
    "iproute2": ("4.10.0-r0", "usr/sbin/ss"),
    "conntrack-tools": ("1.4.4-r0", "usr/sbin/conntrack"),
}
"""Each package's version, and the program that it brings."""

GLIBC = "usr/glibc-compat"
GLIBC_FILES = {
    "glibc": (
        f"{GLIBC}/lib/ld-linux-x86-64.so.2",
        f"{GLIBC}/lib/libc.so.6",
        f"{GLIBC}/lib/libm.so.6",
        f"{GLIBC}/lib/libpthread.so.0",
    ),
    "glibc-bin": (f"{GLIBC}/sbin/ldconfig", f"{GLIBC}/bin/getconf"),
}
GLIBC_VERSION = "2.23-r3"


def tree(release: str, architecture: str) -> dict[str, Entry]:
    """Return the files of ``alpine:RELEASE`` for *architecture*."""
    number = "3.7" if release == "latest" else release
    files = debian.small(architecture)
    return {
        **files,
        "bin/busybox": _without_wget(files["bin/busybox"]),
        "sbin/apk": _script("apk"),
        "sbin/ldconfig": _script("ldconfig"),
        "usr/bin/wget": _script("wget"),
        "etc/alpine-release": _text(f"{number}.0"),
        "etc/os-release": _text(
            f'ID=alpine\nVERSION_ID={number}.0\nNAME="Alpine Linux"'
        ),
        "etc/apk/arch": _text(NAMES[architecture]),
        "etc/apk/busybox": _text(BUSYBOX),
        "etc/apk/keys/": Entry(mode=0o755),
        "lib/apk/db/installed": _text("\n".join(PRESENT)),
        **_packages(),
        **_mirror(),
    }


def go_build(release: str, architecture: str) -> dict[str, Entry]:
    """Return the files of an image that builds Go programs, as far as we need."""
    says = "Started; nothing to do."
    return {
        **tree(release, architecture),
        "usr/local/bin/go": _script("go"),
        "usr/local/go/native": _text(architecture),
        **{
            f"usr/local/go/programs/{name}": program_file(static_program(name, says))
            for name in NAMES
        },
    }


def _without_wget(busybox: Entry) -> Entry:
    """Rename busybox's own wget, which its shell prefers to any file on the PATH.

    The names in the program stay in order, as its search wants them.
    """
    return Entry(busybox.content.replace(b"\0wget\0", b"\0wge_\0"), busybox.mode)


def _packages() -> dict[str, Entry]:
    found = {}
    for name, (version, program) in PACKAGES.items():
        here = f"usr/share/packages/{name}"
        found[f"{here}/version"] = _text(version)
        if program:
            kind = "tini" if name == "tini" else "tool"
            found[f"{here}/root/{program}"] = _script(kind)
    return found


def _mirror() -> dict[str, Entry]:
    """Return the downloads: two packages for x86-64, and the key that signs them."""
    archives = {
        f"usr/share/mirror/{name}-{GLIBC_VERSION}.apk": Entry(_archive(name))
        for name in GLIBC_FILES
    }
    return {**archives, "usr/share/mirror/sgerrand.rsa.pub": _text("a public key")}


def _archive(name: str) -> bytes:
    program = program_file(static_program("amd64", f"{name} for x86-64"))
    about = f"pkgname = {name}\npkgver = {GLIBC_VERSION}\narch = x86_64"
    files = dict.fromkeys(GLIBC_FILES[name], program)
    files[".PKGINFO"] = _text(about)
    if name == "glibc-bin":
        files[".trigger"] = _script("glibc-bin.trigger")
    return layer(files)


def _script(name: str) -> Entry:
    return program_file((FILES / f"{name}.sh").read_bytes())


def _text(words: str) -> Entry:
    return Entry(f"{words}\n".encode())
