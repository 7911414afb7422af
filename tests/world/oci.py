"""Images as plain data: layers, configurations, manifests, and how to push them."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.world.registry import Registry

DOCKER = "application/vnd.docker.distribution.manifest"
MANIFEST = f"{DOCKER}.v2+json"
LIST = f"{DOCKER}.list.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"

OCI_NAMES = {
    MANIFEST: "application/vnd.oci.image.manifest.v1+json",
    LIST: "application/vnd.oci.image.index.v1+json",
    CONFIG: "application/vnd.oci.image.config.v1+json",
    LAYER: "application/vnd.oci.image.layer.v1.tar+gzip",
}
"""What the OCI calls the things that Docker named first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a layer: its bytes, or what it is a link to."""

    content: bytes = b""
    mode: int = 0o644
    link: str = ""


Tree = Mapping[str, Entry]
"""The files of a layer by path; a path that ends with ``/`` is a directory."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image of one platform, with a single layer."""

    platform: str
    layer: bytes
    command: tuple[str, ...] = ("sh",)


@dataclass(frozen=True, slots=True)
class Target:
    """Where images go: a repository's tag, in Docker's or the OCI's words."""

    registry: Registry
    repository: str
    tag: str
    oci: bool = False

    def name(self, media_type: str) -> str:
        """Return *media_type* in this target's words."""
        return OCI_NAMES[media_type] if self.oci else media_type


def program_file(content: bytes) -> Entry:
    """Return *content* as a file that can be run."""
    return Entry(content, 0o755)


def layer(tree: Tree) -> bytes:
    """Pack *tree*; the same files give the same bytes."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted({*tree, *_parents(tree)}):
            _add(archive, path, tree.get(path, Entry(mode=0o755)))
    return gzip.compress(packed.getvalue(), 6, mtime=0)


def directory(root: Path) -> dict[str, Entry]:
    """Return the files below *root* as a tree."""
    found = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        if path.is_symlink():
            found[name] = Entry(link=str(path.readlink()))
        elif path.is_file():
            found[name] = Entry(path.read_bytes(), path.stat().st_mode & 0o777)
    return found


def push(target: Target, images: Iterable[Image]) -> None:
    """Push *images* as one manifest list."""
    entries = []
    for image in images:
        body = _manifest(target, image)
        digest = _digest(body)
        _put(target, digest, body, MANIFEST)
        entries.append(
            {**_descriptor(target, MANIFEST, body), "platform": _split(image.platform)}
        )
    index = {
        "schemaVersion": 2,
        "mediaType": target.name(LIST),
        "manifests": entries,
    }
    _put(target, target.tag, json.dumps(index).encode(), LIST)


def push_single(target: Target, image: Image) -> None:
    """Push *image* as a manifest of its own, without a list."""
    _put(target, target.tag, _manifest(target, image), MANIFEST)


def _manifest(target: Target, image: Image) -> bytes:
    """Upload the blobs of *image*; return its manifest."""
    config = json.dumps(
        {
            **_split(image.platform),
            "config": {
                "Cmd": list(image.command),
                "Env": [
                    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
                ],
            },
            "rootfs": {
                "type": "layers",
                "diff_ids": [_digest(gzip.decompress(image.layer))],
            },
            "history": [{"created_by": "multiarch test world"}],
        }
    ).encode()
    _upload(target, image.layer)
    _upload(target, config)
    manifest = {
        "schemaVersion": 2,
        "mediaType": target.name(MANIFEST),
        "config": _descriptor(target, CONFIG, config),
        "layers": [_descriptor(target, LAYER, image.layer)],
    }
    return json.dumps(manifest).encode()


def _upload(target: Target, blob: bytes) -> None:
    digest = _digest(blob)
    here = f"{target.repository}/blobs"
    if target.registry.request("HEAD", f"{here}/{digest}")[0] == 200:
        return
    _, headers = target.registry.request("POST", f"{here}/uploads/")
    address = f"{headers['Location']}&digest={digest}"
    status, _ = target.registry.request(
        "PUT", address, blob, "application/octet-stream"
    )
    if status != 201:
        raise OSError(f"{target.repository}: blob refused with {status}")


def _put(target: Target, reference: str, body: bytes, media_type: str) -> None:
    path = f"{target.repository}/manifests/{reference}"
    status, _ = target.registry.request("PUT", path, body, target.name(media_type))
    if status != 201:
        raise OSError(f"{target.repository}:{reference}: refused with {status}")


def _descriptor(target: Target, media_type: str, body: bytes) -> dict[str, object]:
    return {
        "mediaType": target.name(media_type),
        "digest": _digest(body),
        "size": len(body),
    }


def _digest(body: bytes) -> str:
    return f"sha256:{sha256(body).hexdigest()}"


def _split(platform: str) -> dict[str, str]:
    """Return ``linux/arm64/v8`` as the three fields of the image formats."""
    names = ("os", "architecture", "variant")
    return dict(zip(names, platform.split("/"), strict=False))


def _parents(tree: Tree) -> set[str]:
    return {
        f"{parent}/"
        for path in tree
        for parent in Path(path).parents
        if str(parent) != "."
    }


def _add(archive: tarfile.TarFile, path: str, entry: Entry) -> None:
    member = tarfile.TarInfo(path.rstrip("/"))
    member.mode = entry.mode
    if path.endswith("/"):
        member.type = tarfile.DIRTYPE
        archive.addfile(member)
    elif entry.link:
        member.type, member.linkname = tarfile.SYMTYPE, entry.link
        archive.addfile(member)
    else:
        member.size = len(entry.content)
        archive.addfile(member, io.BytesIO(entry.content))
