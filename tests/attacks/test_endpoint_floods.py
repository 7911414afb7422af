"""Floods of the webhook endpoint: GitHub and the health check get in all the same.

Every test runs the real command with 1,024 files and plays the strangers itself,
over loopback, from one address or from many.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.attacks.served import FILES, Served, announced, dialled, new_push, serving

PROMPT = 2.0
"""Seconds within which the health check and a webhook are answered."""
ROUNDS = 5
SIEGE = 60.0
"""Seconds after which a siege ends by itself."""
PAUSE = 0.5
"""Seconds after which somebody who was thrown out comes back."""
MANY = 120
"""Open files of a process that is under siege."""
LARGE = 25 * 1024 * 1024
GROWTH = 100.0
"""MiB by which the process may grow at most, whatever comes."""
HALF = b"POST /webhook HTTP/1.1\r\nHost: a\r\nX-GitHub-Event: pu"
READY = b"GET /ready HTTP/1.1\r\nHost: a\r\n\r\n"
PILED = 2000
PILE = 0.5
"""Seconds of processor time that the requests of one packet may cost."""
CHUNK = b" " * (256 * 1024)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Return a running endpoint."""
    with serving(tmp_path) as made:
        yield made


def source(number: int, addresses: int) -> str:
    """Return one of so many loopback *addresses*."""
    return f"127.0.1.{1 + number % addresses}"


async def stay(served: Served, said: bytes, place: str, over: asyncio.Event) -> None:
    """Say *said* and nothing more; come back whenever we are thrown out."""
    async with asyncio.timeout(SIEGE):
        while not over.is_set():
            with suppress(ConnectionError):
                async with dialled(served, place) as (reader, writer):
                    writer.write(said)
                    await reader.read()
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), PAUSE)


@asynccontextmanager
async def besieged(served: Served, count: int, addresses: int) -> AsyncIterator[None]:
    """Hold *count* connections, every second with half a head, during the block."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        strangers = [
            group.create_task(
                stay(served, HALF if at % 2 else b"", source(at, addresses), over)
            )
            for at in range(count)
        ]
        async with asyncio.timeout(SIEGE):
            while served.files() < MANY:  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.01)
        yield
        over.set()
        for stranger in strangers:
            stranger.cancel()


@pytest.mark.parametrize("addresses", [1, 24])
async def test_silent_connections_keep_nobody_out(
    served: Served, addresses: int
) -> None:
    """1,200 of them took every file, so that nobody else could be let in."""
    times, files = [], []
    async with besieged(served, 1200, addresses):
        for number in range(2 * ROUNDS):
            times.append(await served.is_well(number))
            files.append(served.files())
            # So that those who were thrown out are back in between.
            await asyncio.sleep(PAUSE / 2)

    assert max(times) < PROMPT
    assert MANY / 2 < min(files) <= max(files) < FILES * 3 / 4
    assert await served.waiting() == 2 * ROUNDS


def head(body: bytes, length: int, signature: str | None = None) -> bytes:
    """Return the head that announces *length* bytes signed as *body* is, or not."""
    lines = dict(announced(body, "push", "d-1"))
    if signature is not None:
        lines["X-Hub-Signature-256"] = signature
    said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return (
        f"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{said}\r\n"
    ).encode()


async def drip(served: Served, said: bytes, place: str) -> int:
    """Go on behind *said* at one byte per second; return the status of the answer."""
    async with dialled(served, place) as (reader, writer):
        writer.write(said)
        for _ in range(30):
            writer.write(b" ")
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    return await status(reader)
    raise AssertionError("one byte per second keeps a connection for ever")


async def status(reader: asyncio.StreamReader) -> int:
    """Return the status that the answer begins with; 0 where none comes."""
    line = await reader.readline()
    return int(line.split()[1]) if line else 0


@pytest.mark.parametrize(
    ("said", "answer"),
    [(head(b"", 1000), 408), (HALF, 0)],
    ids=["bodies", "heads"],
)
async def test_who_is_slow_keeps_nobody_out(
    served: Served, said: bytes, answer: int
) -> None:
    """300 bodies or heads of one byte per second are ended, each after ten seconds."""
    async with asyncio.TaskGroup() as group:
        slow = [
            group.create_task(drip(served, said, source(at, 4))) for at in range(300)
        ]
        times = [await served.is_well(number) for number in range(ROUNDS)]

    assert max(times) < PROMPT
    assert {one.result() for one in slow} == {answer}


async def pour(served: Served, said: bytes, place: str) -> int:
    """Send 25 MiB behind *said* as fast as they are taken; return the status."""
    with suppress(ConnectionError):
        async with dialled(served, place) as (reader, writer):
            writer.write(said)
            answer = asyncio.create_task(status(reader))
            for _ in range(LARGE // len(CHUNK)):
                if answer.done():
                    break
                writer.write(CHUNK)
                with suppress(ConnectionError):
                    await writer.drain()
            return await answer
    return 0


@pytest.mark.parametrize(
    ("signature", "statuses"),
    [("", {401}), ("sha256=0", {401}), (f"sha256={'0' * 64}", {401, 503})],
    ids=["unsigned", "malformed", "wrong"],
)
async def test_large_bodies_take_little_memory(
    served: Served, signature: str, statuses: set[int]
) -> None:
    """40 bodies of 25 MiB held 1 GB before the first signature was looked at."""
    await served.is_well(0)
    before = served.memory()
    said = head(b"", LARGE, signature)
    async with asyncio.timeout(SIEGE), asyncio.TaskGroup() as group:
        floods = [
            group.create_task(pour(served, said, source(at, 4))) for at in range(40)
        ]
        times = [await served.is_well(number) for number in range(1, ROUNDS)]
    answers = Counter(flood.result() for flood in floods)

    assert served.memory("VmHWM") - before < GROWTH
    assert max(times) < PROMPT
    # Who is thrown out in the middle of a flood may not get to hear why.
    assert statuses <= {*answers, 503} <= {*statuses, 503, 0}


async def test_heads_without_an_end_take_little_memory(served: Served) -> None:
    """400 heads of many headers held all of them, up to a megabyte each."""
    await served.is_well(0)
    before = served.memory()
    line = b"A: " + b"a" * 8000 + b"\r\n"

    async def swell(place: str) -> int:
        with suppress(ConnectionError):
            async with dialled(served, place) as (reader, writer):
                writer.write(b"GET / HTTP/1.1\r\n" + line * 120)
                with suppress(ConnectionError):
                    await writer.drain()
                return await status(reader)
        return 0

    async with asyncio.timeout(SIEGE), asyncio.TaskGroup() as group:
        for at in range(400):
            group.create_task(swell(source(at, 4)))

    assert served.memory("VmHWM") - before < GROWTH
    assert await served.is_well(1) < PROMPT


async def test_a_body_under_another_name_is_the_same_job(served: Served) -> None:
    """The name of a delivery is not signed; whoever saw one body had a thousand."""
    body = new_push(1)
    answers = [await served.deliver(body, f"d-{number}") for number in range(20)]

    assert answers == [202] * 20
    assert await served.waiting() == 1


@pytest.mark.parametrize(
    "event", ["pull_request", "issue_comment", "pull_request_review_comment"]
)
async def test_a_body_under_another_event_is_no_job(served: Served, event: str) -> None:
    """The name of the event is not signed either; the payload has to fit it."""
    answer = await served.deliver(new_push(1), "d-1", event)

    assert answer in {204, 400}
    assert await served.waiting() == 0


async def pile(served: Served, place: str) -> int:
    """Ask 2,000 times at once; return how many answers come until it is closed."""
    said = READY * (PILED - 1) + READY.replace(b"Host", b"Connection: close\r\nHost")
    answers = 0
    with suppress(ConnectionError):
        async with dialled(served, place) as (reader, writer):
            writer.write(said)
            while piece := await reader.read(len(CHUNK)):
                answers += piece.count(b"HTTP/1.1 ")
    return answers


async def test_requests_that_are_piled_up_cost_little(served: Served) -> None:
    """2,000 questions in one packet were each carried to the database."""
    await served.is_well(0)
    before = served.seconds()
    async with asyncio.timeout(SIEGE):
        answers = await pile(served, source(0, 1))

    assert served.seconds() - before < PILE
    assert 0 < answers <= PILED
    assert await served.is_well(1) < PROMPT


async def test_many_who_pile_requests_up_keep_nobody_out(served: Served) -> None:
    """480 connections of one packet each held the endpoint for half an hour."""
    await served.is_well(0)
    before = served.memory()
    async with asyncio.timeout(SIEGE), asyncio.TaskGroup() as group:
        for at in range(480):
            group.create_task(pile(served, source(at, 24)))
        times = [await served.is_well(number) for number in range(1, ROUNDS)]

    assert max(times) < PROMPT
    assert served.memory("VmHWM") - before < GROWTH


async def test_requests_in_one_packet_are_answered_in_order(served: Served) -> None:
    """A client may send the next before the answer; it costs no more than by turns."""
    body = new_push(1)
    delivery = head(body, len(body)) + body
    health = READY.replace(b"/ready", b"/health")
    before = served.seconds()
    async with asyncio.timeout(SIEGE), dialled(served, source(0, 1)) as (reader, out):
        out.write((health + delivery + READY) * 3 + health * 300)
        answers = [await answered(reader) for _ in range(309)]

    expected = [(200, b'{"status": "live"}'), (202, b""), (200, b'{"status": "ready"')]
    wanted = expected * 3 + expected[:1] * 300
    begun = zip(answers, wanted, strict=True)
    assert [(code, text[: len(words)]) for (code, text), (_, words) in begun] == wanted
    assert served.seconds() - before < PILE


async def answered(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return the status and the body of the next answer."""
    said = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = said.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return int(said.split()[1]), await reader.readexactly(int(length or 0))
