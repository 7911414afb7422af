"""What hosts that are slow, busy, broken or hostile can do to us: nothing."""

from __future__ import annotations

import asyncio
import gzip
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from bot.images.address import GuardedResolver
from bot.images.settings import Limits, RegistrySettings
from bot.images.transport import NoAnswerError, Reply, Request, Transport
from tests.images.serving import QUICK, Host, always, host, never
from tests.images.test_address import Names


async def send(
    server: Host, settings: RegistrySettings | None = None, origin: str = ""
) -> Reply:
    """Ask *server* one question."""
    url = URL(f"http://{server.name}/question")
    request = Request("GET", url, origin or server.name, {"Authorization": "secret"})
    transport = Transport(settings or server.settings)
    try:
        return await transport.send(request)
    finally:
        await transport.close()


async def refusal(server: Host, settings: RegistrySettings | None = None) -> str:
    """Return why *server* gives no answer."""
    with pytest.raises(NoAnswerError) as caught:
        await send(server, settings)
    return str(caught.value)


async def test_reads_an_answer_to_its_end() -> None:
    """Status, headers and body are what the host sent."""
    async with host(always(418, b"short and stout", {"X-Pot": "tea"})) as server:
        reply = await send(server)

    assert (reply.status, reply.body, reply.headers["x-pot"]) == (
        418,
        b"short and stout",
        "tea",
    )


async def test_a_host_that_says_nothing_is_given_up() -> None:
    """One slow registry must not hold a job."""
    limits = replace(QUICK, answer_seconds=0.2)
    async with host(never) as server:
        settings = replace(server.settings, limits=limits)

        assert await refusal(server, settings) == "does not answer in time"


async def test_a_host_that_drips_is_given_up() -> None:
    """The limit is on the whole answer, not on the pause between two bytes."""

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b".")
            await asyncio.sleep(0.01)
        return response

    limits = replace(QUICK, answer_seconds=0.3)
    async with host(drip) as server:
        settings = replace(server.settings, limits=limits)

        assert await refusal(server, settings) == "does not answer in time"


async def test_a_huge_answer_is_not_read() -> None:
    """Memory belongs to us."""
    async with host(always(200, b"x" * 1001)) as server:
        limits = replace(QUICK, body_bytes=1000)
        settings = replace(server.settings, limits=limits)

        assert await refusal(server, settings) == "sends more than anybody should read"


async def test_a_packed_answer_is_not_unpacked() -> None:
    """We ask for none; a bomb of a thousand times its size stays packed."""
    bomb = gzip.compress(b"\0" * 10_000_000)
    async with host(always(200, bomb, {"Content-Encoding": "gzip"})) as server:
        reply = await send(server)

    assert reply.body == bomb


async def test_garbage_instead_of_http_is_no_answer() -> None:
    """Ports are not always what they seem."""

    async def garble(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read(1)
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    server = await asyncio.start_server(garble, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]

        assert await refusal(Host(f"127.0.0.1:{port}")) == "does not answer"


async def test_a_busy_host_is_asked_again() -> None:
    """A short wait is worth an answer."""
    replies = [
        web.Response(status=429, headers={"Retry-After": "0"}),
        web.Response(text="now"),
    ]

    async def answer(request: web.Request) -> web.StreamResponse:
        return replies.pop(0)

    async with host(answer) as server:
        reply = await send(server)

    assert reply.body == b"now"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"Retry-After": "3600"}, "asks to wait 3600 seconds (429)"),
        ({"Retry-After": "99999999"}, "asks to wait 21600 seconds (429)"),
        ({}, "asks to wait 30 seconds (429)"),
    ],
)
async def test_a_busy_host_is_left_alone(header: dict[str, str], reason: str) -> None:
    """Docker Hub lengthens the ban of those who go on asking."""
    async with host(always(429, b"", header)) as server:
        transport = Transport(server.settings)
        request = Request("GET", URL(f"http://{server.name}/"), server.name)
        said = []
        for _ in range(3):
            with pytest.raises(NoAnswerError) as caught:
                await transport.send(request)
            said.append(str(caught.value))
        await transport.close()

    resting = "asks to be left alone for a while (429)"
    assert said == [reason, resting, resting]
    assert server.asked == ["GET /"]


async def test_a_busy_host_is_asked_again_when_its_time_is_up() -> None:
    """A ban ends when the host said that it would."""
    now = [0.0]
    async with host(always(503, b"", {"Retry-After": "60"})) as server:
        transport = Transport(server.settings, lambda: now[0])
        request = Request("GET", URL(f"http://{server.name}/"), server.name)
        for moment in (0.0, 59.0, 61.0):
            now[0] = moment
            with pytest.raises(NoAnswerError):
                await transport.send(request)
        await transport.close()

    assert server.asked == ["GET /", "GET /"]


async def test_a_host_that_stays_busy_is_asked_twice() -> None:
    """Even a wait of nothing is a bound on how often we come back."""
    async with host(always(429, b"", {"Retry-After": "0"})) as server:
        assert await refusal(server) == "asks to wait 0 seconds (429)"

    assert server.asked == ["GET /question"] * 2


async def test_a_host_that_stays_silent_is_left_alone() -> None:
    """A tree may name hundreds of images on a registry that is down."""
    now = [0.0]
    limits = replace(QUICK, answer_seconds=0.1)
    async with host(never) as server:
        transport = Transport(replace(server.settings, limits=limits), lambda: now[0])
        request = Request("GET", URL(f"http://{server.name}/"), server.name)
        said = []
        for moment in (0.0, 1.0, 2.0, 3.0, 31.0, 33.0):
            now[0] = moment
            with pytest.raises(NoAnswerError) as caught:
                await transport.send(request)
            said.append(str(caught.value))
        await transport.close()

    assert said == ["does not answer in time"] * 6
    assert len(server.asked) == 4


async def test_one_silence_is_forgiven_by_an_answer() -> None:
    """One slow answer must not cost a tree all it asks of Docker Hub."""
    limits = replace(QUICK, answer_seconds=0.1)
    turn = [0]

    async def answer(request: web.Request) -> web.StreamResponse:
        turn[0] += 1
        return await (always(200) if turn[0] % 3 == 0 else never)(request)

    async with host(answer) as server:
        transport = Transport(replace(server.settings, limits=limits))
        request = Request("GET", URL(f"http://{server.name}/"), server.name)
        for number in range(1, 9):
            if number % 3 == 0:
                await transport.send(request)
                continue
            with pytest.raises(NoAnswerError):
                await transport.send(request)
        await transport.close()

    assert len(server.asked) == 8


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("https://127.0.0.1/", "leads to an address that is not public"),
        ("https://[::1]/", "leads to an address that is not public"),
        ("https://[::ffff:10.0.0.1]/", "leads to an address that is not public"),
        ("https://169.254.169.254/latest/", "leads to an address that is not public"),
        ("https://localhost/", "leads to an address that is not public"),
        ("https://2130706433/", "leads to an address that is not public"),
        ("https://0x7f.1/", "leads to an address that is not public"),
        ("http://8.8.8.8/", "wants http instead of https"),
        ("ftp://8.8.8.8/", "wants ftp instead of https"),
        ("file:///etc/passwd", "redirects to nowhere"),
        ("https://user:password@8.8.8.8/", "redirects to nowhere"),
        ("https://[/", "redirects to nowhere"),
        ("https://8.8.8.8:99999/", "redirects to nowhere"),
        ("/question", "redirects too often"),
    ],
)
async def test_a_redirect_leads_nowhere_private(location: str, reason: str) -> None:
    """A listed registry may be taken over; what it points at is judged anew."""
    async with host(always(302, b"", {"Location": location})) as server:
        actual = await refusal(server)

    assert actual == reason


async def test_a_redirect_without_a_place_is_an_answer() -> None:
    """What it means is for others to judge."""
    async with host(always(307)) as server:
        reply = await send(server)

    assert reply.status == 307


async def test_a_password_does_not_follow_a_redirect() -> None:
    """Registries send blobs to storage hosts, which must not learn the token."""
    async with host(always(200, b"blob")) as storage:
        location = {"Location": f"http://{storage.name}/blob"}
        async with host(always(307, b"", location)) as server:
            hosts = frozenset({server.name, storage.name})
            reply = await send(server, RegistrySettings(plain_http_hosts=hosts))

    assert reply.body == b"blob"
    assert server.passwords == ["secret"]
    assert storage.passwords == [""]


async def test_a_password_stays_within_its_host() -> None:
    """A redirect within the registry is the registry."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/question":
            raise web.HTTPTemporaryRedirect("/elsewhere")
        return web.Response(text="here")

    async with host(answer) as server:
        await send(server)

    assert server.passwords == ["secret", "secret"]


async def test_a_stranger_cannot_send_us_to_a_listed_host() -> None:
    """The list opens a company's registry to its own images, not to strangers."""
    async with host(always(200)) as server:
        with pytest.raises(NoAnswerError) as caught:
            await send(server, origin="evil.example")

    assert str(caught.value) == "points at a host that is none of its business"
    assert server.asked == []


async def test_a_name_that_resolves_to_us_is_not_connected_to() -> None:
    """The address is judged where the connection is made, not before."""
    resolver = GuardedResolver(
        frozenset(), Names({"evil.example": ("8.8.8.8", "127.0.0.1")})
    )
    connections: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0, family=socket.AF_INET)
    async with server:
        port = server.sockets[0].getsockname()[1]
        transport = Transport(RegistrySettings(limits=QUICK), resolver=resolver)
        url = URL(f"https://evil.example:{port}/")
        with pytest.raises(NoAnswerError) as caught:
            await transport.send(Request("GET", url, f"evil.example:{port}"))
        await transport.close()

    assert str(caught.value) == "leads to an address that is not public"
    assert connections == []


async def test_a_proxy_of_the_environment_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proxy resolves names itself, behind the back of whoever judges them."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with host(always(200, b"directly")) as server:
        reply = await send(server)

    assert reply.body == b"directly"


async def test_an_unlisted_host_is_spoken_to_with_tls_only() -> None:
    """A password on the wire is everybody's."""
    async with host(always(200)) as server:
        settings = RegistrySettings(private_hosts=frozenset({server.name}))

        assert await refusal(server, settings) == "wants http instead of https"

    assert server.asked == []


@pytest.mark.parametrize("content", [None, "garbage"])
async def test_a_bad_file_of_authorities_is_the_operators(
    content: str | None, tmp_path: Path
) -> None:
    """The registry is not down; whoever reads the reason looks at the file."""
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_text(content)
    async with host(always(200)) as server:
        settings = replace(server.settings, certificate_authorities=str(file))

        assert await refusal(server, settings) == (
            "is not asked, because the operator's file of certificate authorities "
            "cannot be read"
        )


def test_the_defaults_are_bounded() -> None:
    """Whoever deploys without a thought is not waited to death."""
    limits = Limits()

    assert limits.answer_seconds <= limits.image_seconds <= 60
    assert limits.body_bytes <= 4 * 1024 * 1024
