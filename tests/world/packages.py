"""Programs of the machine, installed from Debian's packages where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache

APT = ("apt-get", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300")
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Missing(Exception):  # noqa: N818  # named for what it says, not for its kind
    """Something of the outside world that this machine has not, and why."""


def ensure(*packages: str) -> None:
    """Install those of *packages* that are missing; Missing where that fails."""
    absent = [package for package in packages if not _installed(package)]
    if not absent:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"{', '.join(absent)}: not installed, and only root may (apt)")
    if not (
        _apt("install", absent) or (_apt("update", ()) and _apt("install", absent))
    ):
        raise Missing(f"{', '.join(absent)}: apt-get could not install it")
    _installed.cache_clear()


def program(name: str, package: str) -> str:
    """Return the path of *name*, preferring the system's own over newer ones.

    A program that the machine has from elsewhere is used as it is: Debian's
    docker.io, say, would throw out Docker's own packages.
    """
    found = shutil.which(name, path=SYSTEM_PATH) or shutil.which(name)
    if not found:
        ensure(package)
        found = shutil.which(name, path=SYSTEM_PATH)
    if not found:
        raise Missing(f"{name}: the package {package} does not bring it")
    return found


@cache
def _installed(package: str) -> bool:
    """Tell whether dpkg has *package* (``name`` or ``name:architecture``) installed."""
    if not shutil.which("dpkg-query"):
        return False
    query = ("dpkg-query", "-W", "-f", "${db:Status-Status}", package)
    said = subprocess.run(query, capture_output=True, text=True, check=False)
    return said.returncode == 0 and said.stdout.startswith("installed")


def _apt(verb: str, packages: Iterable[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        [*APT, verb, *packages],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0
