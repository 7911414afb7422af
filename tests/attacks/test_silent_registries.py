"""A pull request that names thousands of registries which never answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bot.facts import Published
from bot.images import gather
from bot.images.reference import Reference
from bot.images.registry import RegistryClient
from bot.images.settings import Limits, RegistrySettings

ARM = "linux/arm64"
QUICK = Limits(
    connect_seconds=1.0, answer_seconds=0.3, image_seconds=1.0, question_seconds=20.0
)


@dataclass
class Silent:
    """Listeners that take every connection and say nothing; each is counted."""

    names: list[str] = field(default_factory=list)
    connections: Counter[int] = field(default_factory=Counter)

    async def hear(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take a connection."""
        self.connections[writer.get_extra_info("sockname")[1]] += 1
        with suppress(ConnectionError):
            while await reader.read(1024):
                pass
        writer.close()


@asynccontextmanager
async def silence(count: int) -> AsyncIterator[Silent]:
    """Run *count* listeners on the loopback address."""
    silent = Silent()
    servers = [
        await asyncio.start_server(silent.hear, "127.0.0.1", 0) for _ in range(count)
    ]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    silent.names = [f"127.0.0.1:{port}" for port in ports]
    try:
        yield silent
    finally:
        for server in servers:
            server.close()


def settings(silent: Silent, limits: Limits) -> RegistrySettings:
    """Return the settings of an operator who lists the listeners."""
    return RegistrySettings(plain_http_hosts=frozenset(silent.names), limits=limits)


@pytest.mark.timeout(30)
async def test_who_is_silent_once_is_not_asked_again() -> None:
    """A question to each of a hundred images would take a hundred waits."""
    async with silence(4) as silent:
        images = [f"{name}/app-{n}:1" for n in range(40) for name in silent.names]
        begun = time.monotonic()
        async with RegistryClient(settings(silent, QUICK)) as client:
            facts = await client.facts(images, ARM)
        seconds = time.monotonic() - begun

    assert {one.platforms for one in facts.images.values()} == {None}
    assert len(facts.images) == 160
    assert max(silent.connections.values()) <= 8
    assert seconds < 4 * 0.3 + 3.0
    last = facts.reason(images[-1])
    name = silent.names[-1]
    assert last == f"{name} did not answer before, so it was not asked again"


@pytest.mark.timeout(30)
async def test_the_next_question_asks_again() -> None:
    """A silence may be an accident, and is forgotten with the question."""
    async with (
        silence(1) as silent,
        RegistryClient(settings(silent, QUICK)) as client,
    ):
        await client.facts([f"{silent.names[0]}/a:1"], ARM)
        await client.facts([f"{silent.names[0]}/b:1"], ARM)

    assert sum(silent.connections.values()) == 2


@pytest.mark.timeout(30)
async def test_one_silent_registry_keeps_no_other_waiting() -> None:
    """The images of a healthy one are asked about meanwhile."""
    known = {"slow.example": asyncio.Event(), "quick.example": asyncio.Event()}
    known["quick.example"].set()

    class Catalogue:
        """Waits for one registry until the other has been asked about."""

        async def published(self, reference: Reference) -> Published:
            await known[reference.registry].wait()
            if reference.repository == "last":
                known["slow.example"].set()
            return Published(frozenset({ARM}))

        async def tags(self, reference: Reference) -> tuple[str, ...]:
            return ()

    slow = [f"slow.example/{n}:1" for n in range(60)]
    quick = [f"quick.example/{n}:1" for n in range(20)]
    images = [*slow, *quick, "quick.example/last:1"]
    facts = await gather.facts(Catalogue(), images, ARM, Limits())

    assert {one.platforms for one in facts.images.values()} == {frozenset({ARM})}


@pytest.mark.timeout(30)
async def test_of_five_thousand_registries_a_few_are_asked() -> None:
    """The others are unknown, and the report says why."""
    limits = Limits(connect_seconds=1.0, answer_seconds=0.3, question_seconds=20.0)
    async with silence(25) as silent:
        others = [f"r{n}.example:5000/app:1" for n in range(4_975)]
        images = [*(f"{name}/app:1" for name in silent.names), *others]
        begun = time.monotonic()
        async with RegistryClient(settings(silent, limits)) as client:
            facts = await client.facts(images, ARM)
        seconds = time.monotonic() - begun

    assert len(facts.images) == 5_000
    assert {one.platforms for one in facts.images.values()} == {None}
    assert len(silent.connections) == limits.registries == 20
    assert seconds < 6.0
    why = "was not asked, because too many registries are named at once"
    assert facts.reason(images[-1]) == f"r4974.example:5000 {why}"


@pytest.mark.timeout(30)
async def test_of_five_thousand_images_some_are_asked_about() -> None:
    """On one registry, too."""
    async with silence(1) as silent:
        images = [f"{silent.names[0]}/app-{n}:1" for n in range(5_000)]
        async with RegistryClient(settings(silent, QUICK)) as client:
            facts = await client.facts(images, ARM)

    reasons = Counter(one.reason for one in facts.images.values())
    assert reasons["too many images were asked about at once"] == 4_800
    assert sum(silent.connections.values()) <= 8


@pytest.mark.timeout(30)
async def test_a_question_ends_whoever_is_asked() -> None:
    """Each of them may take its time; all of them together may not."""
    limits = Limits(answer_seconds=15.0, image_seconds=15.0, question_seconds=0.5)
    async with silence(3) as silent:
        images = [f"{name}/app:1" for name in silent.names]
        begun = time.monotonic()
        async with RegistryClient(settings(silent, limits)) as client:
            facts = await client.facts(images, ARM)
        seconds = time.monotonic() - begun

    assert seconds < 5.0
    why = "it was not asked about in time, because the others took too long"
    assert {facts.reason(image) for image in images} == {why}
