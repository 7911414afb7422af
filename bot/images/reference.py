"""Read an image reference as Docker does. Pure.

The grammar is that of https://github.com/distribution/reference: an optional
registry, a repository, an optional tag and an optional digest.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

DOCKER_HUB = "docker.io"

_HUB_NAMES = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io"})
_LAST_PORT = 65535
_NAME_LENGTH = 255
_REFERENCE_LENGTH = 4096
_REGISTRY = re.compile(
    r"""
    (?: [A-Za-z0-9] (?:[A-Za-z0-9-]*[A-Za-z0-9])?        # a label of the host
        (?: \. [A-Za-z0-9] (?:[A-Za-z0-9-]*[A-Za-z0-9])? )*
      | \[ (?P<address> [0-9A-Fa-f:.]+ ) \]             # of IPv6
    )
    (?: : (?P<port> [0-9]{1,5} ) )?
    """,
    re.VERBOSE,
)
_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_IMAGE_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Reference:
    """An image reference in full; *name* is the author's spelling of the image.

    *tag* is empty where only a digest names the image.
    """

    name: str
    registry: str
    repository: str
    tag: str
    digest: str = ""

    @property
    def target(self) -> str:
        """Return what a registry is asked for: the digest, else the tag."""
        return self.digest or self.tag

    @property
    def image(self) -> str:
        """Return registry and repository: the same for every spelling."""
        return f"{self.registry}/{self.repository}"

    def tagged(self, tag: str, digest: str = "") -> str:
        """Return the author's spelling with *tag*, and *digest* where given."""
        return f"{self.name}:{tag}" + (f"@{digest}" if digest else "")


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why a text names no image that a registry could be asked about."""

    reason: str


def parse(text: str) -> Reference | Invalid:
    """Read *text*; ``alpine`` is ``docker.io/library/alpine:latest``."""
    wrong = _refusal(text)
    if wrong:
        return Invalid(wrong)
    rest, at, digest = text.partition("@")
    name, tag = _split_tag(rest)
    registry, repository = _split_registry(name)
    wrong = _mistake(registry, repository)
    if wrong:
        return Invalid(wrong)
    if at and not _DIGEST.fullmatch(digest):
        return Invalid("its digest is not of the form sha256:… in full")
    if tag is not None and not is_tag(tag):
        return Invalid(f"the tag {tag[:40]!r} is not allowed")
    if tag is None:
        tag = "" if digest else "latest"
    return Reference(name, registry, repository, tag, digest)


def is_tag(text: str) -> bool:
    """Tell whether *text* may be the tag of an image."""
    return _TAG.fullmatch(text) is not None


def _refusal(text: str) -> str:
    if not text:
        return "it is empty"
    if len(text) > _REFERENCE_LENGTH:
        return "it is too long"
    if "$" in text:
        return "it holds a variable without a value"
    if text.partition(":")[0] == "scratch":
        return "scratch is the empty image, which no registry serves"
    if _IMAGE_ID.fullmatch(text):
        return "it is an image id, which only one engine knows"
    return ""


def _split_tag(text: str) -> tuple[str, str | None]:
    """Split at the colon of the tag, which is never the colon of a port."""
    head, colon, tail = text.rpartition(":")
    if not colon or "/" in tail:
        return text, None
    return head, tail


def _split_registry(name: str) -> tuple[str, str]:
    first, slash, rest = name.partition("/")
    is_host = "." in first or ":" in first or first == "localhost"
    if not slash or not (is_host or first != first.lower()):
        first, rest = DOCKER_HUB, name
    registry = first.lower()
    if registry not in _HUB_NAMES:
        return registry, rest
    return DOCKER_HUB, rest if "/" in rest else f"library/{rest}"


def _mistake(registry: str, repository: str) -> str:
    if not _is_host(registry):
        return f"{registry[:80]!r} is not the name of a registry"
    if len(registry) + len(repository) >= _NAME_LENGTH:
        return "its name is longer than 255 characters"
    if not all(_COMPONENT.fullmatch(part) for part in repository.split("/")):
        return f"{repository[:80]!r} is not the name of a repository"
    return ""


def _is_host(registry: str) -> bool:
    match = _REGISTRY.fullmatch(registry)
    if match is None or int(match["port"] or 0) > _LAST_PORT:
        return False
    return match["address"] is None or _is_ipv6(match["address"])


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
