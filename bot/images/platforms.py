"""Read the platforms out of manifests, indexes and image configurations. Pure.

Four media types are understood: Docker's manifest list and manifest (schema
2), and their OCI twins. Schema 1 died in 2019 and carries one architecture that
its registry may have made up, so it is no answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"

ACCEPT = f"{OCI_INDEX}, {DOCKER_LIST}, {OCI_MANIFEST}, {DOCKER_MANIFEST}"
"""All four: a registry answers 404 for a type that it was not asked for."""

_INDEXES = frozenset({DOCKER_LIST, OCI_INDEX})
_MANIFESTS = frozenset({DOCKER_MANIFEST, OCI_MANIFEST})
_ATTESTATION = "vnd.docker.reference.type"
# The spellings that containerd unifies (containerd/platforms, database.go).
_ARCHITECTURES = {
    "x86_64": "amd64",
    "x86-64": "amd64",
    "i386": "386",
    "i686": "386",
    "aarch64": "arm64",
    "armhf": "arm/v7",
    "armel": "arm/v6",
}
_SYSTEMS = {"macos": "darwin"}
_MOST = 128
"""Platforms of one index; no image has half as many."""
_LONGEST = 64
"""Characters of a platform; the longest in use has half as many."""
# What a variant that goes without saying is called.
_DEFAULT_VARIANTS = {("arm64", "v8"), ("arm64", "v8.0"), ("amd64", "v1")}


@dataclass(frozen=True, slots=True)
class Listing:
    """An index: the platforms it names, and the entries that name none."""

    platforms: frozenset[str]
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Single:
    """A manifest of one image; its configuration blob tells the platform."""

    config: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that does not tell, and why."""

    reason: str


def normalise(system: str, architecture: str, variant: str = "") -> str:
    """Return one spelling of a platform: ``linux/arm64``, ``linux/arm/v7``."""
    system = _SYSTEMS.get(system.lower(), system.lower())
    raw = architecture.lower()
    architecture, _, implied = _ARCHITECTURES.get(raw, raw).partition("/")
    variant = variant.lower() or implied
    if variant and not variant.startswith("v"):
        variant = f"v{variant}"
    if architecture == "arm":
        variant = variant or "v7"
    if (architecture, variant) in _DEFAULT_VARIANTS:
        variant = ""
    return "/".join(part for part in (system, architecture, variant) if part)


def normalised(platform: str) -> str:
    """Return the one spelling of *platform*; a bare architecture is Linux's."""
    parts = platform.strip().split("/", 2)
    return normalise(*parts) if len(parts) > 1 else normalise("linux", parts[0])


def read_manifest(body: bytes, media_type: str) -> Listing | Single | Unreadable:
    """Read a manifest or an index that came labelled as *media_type*."""
    document = _json_object(body)
    if document is None:
        return Unreadable("the manifest is not a JSON object")
    if document.get("schemaVersion") == 1:
        return Unreadable("the manifest is of schema 1, which names no platform")
    kind = _text(document, "mediaType") or media_type.partition(";")[0].strip()
    if kind in _INDEXES or (kind not in _MANIFESTS and "manifests" in document):
        return _listing(document)
    digest = _text(_mapping(document, "config"), "digest")
    if not digest:
        return Unreadable("the manifest names no configuration")
    return Single(digest)


def read_config(body: bytes) -> str | Unreadable:
    """Return the platform that an image configuration is for."""
    document = _json_object(body) or {}
    system = _text(document, "os")
    architecture = _text(document, "architecture")
    if not system or not architecture or "unknown" in {system, architecture}:
        return Unreadable("the image configuration names no platform")
    platform = normalise(system, architecture, _text(document, "variant"))
    if len(platform) > _LONGEST:
        return Unreadable("the image configuration names no platform that there is")
    return platform


def _listing(document: Mapping[str, object]) -> Listing | Unreadable:
    listed = document.get("manifests")
    entries = [
        {str(key): value for key, value in entry.items()}
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict)
    ]
    images = [entry for entry in entries if not _is_attestation(entry)]
    named = {_platform(entry) for entry in images} - {""}
    unnamed = tuple(
        digest
        for entry in images
        if not _platform(entry) and (digest := _text(entry, "digest"))
    )
    if not named and not unnamed:
        return Unreadable("the index lists no image")
    if len(named) > _MOST or any(len(platform) > _LONGEST for platform in named):
        return Unreadable("the index lists more platforms than there are")
    return Listing(frozenset(named), unnamed)


def _is_attestation(entry: Mapping[str, object]) -> bool:
    platform = _mapping(entry, "platform")
    return (
        _ATTESTATION in _mapping(entry, "annotations")
        or _text(platform, "os") == "unknown"
        or _text(platform, "architecture") == "unknown"
    )


def _platform(entry: Mapping[str, object]) -> str:
    platform = _mapping(entry, "platform")
    system = _text(platform, "os")
    architecture = _text(platform, "architecture")
    if not system or not architecture:
        return ""
    return normalise(system, architecture, _text(platform, "variant"))


def _json_object(body: bytes) -> Mapping[str, object] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _mapping(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _text(document: Mapping[str, object], key: str) -> str:
    value = document.get(key)
    return value if isinstance(value, str) else ""
