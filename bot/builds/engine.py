"""Ask a Docker engine something without blocking, and always in bounded time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

from docker import APIClient
from docker.errors import APIError, DockerException, TLSParameterError
from paramiko.ssh_exception import SSHException
from requests.exceptions import RequestException

from bot.builds import endpoint as endpoints
from bot.builds.endpoint import Endpoint
from bot.errors import EngineUnavailableError

T = TypeVar("T")
_SILENCE = (
    RequestException,
    SSHException,
    OSError,
    TLSParameterError,
    DockerException,
)
_GRACE = 15.0
_THREADS = 8


class Engine:
    """A Docker engine behind threads; each question has its own connection.

    APIError is the engine's own answer and passes through; everything that
    keeps an answer from coming becomes EngineUnavailableError.
    """

    def __init__(self, endpoint: Endpoint, seconds: float) -> None:
        self.endpoint = endpoint
        self._seconds = seconds
        self._version = "auto"
        self._threads = ThreadPoolExecutor(_THREADS, "multiarch-engine")

    async def call(
        self, work: Callable[[APIClient], T], seconds: float | None = None
    ) -> T:
        """Run *work* with a client in a thread; wait *seconds* at most.

        A cancelled call waits a moment for its thread, so that whoever cleans
        up afterwards also sees what the call was creating.
        """
        limit = self._seconds if seconds is None else seconds
        pending = self._threads.submit(self._run, work, limit)
        try:
            return await asyncio.wait_for(_waiting(pending), limit + _GRACE)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(_waiting(pending), _GRACE)
            raise
        except TimeoutError:
            raise self._unavailable(f"no answer in {limit:.0f} seconds") from None

    def _run(self, work: Callable[[APIClient], T], seconds: float) -> T:
        try:
            with closing(self._connect(seconds)) as client:
                return work(client)
        except APIError:
            raise
        except _SILENCE as error:
            raise self._unavailable(str(error)) from error

    def _connect(self, seconds: float) -> APIClient:
        client = endpoints.connect(self.endpoint, seconds, self._version)
        self._version = client.api_version
        return client

    def _unavailable(self, reason: str) -> EngineUnavailableError:
        first = (reason.splitlines() or [""])[0][:300]
        return EngineUnavailableError(
            f"the Docker engine {self.endpoint.name} does not answer: {first}"
        )


def _waiting(pending: Future[T]) -> asyncio.Future[T]:
    return asyncio.shield(asyncio.wrap_future(pending))
