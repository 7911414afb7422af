"""Signed webhooks in numbers: how many a second are accepted, and how late."""

from __future__ import annotations

import asyncio
import copy
import hmac
import json
import math
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession

from tests.bench.figure import Figure
from tests.bench.serving import Bot, address, serving
from tests.world.github.answers import Json
from tests.world.github.packages import WEBHOOKS, MissingMaterialError, fetch
from tests.world.github.recorded import recorded_webhooks
from tests.world.github.state import State
from tests.world.packages import Missing

SECRET = "a secret of the benchmark"  # noqa: S105 - it guards nothing
AT_ONCE = 8
"""Deliveries that are under way at the same time."""
ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pushes of each kind are delivered."""

    irrelevant: int = 2000
    relevant: int = 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook, ready to be sent."""

    body: bytes
    headers: Mapping[str, str]


def figures(database: str, store: str, counts: Counts) -> tuple[Figure, ...]:
    """Push to a fresh bot that keeps its jobs in *database*; nobody does them."""
    with TemporaryDirectory(prefix="multiarch-") as folder:
        return asyncio.run(_figures(database, store, counts, Path(folder)))


async def _figures(
    database: str, store: str, counts: Counts, place: Path
) -> tuple[Figure, ...]:
    url, listening = address()
    settings = {
        **listening,
        "MULTIARCH_APP_ID": "1",
        "MULTIARCH_PRIVATE_KEY": State(place).register_app("bench", {}, ()).key,
        "MULTIARCH_WEBHOOK_SECRET": SECRET,
    }
    if database:
        settings["MULTIARCH_DATABASE_URL"] = database
    found: list[Figure] = []
    pushed = recorded_push()
    async with serving(url, settings, place) as bot:
        for kind, path, count in (
            ("irrelevant", "main.go", counts.irrelevant),
            ("relevant", "Dockerfile", counts.relevant),
        ):
            ready = tuple(deliveries(pushed, path, count))
            found += await _delivered(bot, ready, f"{kind} pushes ({store})")
    return tuple(found)


def recorded_push() -> Json:
    """Return the push to a branch that GitHub publishes as an example."""
    try:
        fetch(WEBHOOKS)
    except MissingMaterialError as missing:
        raise Missing(str(missing)) from missing
    pushes = (one.payload for one in recorded_webhooks() if one.event == "push")
    return next(push for push in pushes if push["commits"] and "installation" in push)


def deliveries(push: Json, path: str, count: int) -> Iterator[Delivery]:
    """Sign *count* new pushes that change *path*, each to a branch of its own."""
    for number in range(count):
        payload = copy.deepcopy(push)
        payload["ref"] = f"refs/heads/topic-{number}"
        payload["repository"]["pushed_at"] = int(time.time())
        for commit in payload["commits"]:
            commit.update(added=[], removed=[], modified=[path])
        yield _signed(json.dumps(payload).encode())


def _signed(body: bytes) -> Delivery:
    digest = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-Hub-Signature-256": f"sha256={digest}",
    }
    return Delivery(body, headers)


async def _delivered(
    bot: Bot, ready: tuple[Delivery, ...], what: str
) -> tuple[Figure, ...]:
    waiting = iter(ready)
    latencies: list[float] = []
    before, began = bot.processor(), time.perf_counter()
    async with asyncio.timeout(10 * 60), asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(_send(bot.session, bot.url, waiting, latencies))
    seconds = time.perf_counter() - began
    taken = 1_000_000 * (bot.processor() - before) / len(ready)
    return (
        Figure(f"accepted {what}", len(ready) / seconds, "per s"),
        Figure(f"processor time of each of these {what}", taken, "µs"),
        Figure(f"p50 of {what}", 1000 * percentile(latencies, 50), "ms"),
        Figure(f"p99 of {what}", 1000 * percentile(latencies, 99), "ms"),
    )


async def _send(
    session: ClientSession,
    url: str,
    waiting: Iterator[Delivery],
    latencies: list[float],
) -> None:
    for one in waiting:
        began = time.perf_counter()
        async with session.post(
            f"{url}/webhook", data=one.body, headers=one.headers
        ) as answer:
            if answer.status != ACCEPTED:
                raise RuntimeError(f"answered {answer.status}: {await answer.text()}")
        latencies.append(time.perf_counter() - began)


def percentile(values: Iterable[float], percent: int) -> float:
    """Return the smallest value that *percent* of *values* do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]
