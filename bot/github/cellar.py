"""Archives of commits on disk, kept a while: a scan and its build share one."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

KEPT = 16
"""Archives that are kept at most once they are no longer fresh."""
FRESH = 15 * 60.0
"""Seconds during which an archive is never thrown away: it may be in use."""
LEFT = 24 * 60 * 60.0
"""Seconds after which what a killed worker left behind is nobody's any more."""
_PASSING = "passing-"

Download = Callable[[Path], Awaitable[None]]
"""Writes the archive into the file that it is given."""


class Cellar:
    """A directory of archives, each named by its repository and commit."""

    def __init__(self, folder: Path) -> None:
        """Make the directory, for nobody else to read: archives are private."""
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        _sweep(folder)
        self.folder = folder
        self._turns: dict[str, asyncio.Lock] = {}

    async def archive(self, repository: str, sha: str, download: Download) -> Path:
        """Return the archive of *sha*, downloaded if it is not there yet."""
        name = hashlib.sha256(f"{repository}@{sha}".encode()).hexdigest()
        file = self.folder / f"{name}.tar.gz"
        turn = self._turns.setdefault(name, asyncio.Lock())
        async with turn:
            if not await asyncio.to_thread(_touched, file):
                # A name of its own: another worker may share the directory.
                with TemporaryDirectory(prefix=_PASSING, dir=self.folder) as folder:
                    part = Path(folder) / "part"
                    await download(part)
                    await asyncio.to_thread(part.replace, file)
        self._turns.pop(name, None)
        await asyncio.to_thread(_trim, self.folder)
        return file


def _touched(file: Path) -> bool:
    """Tell whether *file* is there, and mark it as used now."""
    if not file.exists():
        return False
    file.touch()
    return True


def _sweep(folder: Path) -> None:
    """Remove what workers left behind that were killed."""
    for left in folder.glob(f"{_PASSING}*"):
        if left.stat().st_mtime < time.time() - LEFT:
            shutil.rmtree(left, ignore_errors=True)


def _trim(folder: Path) -> None:
    """Throw away the archives that were used longest ago."""
    used = {file: file.stat().st_mtime for file in folder.glob("*.tar.gz")}
    oldest_first = sorted(used, key=lambda file: used[file])
    for file in oldest_first[:-KEPT]:
        if used[file] < time.time() - FRESH:
            file.unlink(missing_ok=True)
