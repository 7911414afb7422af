"""Fetch public material once, by name, version and hash, into ``.cache``."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[3] / ".cache" / "github"
_MINUTES = 5 * 60


class MissingMaterialError(Exception):
    """Public material is not in the cache and cannot be fetched."""


@dataclass(frozen=True, slots=True)
class Package:
    """A published archive, locked to one content."""

    name: str
    version: str
    sha512: str
    """Base64, as npm writes it in ``integrity``."""
    kind: str = "npm"

    @property
    def file(self) -> Path:
        """Where the archive lies once it was fetched."""
        return CACHE / f"{self.name.strip('@').replace('/', '-')}-{self.version}.tgz"


OPENAPI = Package(
    "@octokit/openapi",
    "23.0.2",
    "pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
)
WEBHOOKS = Package(
    "@octokit/webhooks-examples",
    "7.6.1",
    "De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==",
)
PYGITHUB = Package(
    "PyGithub",
    "2.10.0",
    "U1+ZnWIEkRMyHKpa4K9OzxGlByoLssSBH8wQqzAPk+YOq8UUcMooNGV08E4s6G+C0uS87th2s4VynjakFpsb0w==",
    kind="pip",
)


def fetch(package: Package) -> Path:
    """Return the archive of *package*, from the cache or from its registry."""
    if not package.file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as place:
            archive = _download(package, Path(place))
            _compare(package, archive)
            shutil.move(archive, package.file)
    return package.file


def _download(package: Package, place: Path) -> Path:
    if package.kind == "npm":
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    else:
        pinned = f"{package.name}=={package.version}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--no-binary", ":all:", pinned]
    try:
        subprocess.run(
            command, cwd=place, check=True, capture_output=True, timeout=_MINUTES
        )
    except (OSError, subprocess.SubprocessError) as error:
        message = f"{package.name} {package.version} cannot be fetched: {error}"
        raise MissingMaterialError(message) from error
    (archive,) = (path for path in place.iterdir() if path.suffix in {".tgz", ".gz"})
    return archive


def _compare(package: Package, archive: Path) -> None:
    digest = hashlib.sha512(archive.read_bytes()).digest()
    found = base64.b64encode(digest).decode()
    if found != package.sha512:
        message = f"{package.name} {package.version} has another hash: {found}"
        raise MissingMaterialError(message)


def fetch_or_skip(package: Package) -> Path:
    """Return the archive; a test without it is skipped, but fails under CI."""
    try:
        return fetch(package)
    except MissingMaterialError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
