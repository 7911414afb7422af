"""Where the outside world keeps what is expensive to make, and its ports."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
KEPT_SECONDS = 24 * 3600


def cache() -> Path:
    """Return the cache directory: MULTIARCH_CACHE, or .cache of the checkout."""
    chosen = os.environ.get("MULTIARCH_CACHE")
    place = Path(chosen).resolve() if chosen else CHECKOUT / ".cache"
    place.mkdir(parents=True, exist_ok=True)
    return place


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def fingerprint(*parts: str) -> str:
    """Return a short name for *parts*: the same parts, the same name."""
    return sha256("\0".join(parts).encode()).hexdigest()[:12]


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one process at a time make the thing called *name*."""
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made_once(name: str, key: str, make: Callable[[Path], None]) -> Path:
    """Return the directory *name*-*key* of the cache, made where it is missing.

    *make* fills an empty directory. It gets its name only once it is whole, so
    that a start that was cut short leaves nothing half made behind; what was
    made for another key goes once it is out of use.
    """
    whole = cache() / f"{name}-{key}"
    with locked(name):
        if not whole.exists():
            draft = Path(tempfile.mkdtemp(prefix=f"{name}.draft-", dir=cache()))
            try:
                make(draft)
                draft.chmod(0o755)
                _forget_older(name, whole)
                draft.rename(whole)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
        os.utime(whole)
    return whole


def _forget_older(name: str, whole: Path) -> None:
    """Remove what other states of the checkout made, unless they ran of late."""
    for old in cache().glob(f"{name}-" + "[0-9a-f]" * 12):
        if old != whole and time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """Give a directory of the cache that is gone afterwards.

    It carries the number of its process, so that what a killed one left
    behind goes with the next.
    """
    _forget_dead()
    prefix = f"{name}.{os.getpid()}."
    place = Path(tempfile.mkdtemp(prefix=prefix, dir=cache()))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _forget_dead() -> None:
    for place in cache().iterdir():
        parts = place.name.split(".")
        if len(parts) > 2 and parts[-2].isdigit() and not _lives(int(parts[-2])):
            shutil.rmtree(place, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
