"""The output of ``docker save``, read once as a stream, in both its layouts.

Up to Docker 24 layers are ``<id>/layer.tar``; from 25 on they are
``blobs/sha256/<digest>``. In both, ``manifest.json`` names the configuration
and the layers in order, and may come last, so every layer is read when it
passes by. Nothing is unpacked to disk.
"""

from __future__ import annotations

import json
import posixpath
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot import strict_tar
from bot.builds import layers
from bot.builds.budget import Budget
from bot.builds.layers import Layer

_SMALL = 8 * 1024**2
_MANIFEST = "manifest.json"
_ZSTD = b"\x28\xb5\x2f\xfd"
_TAR, _TAR_AT = b"ustar", 257
_PEEK = 512
_MISFIT = (
    *(KeyError, IndexError, TypeError, AttributeError, ValueError),
    RecursionError,
)


class UnreadableImageError(Exception):
    """The saved image is not in a form that can be read."""


@dataclass(frozen=True, slots=True)
class SavedImage:
    """The layers of an image from the lowest up, and who made each."""

    layers: tuple[Layer, ...]
    instructions: tuple[str, ...]


class Chunks:
    """Reads an iterator of chunks as if it were a file."""

    def __init__(self, chunks: Iterator[bytes], held: bytes = b"") -> None:
        self._chunks = chunks
        self._held = held

    def read(self, size: int, /) -> bytes:
        """Return *size* bytes, fewer only at the end."""
        parts = [self._held]
        missing = size - len(self._held)
        while missing > 0 and (chunk := next(self._chunks, b"")):
            parts.append(chunk)
            missing -= len(chunk)
        joined = b"".join(parts)
        self._held = joined[size:]
        return joined[:size]


@dataclass(frozen=True, slots=True)
class _Found:
    """What has passed by so far."""

    budget: Budget
    layers: dict[str, Layer] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


def read(chunks: Iterator[bytes], budget: Budget) -> SavedImage:
    """Read one image from the *chunks* of its ``docker save``.

    It is paid from *budget*: all layers together, and the time.
    """
    found = _Found(budget)
    outer = Chunks(budget.metered(chunks))
    try:
        with strict_tar.opened(layers.as_file(outer), "r|") as tar:
            for entry in strict_tar.entries(tar):
                budget.spend(entries=1)
                _take(tar, entry, found)
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise UnreadableImageError(str(error)) from error
    return _assemble(found.layers, found.texts, found.links)


def _take(tar: tarfile.TarFile, entry: tarfile.TarInfo, found: _Found) -> None:
    name = posixpath.normpath(entry.name)
    if entry.issym() or entry.islnk():
        folder = posixpath.dirname(name) if entry.issym() else ""
        target = posixpath.normpath(posixpath.join(folder, entry.linkname))
        found.links[name] = target
        return
    content = tar.extractfile(entry) if entry.isreg() else None
    if content is None or entry.size == 0:
        return
    start = content.read(_PEEK)
    if start.startswith(_ZSTD):
        raise UnreadableImageError(
            "a layer is compressed with zstd, which the audit does not read"
        )
    if start[:1] in {b"{", b"["} and not _is_tar(start) and entry.size <= _SMALL:
        if not found.budget.hold(entry.size):
            raise UnreadableImageError("its descriptions are too long to be kept")
        found.texts[name] = start + content.read()
    elif name.endswith("/layer.tar") or name.startswith("blobs/"):
        rest = iter(lambda: content.read(65_536), b"")
        layer = layers.read(Chunks(rest, start), start, found.budget)
        found.layers[name] = layer


def _is_tar(start: bytes) -> bool:
    """Tell a layer, whose first file may be called ``[``, from a JSON text."""
    return start[_TAR_AT:].startswith(_TAR)


def _assemble(
    found: dict[str, Layer], texts: dict[str, bytes], links: dict[str, str]
) -> SavedImage:
    try:
        manifest = json.loads(texts[_MANIFEST])[0]
        names = [links.get(name, name) for name in manifest["Layers"]]
        ordered = tuple(found[posixpath.normpath(name)] for name in names)
        config = json.loads(texts[posixpath.normpath(manifest["Config"])])
        history = config.get("history") or []
        made = [
            str(step.get("created_by", ""))
            for step in history
            if not step.get("empty_layer")
        ]
    except _MISFIT as error:
        raise UnreadableImageError(f"{_MANIFEST} does not fit: {error!r}") from error
    if len(made) != len(ordered):
        made = [""] * len(ordered)
    return SavedImage(ordered, tuple(made))
