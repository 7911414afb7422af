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
from collections.abc import Iterator
from dataclasses import dataclass

from bot.builds import layers, strict_tar
from bot.builds.layers import Layer

_SMALL = 8 * 1024**2
_MANIFEST = "manifest.json"
_ZSTD = b"\x28\xb5\x2f\xfd"
_TAR, _TAR_AT = b"ustar", 257
_PEEK = 512


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


def read(chunks: Iterator[bytes]) -> SavedImage:
    """Read one image from the *chunks* of its ``docker save``."""
    found: dict[str, Layer] = {}
    texts: dict[str, bytes] = {}
    links: dict[str, str] = {}
    outer = Chunks(chunks)
    try:
        with strict_tar.opened(layers.as_file(outer), "r|") as tar:
            for entry in layers.entries(tar):
                _take(tar, entry, found, texts, links)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UnreadableImageError(str(error)) from error
    return _assemble(found, texts, links)


def _take(
    tar: tarfile.TarFile,
    entry: tarfile.TarInfo,
    found: dict[str, Layer],
    texts: dict[str, bytes],
    links: dict[str, str],
) -> None:
    name = posixpath.normpath(entry.name)
    if entry.issym() or entry.islnk():
        folder = posixpath.dirname(name) if entry.issym() else ""
        links[name] = posixpath.normpath(posixpath.join(folder, entry.linkname))
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
        texts[name] = start + content.read()
    elif name.endswith("/layer.tar") or name.startswith("blobs/"):
        rest = iter(lambda: content.read(65_536), b"")
        found[name] = layers.read(Chunks(rest, start))


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
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise UnreadableImageError(f"{_MANIFEST} does not fit: {error!r}") from error
    if len(made) != len(ordered):
        made = [""] * len(ordered)
    return SavedImage(ordered, tuple(made))
