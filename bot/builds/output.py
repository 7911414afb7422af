"""One output of a recipe's container: into the log, or kept for its caller."""

from __future__ import annotations

from collections.abc import Collection

from bot.builds.budget import Kept
from bot.builds.transcript import Lines
from bot.builds.workplace import Workplace


class Output:
    """Takes what a container prints on *name* (``out`` or ``err``).

    If the caller's own output is the log (*name* is in *live*), lines go there
    as they come. Otherwise they are kept as far as *kept* has room for them, and
    handed over.
    """

    def __init__(
        self, place: Workplace, name: str, live: Collection[str], kept: Kept
    ) -> None:
        self._name = name
        self._lines = Lines(place.transcript) if name in live else None
        self._kept = bytearray()
        self._room = kept

    async def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._room.budget.spend(size=len(chunk))
        if self._lines is not None:
            await self._lines.hear(chunk)
        else:
            self._kept += self._room.take(chunk)

    async def close(self) -> tuple[str, ...]:
        """Finish; return the name if everything has been shown already."""
        if self._lines is None:
            return ()
        await self._lines.finish()
        return (self._name,)

    def content(self) -> bytes:
        """Return what was kept for the caller."""
        return bytes(self._kept)
