"""Tests of keeping starts and mounts apart."""

from __future__ import annotations

import asyncio

from bot.builds.gate import Gate


async def turns(times: int = 5) -> None:
    """Let everybody else go on as far as they can."""
    for _ in range(times):
        await asyncio.sleep(0)


class Visit:
    """Somebody who enters a gate, and stays until told to leave."""

    def __init__(self, gate: Gate, *, mounting: bool) -> None:
        self.inside = False
        self._leave = asyncio.Event()
        self._task = asyncio.create_task(self._go(gate, mounting=mounting))

    async def _go(self, gate: Gate, *, mounting: bool) -> None:
        async with gate.mounting() if mounting else gate.starting():
            self.inside = True
            await self._leave.wait()
        self.inside = False

    async def leave(self) -> None:
        """Leave the gate."""
        self._leave.set()
        await self._task

    async def be_cancelled(self) -> None:
        """End while waiting or inside."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_starts_pass_together() -> None:
    """Nobody waits where nothing is mounted."""
    gate = Gate()
    first, second = Visit(gate, mounting=False), Visit(gate, mounting=False)
    await turns()

    assert first.inside
    assert second.inside
    await first.leave()
    await second.leave()


async def test_a_mount_waits_for_every_start_and_holds_new_ones_back() -> None:
    """A container that is just starting can be paused by nobody."""
    gate = Gate()
    early = Visit(gate, mounting=False)
    await turns()
    mount = Visit(gate, mounting=True)
    await turns()
    late = Visit(gate, mounting=False)
    await turns()
    before = (early.inside, mount.inside, late.inside)
    await early.leave()
    await turns()
    between = (mount.inside, late.inside)
    await mount.leave()
    await turns()

    assert before == (True, False, False)
    assert between == (True, False)
    assert late.inside
    await late.leave()


async def test_mounts_are_made_one_at_a_time() -> None:
    """The second would unpause what the first holds still."""
    gate = Gate()
    first, second = Visit(gate, mounting=True), Visit(gate, mounting=True)
    await turns()
    alone = (first.inside, second.inside)
    await first.leave()
    await turns()

    assert alone == (True, False)
    assert second.inside
    await second.leave()


async def test_whoever_gives_up_lets_the_others_pass() -> None:
    """A run that ends must not leave a gate closed."""
    gate = Gate()
    start = Visit(gate, mounting=False)
    await turns()
    mount = Visit(gate, mounting=True)
    await turns()
    await mount.be_cancelled()
    second = Visit(gate, mounting=False)
    await turns()
    passed = second.inside
    await start.be_cancelled()
    await second.leave()
    last = Visit(gate, mounting=True)
    await turns()

    assert passed
    assert last.inside
    await last.leave()
