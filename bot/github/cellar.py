"""Archives of commits on disk, kept a while: a scan and its build share one.

Whoever reads an archive holds a lock on it, which the kernel lets go of when the
process ends. What nobody reads is thrown away as soon as there is too much,
however young it is.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import private

KEPT = 16
"""Archives that are kept at most, besides those that are being read."""
MOST_BYTES = 4 << 30
"""Bytes of all archives together; more only while they are being read."""
LEFT = 24 * 60 * 60.0
"""Seconds after which what a killed worker left behind is nobody's any more."""
_PASSING = "passing-"
_TRIES = 10

Download = Callable[[Path], Awaitable[None]]
"""Writes the archive into the file that it is given."""


class Cellar:
    """A directory of archives, each named by its repository and commit."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        """Make the directory, for nobody else to read: archives are private."""
        private.directory(folder)
        _sweep(folder)
        self.folder = folder
        self._most_bytes = most_bytes
        self._turns: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def archive(
        self, repository: int, sha: str, download: Download
    ) -> AsyncIterator[Path]:
        """Give the archive of *sha*, downloaded if it is not there yet.

        *repository* is GitHub's number: a name may be another's tomorrow.
        It stays where it is as long as the block lasts.
        """
        name = hashlib.sha256(f"{repository}@{sha}".encode()).hexdigest()
        file = self.folder / f"{name}.tar.gz"
        handle = await self._held(file, download)
        try:
            await asyncio.to_thread(_trim, self.folder, self._most_bytes)
            yield file
        finally:
            os.close(handle)
            _trim(self.folder, self._most_bytes)

    async def _held(self, file: Path, download: Download) -> int:
        """Return a handle that locks *file*, once it is there."""
        turn = self._turns.setdefault(file.name, asyncio.Lock())
        async with turn:
            for _ in range(_TRIES):
                handle = _hold(file)
                if handle is not None:
                    self._turns.pop(file.name, None)
                    return handle
                # A name of its own: another worker may share the directory.
                with TemporaryDirectory(prefix=_PASSING, dir=self.folder) as folder:
                    part = Path(folder) / "part"
                    await download(part)
                    await asyncio.to_thread(_put, part, file)
        raise OSError(f"{self.folder} loses archives before they can be read")


def _put(part: Path, file: Path) -> None:
    """Make *part* the archive *file*; one that is there already is being read."""
    with suppress(FileExistsError):
        file.hardlink_to(part)


def _hold(file: Path) -> int | None:
    """Lock *file* against being thrown away and mark it as used; None if it is not."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        if os.fstat(handle).st_nlink:  # else it was thrown away meanwhile
            os.utime(handle)
            return handle
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _sweep(folder: Path) -> None:
    """Remove what workers left behind that were killed."""
    for left in folder.glob(f"{_PASSING}*"):
        if left.stat().st_mtime < time.time() - LEFT:
            shutil.rmtree(left, ignore_errors=True)


def _trim(folder: Path, most_bytes: int) -> None:
    """Throw away the archives that were used longest ago and are not being read."""
    used: list[tuple[float, int, Path]] = []
    for file in folder.glob("*.tar.gz"):
        with suppress(FileNotFoundError):
            seen = file.stat()
            used.append((seen.st_mtime, seen.st_size, file))
    count, size = len(used), sum(one for _, one, _ in used)
    for _, one, file in sorted(used):
        if count <= KEPT and size <= most_bytes:
            return
        if _thrown_away(file):
            count, size = count - 1, size - one


def _thrown_away(file: Path) -> bool:
    """Remove *file* unless somebody holds it; tell whether it is gone."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
