"""How every ecosystem spells a processor architecture: one table. Pure.

``mentions`` finds architecture words in a path or text, ``respell`` writes one
for another architecture in the same dialect, and ``normalise`` brings platform
names (``linux/arm64/v8``) to the form in which the bot compares them.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass


class Architecture(enum.Enum):
    """A processor architecture, by the name that Go and Docker give it."""

    AMD64 = "amd64"
    ARM64 = "arm64"
    ARM = "arm"
    I386 = "386"
    PPC64LE = "ppc64le"
    S390X = "s390x"
    RISCV64 = "riscv64"
    LOONG64 = "loong64"
    MIPS64LE = "mips64le"


class Dialect(enum.Enum):
    """Who spells an architecture this way; the likelier reading comes first."""

    GO = "go"
    GNU = "gnu"
    DEBIAN = "debian"
    RPM = "rpm"
    MULTIARCH = "multiarch"
    RUST = "rust"
    RUST_MUSL = "rust-musl"
    NODE = "node"
    DOTNET = "dotnet"
    DOTNET_MUSL = "dotnet-musl"
    JVM = "jvm"
    CONDA = "conda"
    DOCKER_HUB = "docker-hub"
    LINUX_BITS = "linux-bits"
    BITS = "bits"


@dataclass(frozen=True, slots=True)
class Mention:
    """One architecture word, ``[start, end)`` of the text it was found in."""

    architecture: Architecture
    dialect: Dialect
    text: str
    start: int
    end: int


_A = Architecture
_SPELLINGS: Mapping[Dialect, Mapping[Architecture, str]] = {
    Dialect.GO: {architecture: architecture.value for architecture in Architecture},
    Dialect.GNU: {
        _A.AMD64: "x86_64",
        _A.ARM64: "aarch64",
        _A.ARM: "armv7l",
        _A.I386: "i686",
        _A.PPC64LE: "ppc64le",
        _A.S390X: "s390x",
        _A.RISCV64: "riscv64",
        _A.LOONG64: "loongarch64",
        _A.MIPS64LE: "mips64",
    },
    Dialect.DEBIAN: {
        _A.AMD64: "amd64",
        _A.ARM64: "arm64",
        _A.ARM: "armhf",
        _A.I386: "i386",
        _A.PPC64LE: "ppc64el",
        _A.S390X: "s390x",
        _A.RISCV64: "riscv64",
        _A.LOONG64: "loong64",
        _A.MIPS64LE: "mips64el",
    },
    Dialect.RPM: {
        _A.AMD64: "x86_64",
        _A.ARM64: "aarch64",
        _A.ARM: "armv7hl",
        _A.I386: "i686",
        _A.PPC64LE: "ppc64le",
        _A.S390X: "s390x",
        _A.RISCV64: "riscv64",
    },
    Dialect.MULTIARCH: {
        _A.AMD64: "x86_64-linux-gnu",
        _A.ARM64: "aarch64-linux-gnu",
        _A.ARM: "arm-linux-gnueabihf",
        _A.I386: "i386-linux-gnu",
        _A.PPC64LE: "powerpc64le-linux-gnu",
        _A.S390X: "s390x-linux-gnu",
        _A.RISCV64: "riscv64-linux-gnu",
        _A.LOONG64: "loongarch64-linux-gnu",
        _A.MIPS64LE: "mips64el-linux-gnuabi64",
    },
    Dialect.RUST: {
        _A.AMD64: "x86_64-unknown-linux-gnu",
        _A.ARM64: "aarch64-unknown-linux-gnu",
        _A.ARM: "armv7-unknown-linux-gnueabihf",
        _A.I386: "i686-unknown-linux-gnu",
        _A.PPC64LE: "powerpc64le-unknown-linux-gnu",
        _A.S390X: "s390x-unknown-linux-gnu",
        _A.RISCV64: "riscv64gc-unknown-linux-gnu",
        _A.LOONG64: "loongarch64-unknown-linux-gnu",
    },
    Dialect.RUST_MUSL: {
        _A.AMD64: "x86_64-unknown-linux-musl",
        _A.ARM64: "aarch64-unknown-linux-musl",
        _A.ARM: "armv7-unknown-linux-musleabihf",
        _A.I386: "i686-unknown-linux-musl",
        _A.PPC64LE: "powerpc64le-unknown-linux-musl",
        _A.RISCV64: "riscv64gc-unknown-linux-musl",
        _A.LOONG64: "loongarch64-unknown-linux-musl",
    },
    Dialect.NODE: {
        _A.AMD64: "x64",
        _A.ARM64: "arm64",
        _A.ARM: "armv7l",
        _A.I386: "ia32",
        _A.PPC64LE: "ppc64le",
        _A.S390X: "s390x",
        _A.RISCV64: "riscv64",
        _A.LOONG64: "loong64",
    },
    Dialect.DOTNET: {
        _A.AMD64: "linux-x64",
        _A.ARM64: "linux-arm64",
        _A.ARM: "linux-arm",
        _A.I386: "linux-x86",
        _A.PPC64LE: "linux-ppc64le",
        _A.S390X: "linux-s390x",
        _A.RISCV64: "linux-riscv64",
    },
    Dialect.DOTNET_MUSL: {
        _A.AMD64: "linux-musl-x64",
        _A.ARM64: "linux-musl-arm64",
        _A.ARM: "linux-musl-arm",
    },
    Dialect.JVM: {
        _A.AMD64: "x86_64",
        _A.ARM64: "aarch_64",
        _A.ARM: "arm_32",
        _A.I386: "x86_32",
        _A.PPC64LE: "ppcle_64",
        _A.S390X: "s390_64",
        _A.RISCV64: "riscv64",
    },
    Dialect.CONDA: {
        _A.AMD64: "linux-64",
        _A.ARM64: "linux-aarch64",
        _A.ARM: "linux-armv7l",
        _A.I386: "linux-32",
        _A.PPC64LE: "linux-ppc64le",
        _A.S390X: "linux-s390x",
        _A.RISCV64: "linux-riscv64",
    },
    Dialect.DOCKER_HUB: {
        _A.AMD64: "amd64",
        _A.ARM64: "arm64v8",
        _A.ARM: "arm32v7",
        _A.I386: "i386",
        _A.PPC64LE: "ppc64le",
        _A.S390X: "s390x",
        _A.RISCV64: "riscv64",
        _A.MIPS64LE: "mips64le",
    },
    Dialect.LINUX_BITS: {
        _A.AMD64: "linux64",
        _A.ARM64: "linux-aarch64",
        _A.I386: "linux32",
    },
    Dialect.BITS: {
        _A.AMD64: "64bit",
        _A.ARM64: "arm64",
        _A.ARM: "arm",
        _A.I386: "32bit",
    },
}

# Found by the word behind their ``linux-``, which is all that changes.
_PREFIXED = {Dialect.DOTNET, Dialect.DOTNET_MUSL, Dialect.CONDA}

# Further ways to say the same; ``respell`` answers in the dialect's own word.
_ALIASES: tuple[tuple[str, Architecture, Dialect], ...] = (
    ("x86-64", _A.AMD64, Dialect.GNU),
    ("linux-64", _A.AMD64, Dialect.CONDA),
    ("linux-32", _A.I386, Dialect.CONDA),
    ("64-bit", _A.AMD64, Dialect.BITS),
    ("32-bit", _A.I386, Dialect.BITS),
    ("i586", _A.I386, Dialect.GNU),
    ("x86", _A.I386, Dialect.NODE),
    ("armv8", _A.ARM64, Dialect.GNU),
    ("armv5", _A.ARM, Dialect.GO),
    ("armv6", _A.ARM, Dialect.GO),
    ("armv6l", _A.ARM, Dialect.GNU),
    ("armv6hf", _A.ARM, Dialect.DEBIAN),
    ("armv7", _A.ARM, Dialect.GO),
    ("armv7hf", _A.ARM, Dialect.DEBIAN),
    ("armel", _A.ARM, Dialect.DEBIAN),
    ("arm32", _A.ARM, Dialect.GO),
    ("arm32v5", _A.ARM, Dialect.DOCKER_HUB),
    ("arm32v6", _A.ARM, Dialect.DOCKER_HUB),
    ("powerpc64le", _A.PPC64LE, Dialect.GNU),
)


def _lexicon() -> dict[str, tuple[Architecture, Dialect]]:
    """Return who a spelling belongs to: the first dialect that uses it."""
    words: dict[str, tuple[Architecture, Dialect]] = {}
    for dialect, spellings in _SPELLINGS.items():
        if dialect in _PREFIXED:
            continue
        for architecture, spelling in spellings.items():
            words.setdefault(spelling, (architecture, dialect))
    for spelling, architecture, dialect in _ALIASES:
        words.setdefault(spelling, (architecture, dialect))
    return words


_LEXICON = _lexicon()
_LONGEST_FIRST = sorted(_LEXICON, key=lambda word: (-len(word), word))
_MENTION = re.compile(
    rf"""
    (?: (?<![A-Za-z0-9]) | (?<=linux) | (?<=Linux) )  # linuxamd64 is glued
    (?<! [0-9]\. )                                    # 4.386 is a number
    (?: {"|".join(re.escape(word) for word in _LONGEST_FIRST)} )
    (?! [A-Za-z0-9] | [_-](?:32|64)\b )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the architecture words of *text*, in order."""
    return tuple(
        Mention(*_LEXICON[hit[0].lower()], hit[0], hit.start(), hit.end())
        for hit in _MENTION.finditer(text)
    )


def named(word: str) -> Architecture | None:
    """Return the architecture that *word* as a whole names, or None."""
    known = _LEXICON.get(word.strip().lower())
    return known[0] if known else None


def spell(architecture: Architecture, dialect: Dialect) -> str | None:
    """Return how *dialect* spells *architecture*; None where it has no word."""
    return _SPELLINGS[dialect].get(architecture)


def respell(mention: Mention, architecture: Architecture) -> str | None:
    """Return what stands for *architecture* in the place of *mention*."""
    word = spell(architecture, mention.dialect)
    return word.upper() if word and mention.text.isupper() else word


def normalise(platform: str) -> str:
    """Return *platform* as Docker compares it: ``linux/arm64/v8`` is arm64.

    A name of an architecture alone (``aarch64``) is a Linux platform.
    """
    system, _, rest = platform.strip().lower().partition("/")
    if not rest:
        system, rest = "linux", system
    machine, _, variant = rest.partition("/")
    known = named(machine)
    name = known.value if known else machine
    if known is Architecture.ARM and not variant:
        said = machine.removeprefix("arm").removeprefix("32")[:2]
        variant = said if said in {"v5", "v6"} else "v7"
    if (name, variant) in {("arm64", "v8"), ("arm64", "8"), ("amd64", "v1")}:
        variant = ""
    return "/".join(part for part in (system, name, variant) if part)


def of_platform(platform: str) -> Architecture | None:
    """Return the architecture of *platform* (``linux/arm64``), or None."""
    _, _, machine = normalise(platform).partition("/")
    return named(machine.partition("/")[0])
