"""Registries that bend the protocol, and what is learnt from them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
from aiohttp import web

from bot.facts import Published
from bot.images.auth import NO_LOGIN
from bot.images.logins import Credentials
from bot.images.platforms import ACCEPT, OCI_INDEX, OCI_MANIFEST
from bot.images.registry import RegistryClient
from tests.images.serving import Answer, Host, always, digest, host, image, index, never

BODY = index("linux/amd64", "linux/arm64/v8")
BOTH = frozenset({"linux/amd64", "linux/arm64"})


async def ask(server: Host) -> Published:
    """Ask *server* about its image, once."""
    async with RegistryClient(server.settings) as client:
        return await client.published(server.reference())


async def test_asks_head_first_then_by_digest() -> None:
    """HEAD is free at Docker Hub, and a digest cannot change in between."""
    async with host(image(BODY)) as server:
        actual = await ask(server)

    assert actual == Published(BOTH, digest=digest(BODY))
    assert server.asked == [
        "HEAD /v2/app/manifests/1",
        f"GET /v2/app/manifests/{digest(BODY)}",
    ]


async def test_asks_for_all_four_media_types() -> None:
    """A registry answers 404 for an index that was not asked for."""
    accepted: list[str] = []
    serve = image(BODY)

    async def answer(request: web.Request) -> web.StreamResponse:
        accepted.append(request.headers["Accept"])
        return await serve(request)

    async with host(answer) as server:
        await ask(server)

    assert accepted == [ACCEPT, ACCEPT]


@pytest.mark.parametrize("status", [200, 400, 405])
async def test_manages_without_head(status: int) -> None:
    """Some registries do not answer HEAD, or leave the digest out."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response(status=status)
        return web.Response(body=BODY, content_type=OCI_INDEX)

    async with host(answer) as server:
        actual = await ask(server)

    assert actual == Published(BOTH, digest=digest(BODY))


async def test_what_does_not_match_its_digest_is_unknown() -> None:
    """A cache on the way may be broken, or lying."""
    headers = {"Docker-Content-Digest": f"sha256:{'0' * 64}"}
    async with host(always(200, BODY, headers)) as server:
        actual = await ask(server)

    reason = f"{server.name} sends something that does not match its digest"
    assert actual == Published(None, reason)


def manifest(config: str) -> bytes:
    """Return a manifest that names *config*."""
    document = {"mediaType": OCI_MANIFEST, "config": {"digest": config}}
    return json.dumps(document).encode()


def blobs(body: bytes, config: bytes) -> Answer:
    """Serve *body* as every manifest and *config* as every blob."""
    serve = image(body)

    async def answer(request: web.Request) -> web.StreamResponse:
        if "/blobs/" in request.path:
            return web.Response(body=config)
        return await serve(request)

    return answer


REFUSED = NO_LOGIN.format("app")
CONFIG = b'{"os": "linux", "architecture": "arm64"}'


@pytest.mark.parametrize(
    ("body", "config", "reason"),
    [
        (b"<html>", b"", "has it, but the manifest is not a JSON object"),
        (
            b'{"schemaVersion": 1}',
            b"",
            "has it, but the manifest is of schema 1, which names no platform",
        ),
        (
            manifest("../../etc"),
            CONFIG,
            "has it, but names its parts by no digest",
        ),
        (
            manifest(digest(CONFIG)),
            b"other",
            "sends something that does not match its digest",
        ),
        (
            manifest(digest(b"{}")),
            b"{}",
            "has it, but the image configuration names no platform",
        ),
        (
            json.dumps({"manifests": [{"digest": digest(CONFIG)}] * 17}).encode(),
            b"",
            "has it, but its index leaves platforms out",
        ),
    ],
)
async def test_what_cannot_be_read_is_unknown(
    body: bytes, config: bytes, reason: str
) -> None:
    """An image that nobody understands has no verdict on it."""
    async with host(blobs(body, config)) as server:
        actual = await ask(server)

    assert actual == Published(None, f"{server.name} {reason}")


async def test_an_index_of_indexes_ends_somewhere() -> None:
    """Each level is one more request that a stranger makes us send."""
    levels = [index("linux/arm64")]
    for _ in range(6):
        entry = {"digest": digest(levels[-1])}
        levels.append(json.dumps({"manifests": [entry]}).encode())
    by_digest = {digest(body): body for body in levels}
    by_digest["1"] = levels[-1]

    async def answer(request: web.Request) -> web.StreamResponse:
        body = by_digest[request.path.rpartition("/")[2]]
        headers = {"Docker-Content-Digest": digest(body)}
        return web.Response(body=body, headers=headers)

    async with host(answer) as server:
        actual = await ask(server)

    reason = f"{server.name} has it, but its index leaves platforms out"
    assert actual == Published(None, reason)
    assert len(server.asked) == 5


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "has no tag 1 of app"),
        (403, REFUSED),
        (500, "answers with 500"),
        (418, "answers with 418"),
    ],
)
async def test_no_status_is_a_verdict(status: int, reason: str) -> None:
    """Only an index or a configuration that was read can say no."""
    async with host(always(status)) as server:
        actual = await ask(server)

    assert actual == Published(None, f"{server.name} {reason}")


async def test_a_whole_question_has_its_time() -> None:
    """The bound on one answer alone would let a chain of them last for minutes."""
    serve = image(BODY)

    async def answer(request: web.Request) -> web.StreamResponse:
        return await (serve if request.method == "HEAD" else never)(request)

    async with host(answer) as server:
        settings = server.settings
        limits = replace(settings.limits, answer_seconds=60, image_seconds=0.3)
        async with RegistryClient(replace(settings, limits=limits)) as client:
            actual = await client.published(server.reference())

    assert actual == Published(None, f"{server.name} does not answer in time")
    assert len(server.asked) == 2


async def test_those_who_ask_together_ask_once() -> None:
    """A monorepo names one base image in two hundred Dockerfiles."""
    async with (
        host(image(BODY)) as server,
        RegistryClient(server.settings) as client,
    ):
        questions = (client.published(server.reference()) for _ in range(20))
        found = await asyncio.gather(*questions)

    assert set(found) == {Published(BOTH, digest=digest(BODY))}
    assert len(server.asked) == 2


async def test_tags_are_asked_again_and_digests_are_not() -> None:
    """A tag moves; what a digest holds never does."""
    now = [0.0]
    async with (
        host(image(BODY)) as server,
        RegistryClient(server.settings, lambda: now[0]) as client,
    ):
        for moment in (0.0, 299.0, 301.0):
            now[0] = moment
            await client.published(server.reference())

    assert server.asked == [
        "HEAD /v2/app/manifests/1",
        f"GET /v2/app/manifests/{digest(BODY)}",
        "HEAD /v2/app/manifests/1",
    ]


async def test_a_failure_is_remembered_for_a_moment() -> None:
    """A registry that is down is not asked once per Dockerfile."""
    now = [0.0]
    async with (
        host(always(404)) as server,
        RegistryClient(server.settings, lambda: now[0]) as client,
    ):
        for moment in (0.0, 29.0, 31.0):
            now[0] = moment
            await client.published(server.reference())

    assert server.asked == ["HEAD /v2/app/manifests/1"] * 2


async def test_reads_every_page_of_tags_up_to_a_bound() -> None:
    """A list without an end does not keep us for ever."""

    async def answer(request: web.Request) -> web.StreamResponse:
        last = int(request.query.get("last", "0")) + 1
        link = f'</v2/app/tags/list?last={last}&n=1000>; rel="next"'
        return web.json_response({"tags": [f"1.{last}"]}, headers={"Link": link})

    async with host(answer) as server:
        settings = server.settings
        limits = replace(settings.limits, tag_pages=3)
        async with RegistryClient(replace(settings, limits=limits)) as client:
            actual = await client.tags(server.reference())
            again = await client.tags(server.reference())

    assert actual == again == ("1.1", "1.2", "1.3")
    assert server.asked == [
        "GET /v2/app/tags/list?n=1000",
        "GET /v2/app/tags/list?last=1&n=1000",
        "GET /v2/app/tags/list?last=2&n=1000",
    ]


async def test_a_list_has_a_bound_however_it_is_paged() -> None:
    """Some registries ignore how many tags they were asked for."""
    tags = [f"1.{number}" for number in range(2500)]
    link = {"Link": '</v2/app/tags/list?last=1.2499>; rel="next"'}
    body = json.dumps({"tags": tags}).encode()
    async with host(always(200, body, link)) as server:
        limits = replace(server.settings.limits, tags=2000)
        async with RegistryClient(replace(server.settings, limits=limits)) as client:
            actual = await client.tags(server.reference())

    assert actual == tuple(tags[:2000])
    assert server.asked == ["GET /v2/app/tags/list?n=1000"]


async def test_lists_of_tags_are_forgotten_for_newer_ones() -> None:
    """A cache is bounded by what it holds, not by how often something was put in."""
    tags = [f"1.{number}" for number in range(100_000)]
    body = json.dumps({"tags": tags}).encode()
    async with host(always(200, body)) as server, RegistryClient(server.settings) as it:
        for name in ("a", "b", "c", "d", "e", "a", "e"):
            assert len(await it.tags(server.reference(f"{name}:1"))) == 100_000

    assert [one.split("/")[2] for one in server.asked] == list("abcdea")


async def test_only_the_registry_may_ask_for_its_password() -> None:
    """A host behind a redirect would name a realm of its own, and be given it."""
    challenge = {"WWW-Authenticate": 'Bearer realm="http://{}/token"'}

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/token":
            return web.json_response({"token": "t"})
        header = challenge["WWW-Authenticate"].format(request.host)
        return web.Response(status=401, headers={"WWW-Authenticate": header})

    async with host(answer) as storage:
        place = {"Location": f"http://{storage.name}/blob"}
        async with host(always(307, b"", place)) as server:
            hosts = frozenset({server.name, storage.name})
            password = {server.name: Credentials("robot", "secret")}
            settings = replace(
                server.settings, plain_http_hosts=hosts, credentials=password
            )
            async with RegistryClient(settings) as client:
                actual = await client.published(server.reference())

    reason = f"{server.name} redirects to a host that wants a password"
    assert actual == Published(None, reason)
    assert storage.passwords == [""]


async def test_a_list_that_failed_is_asked_for_again_in_a_moment() -> None:
    """A hiccup must not hide an upgrade for ten minutes."""
    now = [0.0]
    replies = [web.Response(status=502), web.json_response({"tags": ["1"]})]

    async def answer(request: web.Request) -> web.StreamResponse:
        return replies.pop(0)

    async with (
        host(answer) as server,
        RegistryClient(server.settings, lambda: now[0]) as client,
    ):
        said = []
        for moment in (0.0, 29.0, 31.0):
            now[0] = moment
            said.append(await client.tags(server.reference()))

    assert said == [(), (), ("1",)]


@pytest.mark.parametrize("answer", [always(404), always(200, b"garbage")])
async def test_no_list_means_no_upgrade(answer: Answer) -> None:
    """Some registries list no tags; then there is nothing to search."""
    async with host(answer) as server, RegistryClient(server.settings) as client:
        actual = await client.tags(server.reference())

    assert actual == ()
