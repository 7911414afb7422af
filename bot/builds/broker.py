"""Carry out the docker calls of one recipe, each as far as it is safe."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from dataclasses import dataclass, field

from bot.builds import calls, desk, small_calls
from bot.builds.budget import Kept
from bot.builds.building import Building
from bot.builds.calls import BuildCall, RunCall
from bot.builds.desk import Answer, Call, Request
from bot.builds.running import Running
from bot.builds.sandbox import Sandbox
from bot.builds.shim import CALLS
from bot.builds.words import CallError
from bot.errors import UserError

_REFUSED = 125


@dataclass(frozen=True, slots=True)
class Broker:
    """Answers the calls that come out of *sandbox*."""

    sandbox: Sandbox
    building: Building
    running: Running
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def attend(self, call: Call) -> None:
        """Carry out the call and bring the answer."""
        folder = self.sandbox.place.folder / f"call-{next(self.numbers)}"
        folder.mkdir()
        kept = Kept(self.sandbox.budget)
        try:
            if call.has_input:
                await self.sandbox.fetch(f"{CALLS}/{call.name}/stdin", folder)
            answer = await self._answer(desk.read(call, folder, kept))
        except (CallError, UserError) as error:
            answer = Answer(_REFUSED, err=f"docker: {error}\n".encode())
        finally:
            # A context is large, and the run may be long.
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        try:
            await self.sandbox.reply(call.name, answer)
        finally:
            kept.let_go()

    async def _answer(self, request: Request) -> Answer:
        asked = calls.read(request.asked)
        if isinstance(asked, BuildCall):
            self._note(asked.notes)
            return await self.building.carry_out(asked, request)
        if isinstance(asked, RunCall):
            self._note(asked.notes)
            return await self.running.carry_out(asked, request)
        return await small_calls.carry_out(asked, self.sandbox, self.building.images)

    def _note(self, notes: tuple[str, ...]) -> None:
        for note in notes:
            self._say(note)

    def _say(self, text: str) -> None:
        self.sandbox.place.transcript.add(f"multiarch: {text}")
