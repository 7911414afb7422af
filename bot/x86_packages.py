"""Packages that exist for x86 only, each with its source, and what they bring. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class X86Package:
    """One package, as an installer or a download names it.

    *brings* maps its programs to what does the same on every architecture;
    *prefixes* are the directories that hold all of its programs.
    """

    name: str
    installers: frozenset[str]
    source: str
    brings: Mapping[str, str] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    is_dispensable: bool = False
    """Whether an image needs nothing of it but what *brings* replaces."""


_SGERRAND = "https://github.com/sgerrand/alpine-pkg-glibc (x86_64 releases only)"
_APK = frozenset({"apk"})
_APT = frozenset({"apt-get", "apt", "aptitude"})

PACKAGES: tuple[X86Package, ...] = (
    X86Package(
        "glibc-bin",
        _APK,
        _SGERRAND,
        brings={"/usr/glibc-compat/sbin/ldconfig": "/sbin/ldconfig"},
        prefixes=("/usr/glibc-compat/bin/", "/usr/glibc-compat/sbin/"),
        is_dispensable=True,
    ),
    X86Package("glibc", _APK, _SGERRAND),
    X86Package("glibc-i18n", _APK, _SGERRAND),
    X86Package("glibc-dev", _APK, _SGERRAND),
    X86Package(
        "intel-ucode",
        _APK,
        "https://pkgs.alpinelinux.org/package/edge/main/x86_64/intel-ucode",
    ),
    X86Package(
        "syslinux",
        _APK,
        "https://pkgs.alpinelinux.org/package/edge/main/x86_64/syslinux",
    ),
    X86Package("libc6-i386", _APT, "https://packages.debian.org/bookworm/libc6-i386"),
    X86Package("lib32z1", _APT, "https://packages.debian.org/bookworm/lib32z1"),
    X86Package(
        "intel-microcode", _APT, "https://packages.debian.org/bookworm/intel-microcode"
    ),
)

# The files of the Alpine glibc packages are downloaded one by one; their
# names tell them from the musl distribution's own packages.
_FILE = re.compile(
    r"(?P<name>glibc(?:-bin|-i18n|-dev)?)-(?P<version>[0-9$][^/\s]*)\.apk"
)
_PLAIN = {package.name: package for package in PACKAGES if package.source != _SGERRAND}
_DOWNLOADED = {
    package.name: package for package in PACKAGES if package.source == _SGERRAND
}


def of_file(name: str) -> tuple[X86Package, str] | None:
    """Return the package in the file called *name*, and its name with version."""
    hit = _FILE.fullmatch(name)
    if not hit:
        return None
    return _DOWNLOADED[hit["name"]], name.removesuffix(".apk")


def of_word(installer: str, word: str) -> X86Package | None:
    """Return the package that *installer* gets when it is given *word*."""
    package = _PLAIN.get(re.split(r"[=<>~:]", word, maxsplit=1)[0])
    return package if package and installer in package.installers else None
