"""How long others of this process have to wait while something happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def clocked(waits: list[float]) -> AsyncIterator[None]:
    """Note in *waits* how long somebody else of this process has to wait."""

    async def tick() -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            waits.append(time.monotonic() - began)

    ticking = asyncio.create_task(tick())
    try:
        yield
        await asyncio.sleep(0.05)
    finally:
        ticking.cancel()
