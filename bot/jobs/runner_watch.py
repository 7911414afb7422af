"""Find out of each runner what builds can reach there, and tell the endpoint."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import EngineUnavailableError
from bot.isolation import Isolation
from bot.jobs import runner_states

LOG = logging.getLogger(__name__)


class Remembering(Protocol):
    """Tries the isolation of one runner where the last try is too long ago."""

    async def get(self) -> Isolation:
        """Return how it was found; EngineUnavailableError where nothing answers."""
        ...


class Machine(Protocol):
    """One of the operator's runners."""

    @property
    def name(self) -> str:
        """Return the name that reports show."""
        ...

    @property
    def isolation(self) -> Remembering:
        """Return what tells how its isolation was found."""
        ...


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds from one look at a runner to the next: if it can be used, and if not."""

    usable: float = 3600.0
    unusable: float = 60.0


async def watch(machines: Sequence[Machine], url: str, pauses: Pauses) -> None:
    """Look at each of *machines* from now on, one beside the other."""
    for machine in machines:
        with suppress(SQLAlchemyError):
            await asyncio.to_thread(runner_states.expect, url, machine.name)
    async with asyncio.TaskGroup() as looking:
        for machine in machines:
            looking.create_task(_watch(machine, url, pauses))


async def _watch(machine: Machine, url: str, pauses: Pauses) -> None:
    since = ""
    while True:
        try:
            found = await machine.isolation.get()
            words, since = runner_states.told(found), ""
            pause = pauses.usable if found.engine else pauses.unusable
        except EngineUnavailableError as error:
            if not since:
                since = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
                LOG.warning("%s; its isolation is tried when it answers", error)
            words = f"{runner_states.SILENT} (since {since})"
            pause = pauses.unusable
        try:
            await asyncio.to_thread(runner_states.write, url, machine.name, words)
        except SQLAlchemyError:  # the endpoint says if the database is down
            pause = pauses.unusable
        await asyncio.sleep(pause)
