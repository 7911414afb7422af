"""Challenges, tokens and the credentials that earn them."""

from __future__ import annotations

import json

import pytest

from bot.images.auth import Authorizer, Challenge, Scope, basic, challenge
from bot.images.logins import Credentials
from bot.images.registry import RegistryClient
from bot.images.settings import RegistrySettings
from bot.images.transport import NoAnswerError, Transport
from tests.images.serving import Host, always, host

ALICE = Credentials("alice", "a:b")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            ['Bearer realm="https://a.example/t",service="a",scope="x:y:pull,push"'],
            Challenge(
                "bearer",
                {
                    "realm": "https://a.example/t",
                    "service": "a",
                    "scope": "x:y:pull,push",
                },
            ),
        ),
        (
            ["bearer realm=https://a.example/t , Service = a"],
            Challenge("bearer", {"realm": "https://a.example/t", "service": "a"}),
        ),
        (['BASIC realm="a \\"b\\""'], Challenge("basic", {"realm": 'a "b"'})),
        (
            ['Basic realm="a"', 'Bearer realm="b"'],
            Challenge("bearer", {"realm": "b"}),
        ),
        (
            ['Negotiate, Basic realm="a", Bearer realm="b" , service=c'],
            Challenge("bearer", {"realm": "b", "service": "c"}),
        ),
        (
            ["Bearer scope=a:pull,push,realm=b"],
            Challenge("bearer", {"scope": "a:pull", "realm": "b"}),
        ),
        (['Bearer realm="b'], Challenge("bearer", {})),
        (["Basic"], Challenge("basic", {})),
        (["Negotiate", "NTLM abc"], None),
        ([], None),
    ],
)
def test_reads_challenges(headers: list[str], expected: Challenge | None) -> None:
    """Registries quote, space and order them as they like."""
    assert challenge(headers) == expected


def test_spells_basic_credentials() -> None:
    """A colon may be in the password; RFC 7617 keeps it out of the name."""
    assert basic(ALICE) == "Basic YWxpY2U6YTpi"


def test_a_password_is_not_shown() -> None:
    """Settings end up in logs."""
    assert repr(ALICE) == "Credentials(username='alice')"


async def earn(server: Host, realm: str = "", times: int = 1) -> dict[str, str]:
    """Answer a bearer challenge that names *server*; return what was earned."""
    transport = Transport(server.settings)
    now = [0.0]
    authorizer = Authorizer(transport, lambda: now[0])
    scope = Scope(server.name, "app", ALICE)
    asked = Challenge("bearer", {"realm": realm or f"http://{server.name}/t?x=1"})
    try:
        for _ in range(times):
            await authorizer.accept(asked, scope)
        return authorizer.headers(scope)
    finally:
        await transport.close()


@pytest.mark.parametrize("name", ["token", "access_token"])
async def test_takes_a_token_under_both_names(name: str) -> None:
    """Docker says token, OAuth says access_token, some say both."""
    async with host(always(200, json.dumps({name: "t0"}).encode())) as server:
        actual = await earn(server)

    assert actual == {"Authorization": "Bearer t0"}
    assert server.asked == ["GET /t?x=1&scope=repository:app:pull"]
    assert server.passwords == [basic(ALICE)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"garbage", "gives a token that cannot be read"),
        (b"[]", "gives a token that cannot be read"),
        (b"{}", "gives a token that cannot be read"),
        (b'{"token": 5}', "gives a token that cannot be read"),
        (b'{"token": "a\\r\\nX-Evil: 1"}', "gives a token that cannot be read"),
        (b'{"token": ""}', "gives a token that cannot be read"),
    ],
)
async def test_a_token_that_cannot_be_read_is_unknown(body: bytes, reason: str) -> None:
    """A token goes into a header, so nothing else may be in it."""
    async with host(always(200, body)) as server:
        with pytest.raises(NoAnswerError) as caught:
            await earn(server)

    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "gives no token to the operator's credentials (401)"),
        (403, "gives no token to the operator's credentials (403)"),
        (500, "gives no token (500)"),
    ],
)
async def test_a_token_server_may_refuse(status: int, reason: str) -> None:
    """The operator reads whether a password is wrong or a server ill."""
    async with host(always(status)) as server:
        with pytest.raises(NoAnswerError) as caught:
            await earn(server)

    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("realm", "reason"),
    [
        ("nowhere", "names no place that gives tokens"),
        ("https://[/", "names no place that gives tokens"),
        ("https://a:b@a.example/", "names no place that gives tokens"),
        ("https://127.0.0.1/", "leads to an address that is not public"),
        ("https://169.254.169.254/t", "leads to an address that is not public"),
        ("http://a.example/", "wants http instead of https"),
    ],
)
async def test_a_realm_leads_nowhere_private(realm: str, reason: str) -> None:
    """The realm is text from a stranger, and it would get the password."""
    async with host(always(200)) as server:
        with pytest.raises(NoAnswerError) as caught:
            await earn(server, realm)

    assert str(caught.value) == reason
    assert server.asked == []


@pytest.mark.parametrize(
    ("lives", "seconds"),
    [(300, 290), (5, 50), (10**9, 3590), (None, 50), ("300", 50), (True, 50)],
)
async def test_a_token_is_kept_while_it_lives(lives: object, seconds: int) -> None:
    """Asking for a token per request would double every request."""
    now = [0.0]
    body = json.dumps({"token": "t0", "expires_in": lives}).encode()
    async with host(always(200, body)) as server:
        transport = Transport(server.settings)
        authorizer = Authorizer(transport, lambda: now[0])
        scope = Scope(server.name, "app")
        realm = Challenge("bearer", {"realm": f"http://{server.name}/"})
        await authorizer.accept(realm, scope)
        await transport.close()

    known = {"Authorization": "Bearer t0"}
    now[0] = seconds - 1.0
    assert authorizer.headers(scope) == known
    assert authorizer.headers(Scope(server.name, "other")) == {}
    now[0] = seconds + 1.0
    assert authorizer.headers(scope) == {}


async def test_a_refusal_without_a_challenge_is_unknown() -> None:
    """There is nothing to answer."""
    async with host(always(200)) as server:
        transport = Transport(server.settings)
        authorizer = Authorizer(transport)
        with pytest.raises(NoAnswerError) as caught:
            await authorizer.accept(None, Scope(server.name, "app"))
        await transport.close()

    assert str(caught.value) == "refuses without saying what it wants (401)"


async def test_credentials_go_to_their_own_host_only() -> None:
    """Another registry that sends us to the same token server gets nothing."""
    tokens = always(200, json.dumps({"token": "t0"}).encode())
    async with host(tokens) as server:
        realm = f'Bearer realm="http://{server.name}/"'
        async with host(always(401, b"", {"WWW-Authenticate": realm})) as other:
            settings = RegistrySettings(
                {server.name: ALICE},
                plain_http_hosts=frozenset({server.name, other.name}),
            )
            async with RegistryClient(settings) as client:
                await client.facts([f"{other.name}/app:1"], "linux/arm64")

    assert server.passwords == [""]


async def test_what_one_login_has_earned_serves_no_other() -> None:
    """A token for a private repository is kept for who could ask for it."""
    async with host(always(200, b'{"token": "t0"}')) as server:
        transport = Transport(server.settings)
        authorizer = Authorizer(transport)
        realm = Challenge("bearer", {"realm": f"http://{server.name}/"})
        await authorizer.accept(realm, Scope(server.name, "app", ALICE))
        await transport.close()

    assert authorizer.headers(Scope(server.name, "app")) == {}
    other = Credentials("bob", "other")
    assert authorizer.headers(Scope(server.name, "app", other)) == {}
