"""The endpoint in a process of its own, with as few files as a plain service has."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests import payloads
from tests.world.places import LOOPBACK, free_port
from tests.world.processes import await_answer, running
from tests.world.surroundings import surroundings

FILES = 1024
SECRET = "it is a secret"  # noqa: S105 - of these tests
_OURS = 4096
_START_SECONDS = 60.0
_PATIENCE = 30.0
_MIB = 1024


@dataclass(frozen=True, slots=True)
class Served:
    """A running endpoint, as its operator and everybody else sees it."""

    port: int
    process: int

    def memory(self, name: str = "VmRSS") -> float:
        """Return the MiB that it has now, or (``VmHWM``) had at most."""
        lines = Path(f"/proc/{self.process}/status").read_text().splitlines()
        (line,) = (line for line in lines if line.startswith(f"{name}:"))
        return int(line.split()[1]) / _MIB

    def seconds(self) -> float:
        """Return the seconds of processor time that it has used."""
        figures = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2]
        user, system = figures.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def files(self) -> int:
        """Return how many descriptors it has open."""
        return len(list(Path(f"/proc/{self.process}/fd").iterdir()))

    async def ask(self, path: str) -> tuple[int, bytes]:
        """Return the status and the text of what *path* says to a newcomer."""
        return await asyncio.to_thread(self._say, "GET", path)

    async def deliver(self, body: bytes, name: str, event: str = "push") -> int:
        """Return the status with which a signed *body* is answered."""
        headers = announced(body, event, name)
        said = await asyncio.to_thread(self._say, "POST", "/webhook", body, headers)
        return said[0]

    async def waiting(self) -> int:
        """Return how many jobs there are."""
        jobs = json.loads((await self.ask("/ready"))[1])["jobs"]
        return int(jobs["waiting"])

    async def is_well(self, number: int) -> float:
        """Return how long a health check and then a new webhook took, together."""
        began = time.monotonic()
        health = await self.ask("/health")
        took = await self.deliver(new_push(number), f"d-{number}")

        assert (health[0], took) == (200, 202)
        return time.monotonic() - began

    def _say(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Ask over a connection of its own, beside the loop that the strangers use."""
        line = HTTPConnection(LOOPBACK, self.port, timeout=_PATIENCE)
        with closing(line):
            line.request(method, path, body, dict(headers or {}))
            answer = line.getresponse()
            return answer.status, answer.read()


def announced(body: bytes, event: str, name: str) -> Mapping[str, str]:
    """Return the headers with which GitHub would send *body*."""
    digest = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": name,
        "X-Hub-Signature-256": f"sha256={digest}",
    }


def new_push(number: int) -> bytes:
    """Return a push that has just happened, to a branch of its own."""
    repository = {**payloads.REPOSITORY, "pushed_at": int(time.time())}
    ref = f"refs/heads/topic-{number}"
    pushed = payloads.push("Dockerfile", ref=ref, repository=repository)
    return json.dumps(pushed).encode()


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Run ``multiarch serve`` with 1,024 files as long as the block lasts."""
    port = free_port()
    settings = surroundings(
        HOST=LOOPBACK,
        PORT=str(port),
        MULTIARCH_HOME=str(folder / "home"),
        MULTIARCH_APP_ID="1",
        MULTIARCH_PRIVATE_KEY="hush",
        MULTIARCH_WEBHOOK_SECRET=SECRET,
    )
    command = (
        *("prlimit", f"--nofile={FILES}:{FILES}", "--"),
        *(sys.executable, "-m", "bot", "serve"),
    )
    log = folder / "served.log"
    with running(command, log, settings) as process, more_files():
        served = Served(port, process.pid)

        def answers() -> bool:
            return "listening on" in log.read_text(errors="replace")

        await_answer(process, log, answers, _START_SECONDS)
        yield served


@contextmanager
def more_files() -> Iterator[None]:
    """Let this process, which plays the strangers, open more than the other."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(_OURS, hard)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@asynccontextmanager
async def dialled(
    served: Served, source: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect from the loopback address *source* as long as the block lasts."""
    reader, writer = await asyncio.open_connection(
        LOOPBACK, served.port, local_addr=(source, 0)
    )
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
