"""Open a trust domain's engine when it is needed, and let it rest afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from docker import APIClient
from docker.errors import APIError

from bot.builds.endpoint import Endpoint
from bot.builds.engine import Engine
from bot.builds.nested import container, engine_image, errand, reach
from bot.builds.nested.command_dialer import CommandDialer
from bot.builds.nested.dialer import Dialer
from bot.builds.nested.options import NestedOptions
from bot.builds.private_socket import PrivateSocket
from bot.domain import Domain
from bot.errors import EngineUnavailableError, UserError
from bot.remembered import Remembered

_SECONDS_TO_START = 60.0
_SECONDS_TO_PULL = 600.0
_POLL = 0.05
_REST_AFTER = 20.0
_STARTS = 2
_ADDRESSES_KNOWN_FOR = 3600.0
_LOCAL = (
    "cat /proc/net/fib_trie | awk '/32 host/ { print last } { last = $2 }' | sort -u"
)
"""Tells every address of the machine, in a container on its own network."""


@dataclass(slots=True)
class Opened:
    """A nested engine that this process uses, or used a moment ago."""

    engine: Engine
    socket: PrivateSocket
    dialer: Dialer | CommandDialer
    users: int = 0
    resting: asyncio.TimerHandle | None = None

    def close(self) -> None:
        """Hang up every line to it."""
        self.engine.close()
        self.dialer.rest()
        self.socket.close()


@dataclass(slots=True)
class Domains:
    """The trust domains on one runner's engine, as this process knows them."""

    outer: Engine
    options: NestedOptions
    seconds: float
    """How long an answer of a nested engine may take."""
    docker: Callable[[], Awaitable[tuple[str, Mapping[str, str]]]]
    """Tells the path of the docker command, and its environment for this runner."""
    _opened: dict[str, Opened] = field(default_factory=dict)
    _locks: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )
    _own: Remembered[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Know nothing of the runner yet; it may get an address, too."""
        self._own = Remembered(self._ask_addresses, _ADDRESSES_KNOWN_FOR)

    @asynccontextmanager
    async def use(self, domain: Domain) -> AsyncIterator[Engine]:
        """Give the engine of *domain*, started if it does not run.

        Raise UserError where this runner cannot give it one.
        """
        async with self._locks[domain.key]:
            opened = self._opened.get(domain.key)
            if opened is None or not opened.users:
                opened = await self._open(domain)
            opened.users += 1
        try:
            yield opened.engine
        finally:
            opened.users -= 1
            if not opened.users:
                loop = asyncio.get_running_loop()
                opened.resting = loop.call_later(
                    _REST_AFTER, self._close, domain.key, opened
                )

    async def leave(self, domain: Domain) -> None:
        """Throw away what a domain of one job has, now that the job is done."""
        async with self._locks[domain.key]:
            opened = self._opened.pop(domain.key, None)
            if opened is not None:
                opened.close()
            await self.outer.call(lambda client: container.remove(client, domain.key))
        self._locks.pop(domain.key, None)

    def close(self) -> None:
        """Hang up every line; the engines end by themselves when idle."""
        for key, opened in tuple(self._opened.items()):
            self._close(key, opened)

    def _close(self, key: str, opened: Opened) -> None:
        if opened.resting is not None:
            opened.resting.cancel()
        if not opened.users:
            if self._opened.get(key) is opened:
                del self._opened[key]
            opened.close()

    async def _open(self, domain: Domain) -> Opened:
        """Start the engine of *domain*, and open a line to it."""
        opened = self._opened.get(domain.key) or await self._line(domain.key)
        if opened.resting is not None:
            opened.resting.cancel()
        self._opened[domain.key] = opened
        try:
            await self._start(domain, opened)
        except BaseException:
            self._close(domain.key, opened)
            raise
        opened.dialer.wake()
        return opened

    async def _line(self, key: str) -> Opened:
        name = container.Place(key).name
        dialer: Dialer | CommandDialer = Dialer(self.outer.connect, name)
        if self.outer.endpoint.tls:
            dialer = CommandDialer(*await self.docker(), name)
        socket = PrivateSocket(dialer.lead)
        place = Endpoint(self.outer.name, socket.url)
        return Opened(Engine(place, self.seconds, dialled=True), socket, dialer)

    async def _start(self, domain: Domain, opened: Opened) -> None:
        """Start the engine and wait for its answer.

        One that ran may have been about to end, having been idle: it is started
        once more.
        """
        for _ in range(_STARTS):
            if await self._answers(domain, opened):
                return
        said = await self.outer.call(
            lambda client: container.last_words(client, domain.key)
        )
        raise UserError(_cannot(self.outer.name, said or "it ended at once"))

    async def _answers(self, domain: Domain, opened: Opened) -> bool:
        """Start the engine and wait for its answer; False where it has ended."""
        own = [f"{address}/32" for address in await self.addresses()]
        refused = (*reach.REFUSED, *own)
        await self.outer.call(
            lambda client: _run(client, domain, self, refused), _SECONDS_TO_START
        )
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline:
            with contextlib.suppress(EngineUnavailableError, APIError):
                await opened.engine.call(APIClient.ping)
                return True
            if not await self.outer.call(lambda client: _runs(client, domain.key)):
                return False
            await asyncio.sleep(_POLL)
        raise UserError(_cannot(self.outer.name, "it does not answer"))

    async def addresses(self) -> tuple[str, ...]:
        """Return the IPv4 addresses of the runner's own machine."""
        return await self._own.get()

    async def _ask_addresses(self) -> tuple[str, ...]:
        image, runner = self.options.image, self.outer.name
        await self.outer.call(
            lambda client: engine_image.have(client, runner, image), _SECONDS_TO_PULL
        )
        return await self.outer.call(lambda client: _addresses(client, image))


def _run(
    client: APIClient, domain: Domain, domains: Domains, refused: tuple[str, ...]
) -> None:
    try:
        container.create(client, domain, domains.options, refused)
        container.start(client, domain.key)
    except APIError as error:
        said = str(error.explanation or error)
        raise UserError(_cannot(domains.outer.name, said)) from error


def _runs(client: APIClient, key: str) -> bool:
    state = client.inspect_container(container.Place(key).name)["State"]
    return bool(state["Running"])


def _addresses(client: APIClient, image: str) -> tuple[str, ...]:
    """Return the machine's own IPv4 addresses but its loopback."""
    found = errand.run(client, image, _LOCAL, network_mode="host").split()
    own = tuple(one for one in found if not one.startswith("127."))
    if not own:
        raise UserError(
            "The addresses of the runner cannot be found out, so builds could reach "
            "them (its engine image told none)."
        )
    return own


def _cannot(runner: str, why: str) -> str:
    return (
        f"The runner {runner} cannot give this repository a Docker engine of its own "
        f"({why}), so nothing of it is built there. docs/runners.md says what a "
        "runner needs."
    )
