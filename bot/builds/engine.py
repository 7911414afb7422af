"""Ask a Docker engine something without blocking, and always in bounded time."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

from docker import APIClient
from docker.constants import DEFAULT_DOCKER_API_VERSION
from docker.errors import APIError, DockerException, TLSParameterError
from requests.exceptions import RequestException

from bot.builds import endpoint as endpoints
from bot.builds.endpoint import Endpoint
from bot.builds.tunnel import Tunnel
from bot.errors import EngineUnavailableError
from bot.redaction import strike

T = TypeVar("T")
_SILENCE = (
    RequestException,
    OSError,
    TLSParameterError,
    DockerException,
)
_GRACE = 15.0
_THREADS = 8
_OLDEST = "1.24"


class Engine:
    """A Docker engine behind threads; a connection is used again while it is good.

    APIError is the engine's own answer and passes through; everything that
    keeps an answer from coming becomes EngineUnavailableError. An engine that is
    *dialled*, each connection by a program of its own, is not tried beforehand.
    """

    def __init__(
        self, endpoint: Endpoint, seconds: float, *, dialled: bool = False
    ) -> None:
        self._dialled = dialled or endpoint.url.startswith("ssh:")
        self.name = endpoint.name
        self._tunnel = Tunnel(endpoint) if endpoint.url.startswith("ssh:") else None
        self.endpoint = self._tunnel.endpoint if self._tunnel else endpoint
        self._seconds = seconds
        self._version = ""
        self._idle: list[APIClient] = []
        weakref.finalize(self, _hang_up, self._idle)
        self._closed = False
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

    def connect(self) -> APIClient:
        """Return a client of its own for whoever closes it; blocks."""
        return self._connect(self._seconds)

    def close(self) -> None:
        """Hang up; whoever still waits for an answer gets it."""
        self._closed = True
        self._threads.shutdown(wait=False)
        _hang_up(self._idle)

    def _run(self, work: Callable[[APIClient], T], seconds: float) -> T:
        try:
            client = self._idle.pop() if self._idle else self._connect(seconds)
        except _SILENCE as error:
            raise self._unavailable(self._reason(error)) from error
        client.timeout = int(seconds)
        try:
            answer = work(client)
        except APIError:
            self._put_back(client)
            raise
        except _SILENCE as error:
            client.close()
            raise self._unavailable(self._reason(error)) from error
        except BaseException:
            client.close()
            raise
        self._put_back(client)
        return answer

    def _put_back(self, client: APIClient) -> None:
        if self._closed:
            client.close()
        else:
            self._idle.append(client)

    def _reason(self, error: BaseException) -> str:
        """Return why *error* came: what ssh says is nearer to it than our end."""
        told = self._tunnel.last.reason if self._tunnel else ""
        return told or _innermost(error)

    def _connect(self, seconds: float) -> APIClient:
        if not self._dialled:
            _knock(self.endpoint)
        if not self._version:
            # The client could ask by itself, but would leave its connection
            # open where the answer does not come.
            with closing(endpoints.connect(self.endpoint, seconds, _OLDEST)) as client:
                self._version = _lower(client.version(api_version=False)["ApiVersion"])
        return endpoints.connect(self.endpoint, seconds, self._version)

    def _unavailable(self, reason: str) -> EngineUnavailableError:
        first = strike((reason.splitlines() or [""])[0])[:300]
        return EngineUnavailableError(
            f"the Docker engine {self.endpoint.name} does not answer: {first}"
        )


def _hang_up(idle: list[APIClient]) -> None:
    while idle:
        idle.pop().close()


def _knock(endpoint: Endpoint) -> None:
    """Fail at once where a local engine is down, and close what was opened."""
    if endpoint.url.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(endpoint.url.removeprefix("unix://"))


def _lower(version: str) -> str:
    """Return the engine's API version, or ours if that is lower."""
    return min(
        (version, DEFAULT_DOCKER_API_VERSION),
        key=lambda text: tuple(int(part) for part in text.split(".")),
    )


def _waiting(pending: Future[T]) -> asyncio.Future[T]:
    return asyncio.shield(asyncio.wrap_future(pending))


def _innermost(error: BaseException) -> str:
    """Return what the system said, without the layers that wrapped it."""
    link: BaseException | None = error
    said = str(error)
    while link is not None:
        if isinstance(link, OSError) and link.strerror:
            said = link.strerror
        link = link.__cause__ or link.__context__
    return said
