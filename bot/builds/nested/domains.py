"""Open a trust domain's engine when it is needed, and let it rest afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from docker import APIClient
from docker.errors import APIError, ImageNotFound
from docker.types import LogConfig

from bot.builds.endpoint import Endpoint
from bot.builds.engine import Engine
from bot.builds.nested import container, reach
from bot.builds.nested.dialer import Dialer
from bot.builds.nested.options import NestedOptions
from bot.builds.private_socket import PrivateSocket
from bot.domain import Domain
from bot.errors import EngineUnavailableError, UserError

_SECONDS_TO_START = 60.0
_SECONDS_TO_PULL = 600.0
_POLL = 0.05
_REST_AFTER = 20.0
_LOCAL = (
    "cat /proc/net/fib_trie | awk '/32 host/ { print last } { last = $2 }' | sort -u"
)
"""Tells every address of the machine, in a container on its own network."""


@dataclass(slots=True)
class Opened:
    """A nested engine that this process uses, or used a moment ago."""

    engine: Engine
    socket: PrivateSocket
    dialer: Dialer
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
    _opened: dict[str, Opened] = field(default_factory=dict)
    _locks: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )
    _own: tuple[str, ...] | None = None

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
        own = [f"{address}/32" for address in await self.addresses()]
        refused = (*reach.REFUSED, *own)
        await self.outer.call(
            lambda client: _run(client, domain, self, refused),
            _SECONDS_TO_START,
        )
        opened = self._opened.get(domain.key) or self._line(domain.key)
        if opened.resting is not None:
            opened.resting.cancel()
        self._opened[domain.key] = opened
        try:
            await self._await_answer(domain.key, opened)
        except BaseException:
            self._close(domain.key, opened)
            raise
        opened.dialer.wake()
        return opened

    def _line(self, key: str) -> Opened:
        dialer = Dialer(self.outer.connect, container.Place(key).name)
        socket = PrivateSocket(dialer.lead)
        place = Endpoint(self.outer.name, socket.url)
        return Opened(Engine(place, self.seconds, dialled=True), socket, dialer)

    async def _await_answer(self, key: str, opened: Opened) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            with contextlib.suppress(EngineUnavailableError, APIError):
                await opened.engine.call(APIClient.ping)
                return
            if not await self.outer.call(lambda client: _runs(client, key)):
                said = await self.outer.call(
                    lambda client: container.last_words(client, key)
                )
                raise UserError(_cannot(self.outer.name, said or "it ended at once"))
            if time.monotonic() > deadline:
                raise UserError(_cannot(self.outer.name, "it does not answer"))
            await asyncio.sleep(_POLL)

    async def addresses(self) -> tuple[str, ...]:
        """Return the IPv4 addresses of the runner's own machine."""
        if self._own is None:
            image = self.options.image
            await self.outer.call(
                lambda client: _have_image(client, image), _SECONDS_TO_PULL
            )
            self._own = await self.outer.call(lambda client: _addresses(client, image))
        return self._own


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


def _have_image(client: APIClient, image: str) -> None:
    try:
        client.inspect_image(image)  # type: ignore[no-untyped-call]  # SDK stubs
    except ImageNotFound:
        name, _, tag = image.rpartition(":")
        client.pull(name or image, tag=tag if name else "latest")


def _addresses(client: APIClient, image: str) -> tuple[str, ...]:
    """Return the machine's own IPv4 addresses but its loopback."""
    made = client.create_container(
        image,
        command=["-c", _LOCAL],
        entrypoint=["/bin/sh"],
        host_config=client.create_host_config(
            network_mode="host",
            cap_drop=["ALL"],
            log_config=LogConfig(type="json-file"),
        ),
    )["Id"]
    try:
        client.start(made)
        status = client.wait(made)["StatusCode"]
        said: bytes = client.logs(made)
    finally:
        client.remove_container(made, v=True, force=True)
    found = said.decode("ascii", "replace").split()
    own = tuple(one for one in found if not one.startswith("127."))
    if status or not own:
        raise UserError(
            "The addresses of the runner cannot be found out, so builds could reach "
            f"them (its engine image ended with status {status})."
        )
    return own


def _cannot(runner: str, why: str) -> str:
    return (
        f"The runner {runner} cannot give this repository a Docker engine of its own "
        f"({why}), so nothing of it is built there. docs/runners.md says what a "
        "runner needs."
    )
