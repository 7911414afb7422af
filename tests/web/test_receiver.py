"""Webhooks: who is let in, what becomes of it, and what the answer is."""

from __future__ import annotations

import asyncio
import hmac
import io
import json
import logging
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.web.announcement import LARGEST
from bot.web.intake import Intake
from bot.web.receiver import Receiver, application
from handlers import ROUTER
from tests import payloads
from tests.handlers.fake_jobs import FakeJobs
from tests.world.github.fixtures import webhooks
from tests.world.github.recorded import Recorded

__all__ = ["webhooks"]

ROOT = Path(__file__).parent.parent.parent
SECRET = "it is a secret"  # noqa: S105 - of this test
NOW = 1_700_000_000.0
"""When the payloads of the tests were sent."""
Client = TestClient[Request, Application]


def signed(body: bytes, event: str = "push", **other: str) -> dict[str, str]:
    """Return the headers with which GitHub would send *body*."""
    digest = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": "d-1",
        "X-Hub-Signature-256": f"sha256={digest}",
        **other,
    }


@pytest.fixture
def jobs() -> FakeJobs:
    """Return the queue behind the endpoint."""
    return FakeJobs()


@pytest_asyncio.fixture
async def client(jobs: FakeJobs) -> AsyncIterator[Client]:
    """Give a client of the running endpoint."""
    receiver = Receiver(jobs, ROUTER, SECRET, clock=lambda: NOW)
    async with TestClient(TestServer(application(receiver, pause=0))) as made:
        yield made


async def send(
    client: Client, body: bytes, headers: Mapping[str, str], path: str = "/webhook"
) -> tuple[int, str]:
    """Send *body* and return the status and the text of the answer."""
    answer: ClientResponse = await client.post(path, data=body, headers=headers)
    return answer.status, await answer.text()


PUSH = json.dumps(payloads.push("Dockerfile")).encode()
NAME = "e9481a0ea71fcae1e149696e46181e69"
"""What a push of these bytes is called, whoever sends it."""


@pytest.mark.parametrize("path", ["/", "/webhook"])
async def test_queues_what_is_signed(client: Client, jobs: FakeJobs, path: str) -> None:
    """The answer comes after the job is kept, and says so."""
    assert await send(client, PUSH, signed(PUSH), path) == (202, "")
    assert list(jobs.jobs) == [f"push~octo/app~main~1700000000~{NAME}"]


async def test_a_redelivery_does_nothing(client: Client, jobs: FakeJobs) -> None:
    """GitHub and people deliver again; the second time changes nothing."""
    await send(client, PUSH, signed(PUSH))

    assert await send(client, PUSH, signed(PUSH)) == (202, "")
    assert len(jobs.jobs) == 1


async def test_another_name_is_the_same_delivery(
    client: Client, jobs: FakeJobs
) -> None:
    """The name that GitHub gives a delivery is not signed: anybody can choose it."""
    for name in ("d-1", "d-2", "72d3162e-cc78-11e3-81ab-4c9367dc0958"):
        headers = signed(PUSH, **{"X-GitHub-Delivery": name})

        assert await send(client, PUSH, headers) == (202, "")
    assert len(jobs.jobs) == 1


async def test_the_log_tells_both_names(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """GitHub shows its own name, our messages show the other."""
    caplog.set_level(logging.INFO, "bot.web.receiver")
    await send(client, PUSH, signed(PUSH))

    assert caplog.messages == [f"delivery d-1: push accepted as {NAME}"]


async def test_an_old_delivery_asks_for_nothing(jobs: FakeJobs) -> None:
    """Whoever kept one for a month cannot have it done when the database is new."""
    month = 30 * 24 * 3600
    receiver = Receiver(jobs, ROUTER, SECRET, clock=lambda: NOW + month)
    async with TestClient(TestServer(application(receiver))) as client:
        assert await send(client, PUSH, signed(PUSH)) == (202, "")

    assert jobs.jobs == {}


async def test_a_button_works_again_after_a_while(jobs: FakeJobs) -> None:
    """Its payload may be the same bytes; pressed twice at once, it is one wish."""
    body = json.dumps(payloads.check_run()).encode()
    now = [NOW]
    receiver = Receiver(jobs, ROUTER, SECRET, clock=lambda: now[0])
    async with TestClient(TestServer(application(receiver))) as client:
        for later in (0, 1, 3600):
            now[0] = NOW + later
            await send(client, body, signed(body, "check_run"))

    assert len(jobs.jobs) == 2


async def test_takes_a_form_as_well(client: Client, jobs: FakeJobs) -> None:
    """GitHub's other content type carries the same payload."""
    body = urlencode({"payload": PUSH.decode()}).encode()
    form = "application/x-www-form-urlencoded"
    headers = signed(body, **{"Content-Type": form})

    assert await send(client, body, headers) == (202, "")


UNSIGNED = "The signature is missing or does not fit the secret.\n"
ANY = signed(b"")
"""Well formed, and of another body."""


async def test_refuses_who_does_not_know_the_secret(
    client: Client, jobs: FakeJobs
) -> None:
    """Anybody can send to a public address."""
    headers = signed(PUSH, **{"X-Hub-Signature-256": f"sha256={'0' * 64}"})

    assert await send(client, PUSH, headers) == (401, UNSIGNED)
    assert jobs.jobs == {}


async def test_refuses_a_body_that_was_changed(client: Client) -> None:
    """The signature is over the very bytes."""
    assert await send(client, PUSH + b" ", signed(PUSH)) == (401, UNSIGNED)


async def test_refuses_what_is_announced_too_large(client: Client) -> None:
    """It is not even read."""
    body = b" " * (LARGEST + 1)
    file = io.BytesIO(body)
    answer = await client.post("/webhook", data=file, headers=signed(body))

    assert answer.status == 413


async def test_does_not_wait_for_a_body_that_does_not_come(jobs: FakeJobs) -> None:
    """Whoever opens a thousand requests and sends nothing holds none of them."""
    receiver = Receiver(jobs, ROUTER, SECRET, Intake(patience=0.05))
    never = asyncio.Event()

    async def chunks() -> AsyncIterator[bytes]:
        yield b"{"
        await never.wait()

    async with TestClient(TestServer(application(receiver))) as client:
        answer = await client.post("/webhook", data=chunks(), headers=ANY)

        assert answer.status == 408


async def test_refuses_what_turns_out_too_large(client: Client) -> None:
    """Without a length, reading stops where the limit is."""
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 1 << 20
            yield b" " * (1 << 20)

    answer = await client.post("/webhook", data=chunks(), headers=ANY)

    assert answer.status == 413
    assert sent < 64 << 20


@pytest.mark.parametrize(
    ("body", "headers", "complaint"),
    [
        (b"{", {}, "The body is not JSON.\n"),
        (b"\xff", {}, "The body is not JSON.\n"),
        (b"", {}, "The body is not JSON.\n"),
        (b"[]", {}, "The body is not a JSON object.\n"),
        (b"[" * 100_000, {}, "The body is not JSON.\n"),
        (
            b"a=b",
            {"Content-Type": "application/x-www-form-urlencoded"},
            "The body is not JSON.\n",
        ),
        (b'{"action": []}', {}, "payload.action is not a string.\n"),
        (b"{}", {}, "payload.ref is missing.\n"),
    ],
)
async def test_says_what_is_wrong_with_a_body(
    client: Client, body: bytes, headers: dict[str, str], complaint: str
) -> None:
    """A signed but broken delivery is the sender's to mend, not a crash."""
    assert await send(client, body, signed(body, **headers)) == (400, complaint)


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("ping", b"{}"),
        ("unheard_of", b"{}"),
        ("pull_request", b'{"action": "closed"}'),
    ],
)
async def test_has_nothing_to_say_to(
    client: Client, jobs: FakeJobs, event: str, body: bytes
) -> None:
    """An event that nobody handles is fine, and says so."""
    assert await send(client, body, signed(body, event)) == (204, "")
    assert jobs.jobs == {}


async def test_a_job_that_cannot_be_kept_is_not_accepted(
    client: Client, jobs: FakeJobs
) -> None:
    """GitHub shows the failed delivery, which can then be sent again."""
    jobs.down = True

    expected = "The database does not answer; deliver it again later.\n"
    assert await send(client, PUSH, signed(PUSH)) == (503, expected)


async def test_tells_that_it_lives_and_whether_it_is_ready(
    client: Client, jobs: FakeJobs
) -> None:
    """A balancer asks both; only the second depends on the database."""
    health = await client.get("/health")
    ready = await client.get("/ready")
    jobs.down = True
    still = await client.get("/health")
    not_ready = await client.get("/ready")

    assert (health.status, await health.json()) == (200, {"status": "live"})
    depth = {"waiting": 0, "running": 0}
    assert (ready.status, await ready.json()) == (
        200,
        {
            "status": "ready",
            "jobs": depth,
            "runners": {"arm": "isolated: only public addresses"},
        },
    )
    assert still.status == 200
    assert (not_ready.status, await not_ready.json()) == (
        503,
        {"status": "the database does not answer"},
    )


async def test_a_queue_that_is_empty_is_found_as_the_documentation_says(
    client: Client, jobs: FakeJobs
) -> None:
    """Who upgrades waits for these words; they are true only when nothing is open."""
    page = (ROOT / "docs/runners.md").read_text()
    (words,) = re.findall("grep -q '(.*)'", page)
    empty = await (await client.get("/ready")).text()
    await send(client, PUSH, signed(PUSH))
    filled = await (await client.get("/ready")).text()

    assert jobs.jobs
    assert words in empty
    assert words not in filled


async def test_answers_every_recorded_webhook(
    client: Client, webhooks: tuple[Recorded, ...]
) -> None:
    """Whatever GitHub is known to send: never an error of ours.

    The examples of handled events that lack what every delivery to an App has
    (an installation, a sender) are refused in words; nothing else is.
    """
    answers: dict[int, set[str]] = {}
    for number, one in enumerate(webhooks):
        body = json.dumps(one.payload).encode()
        headers = signed(body, one.event, **{"X-GitHub-Delivery": f"d-{number}"})
        status, text = await send(client, body, headers)
        answers.setdefault(status, set()).add(text)

    assert len(webhooks) == 329
    assert answers == {
        202: {""},
        204: {""},
        400: {"payload.installation is missing.\n"},
    }


async def test_every_recorded_webhook_of_an_app_is_accepted(
    client: Client, webhooks: tuple[Recorded, ...]
) -> None:
    """With an installation, no example lacks anything that we read."""
    statuses = set()
    for number, one in enumerate(webhooks):
        payload = {**one.payload, "installation": {"id": 1}}
        body = json.dumps(payload).encode()
        headers = signed(body, one.event, **{"X-GitHub-Delivery": f"d-{number}"})
        statuses.add((await send(client, body, headers))[0])

    assert statuses == {202, 204}


async def test_no_event_can_be_passed_off_as_another(
    jobs: FakeJobs, webhooks: tuple[Recorded, ...]
) -> None:
    """The name of the event is not signed either, so the payload has to show it.

    Each recorded payload of every event is sent under the names of all others
    that lead to work, for an App and as if it were new.
    """
    receiver = Receiver(jobs, ROUTER, SECRET, clock=lambda: 0.0)
    names = {*ROUTER._shallow_routes, *ROUTER._deep_routes}  # noqa: SLF001 - no other way to ask
    statuses = set()
    async with TestClient(TestServer(application(receiver))) as client:
        for one in webhooks:
            body = json.dumps({**one.payload, "installation": {"id": 1}}).encode()
            for name in names - {one.event}:
                statuses.add((await send(client, body, signed(body, name)))[0])

    assert statuses <= {202, 204, 400}
    assert jobs.jobs == {}
