"""A worker in a process of its own, to be killed: ``python -m tests.pipeline.mortal``.

Its jobs are the bot's own, on a GitHub, a registry and an engine of the tests.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.github.app import connect
from bot.github.credentials import Identity as AppIdentity
from bot.jobs.performing import Patience, Performing
from bot.jobs.worker import Capacity, Identity, Worker
from bot.pipeline.office import Office
from handlers.commands import COMMANDS
from tests.pipeline.workers import TableRegistry, TableRunner


@dataclass(frozen=True, slots=True)
class Orders:
    """Where the worker finds its jobs and its GitHub."""

    database: str
    github: str
    app: str
    key: str
    folder: str

    def command(self, name: str) -> tuple[str, ...]:
        """Return how a worker called *name* is started with these orders."""
        return (sys.executable, "-m", __spec__.name, name, json.dumps(asdict(self)))


async def main(name: str, orders: Orders) -> None:
    """Work until SIGTERM."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    app = AppIdentity(orders.app, orders.key)
    async with connect(orders.github, app, Path(orders.folder) / "cellar") as github:
        office = Office(github, TableRegistry(), (TableRunner(),), COMMANDS)
        performing = Performing(office, Patience(tries=8, first=0.2, most=0.5))
        worker = Worker(Identity(name, orders.database), performing, Capacity())
        await worker.start()
        await told.wait()
        await worker.stop(1.0)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Orders(**json.loads(sys.argv[2]))))
