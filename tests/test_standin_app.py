"""App identity: who may ask what, in GitHub's own words."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest

from tests.world.github.client import (
    Client,
    Reply,
    as_app,
    as_installation,
    as_token,
    signed,
)
from tests.world.github.entities import App
from tests.world.github.fixtures import described, github
from tests.world.github.place import NAME, REPO, Scene, scene
from tests.world.github.stand_in import StandIn

__all__ = ["described", "github", "scene"]

CHECK = f"{REPO}/check-runs"


def _said(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body["message"]


async def test_an_app_is_known_by_its_id_and_its_client_id(scene: Scene) -> None:
    """Both are allowed issuers of the App's JWT."""
    by_id = await as_app(scene.github, scene.app).call("GET", "/app")
    client = as_app(scene.github, scene.app, iss=scene.app.client_id)
    by_client = await client.call("GET", "/app")

    assert by_id.body["slug"] == by_client.body["slug"] == "multiarch"
    assert by_id.body["installations_count"] == 1


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"exp": 1}, "'Expiration time' claim ('exp') must be a numeric value"),
        ({"exp": 99_999_999_999}, "'Expiration time' claim ('exp') is too far"),
        ({"iat": 99_999_999_999}, "'Issued at' claim ('iat') must be an Integer"),
        ({"iat": "now"}, "'Issued at' claim ('iat') must be an Integer"),
    ],
)
async def test_a_jwt_with_wrong_times_is_refused(
    scene: Scene, claims: dict[str, int | str], message: str
) -> None:
    """A clock that is off is the usual trouble of a new App."""
    client = as_app(scene.github, scene.app, **claims)
    status, said = _said(await client.call("GET", "/app"))

    assert status == 401
    assert said.startswith(message)


def _shown(github: StandIn, header: str) -> Client:
    return Client(github.outbox.session, github.url, header)


async def test_only_the_apps_own_key_signs(scene: Scene) -> None:
    """Another key or the algorithm "none" must not open the door."""
    other = scene.github.app("other")
    theirs = signed(scene.github, other, iss=str(scene.app.id))
    claims = jwt.decode(theirs, options={"verify_signature": False})
    nothing = jwt.encode(claims, "", algorithm="none")
    wrong = (401, "A JSON web token could not be decoded")

    for token in (theirs, nothing, "a.b.c"):
        reply = await _shown(scene.github, f"Bearer {token}").call("GET", "/app")
        assert _said(reply) == wrong
    unknown = as_app(scene.github, scene.app, iss="1")
    assert _said(await unknown.call("GET", "/app")) == (404, "Integration not found")


async def test_a_token_is_as_narrow_as_it_was_asked_for(scene: Scene) -> None:
    """Jobs ask for one repository and few permissions; no more is granted."""
    await scene.github.create_repository("octo/felix", {"a": "b"}, private=True)
    asked = {"repositories": ["typha"], "permissions": {"contents": "read"}}
    narrow = await as_installation(scene.github, scene.installation, asked)
    listed = await narrow.call("GET", "/installation/repositories")
    run = {"name": "x", "head_sha": await scene.github.head(NAME)}

    assert [r["full_name"] for r in listed.body["repositories"]] == [NAME]
    assert listed.body["total_count"] == 1
    assert (await narrow.call("GET", f"{REPO}/contents/Makefile")).status == 200
    refused = _said(await narrow.call("POST", CHECK, run))
    assert refused == (403, "Resource not accessible by integration")
    hidden = _said(await narrow.call("GET", "/repos/octo/felix"))
    assert hidden == (404, "Not Found")


async def test_a_token_cannot_be_wider_than_the_installation(scene: Scene) -> None:
    """What was never granted cannot be had by asking."""
    path = f"/app/installations/{scene.installation.id}/access_tokens"
    app = as_app(scene.github, scene.app)
    wide = await app.call("POST", path, {"permissions": {"administration": "write"}})
    strange = await app.call("POST", path, {"repositories": ["nowhere"]})

    assert _said(wide) == (
        422,
        "The permissions requested are not granted to this installation.",
    )
    assert _said(strange) == (
        422,
        (
            "There is at least one repository that does not exist or is not "
            "accessible to the parent installation."
        ),
    )


async def test_a_token_lives_one_hour(scene: Scene) -> None:
    """A long job must renew its token; a stale one is bad credentials."""
    scene.github.advance(timedelta(minutes=59))
    alive = await scene.bot.call("GET", REPO)
    scene.github.advance(timedelta(minutes=2))
    dead = await scene.bot.call("GET", REPO)

    assert alive.status == 200
    assert _said(dead) == (401, "Bad credentials")


async def test_an_app_that_is_gone_or_suspended_is_locked_out(scene: Scene) -> None:
    """Owners can stop the bot at any moment."""
    app = as_app(scene.github, scene.app)
    path = f"/app/installations/{scene.installation.id}"
    await app.call("PUT", f"{path}/suspended")
    suspended = await scene.bot.call("GET", REPO)
    await app.call("DELETE", f"{path}/suspended")
    again = await scene.bot.call("GET", REPO)
    await scene.github.uninstall(scene.installation)
    gone = await scene.bot.call("GET", REPO)
    await scene.github.settle()

    assert _said(suspended) == (403, "This installation has been suspended")
    assert again.status == 200
    assert _said(gone) == (401, "Bad credentials")
    actions = [p["action"] for p in scene.inbox.of("installation")]
    assert actions == ["created", "deleted"]


async def test_an_installation_may_cover_chosen_repositories(github: StandIn) -> None:
    """Many owners try the bot on one repository first."""
    app: App = github.app()
    await github.create_repository(NAME, {"a": "b"})
    await github.create_repository("octo/felix", {"a": "b"})
    installation = await github.install(app, "octo", [NAME])
    bot = await as_installation(github, installation)
    one = await as_app(github, app).call("GET", "/repos/octo/felix/installation")
    other = await as_app(github, app).call("GET", f"{REPO}/installation")
    public = await bot.call("GET", "/repos/octo/felix")
    write = await bot.call("POST", "/repos/octo/felix/issues", {"title": "x"})

    assert (one.status, other.body["id"]) == (404, installation.id)
    assert public.status == 200
    assert write.status == 403


async def test_everybody_else_meets_the_door_that_fits(scene: Scene) -> None:
    """Strangers read public repositories and write nowhere."""
    anonymous = as_token(scene.github, "")
    stranger = as_token(scene.github, scene.github.person("mallory").token)
    run = {"name": "x", "head_sha": await scene.github.head(NAME)}
    change = {"title": "x", "head": "x", "base": "main"}

    assert (await anonymous.call("GET", REPO)).status == 200
    assert (await anonymous.call("POST", f"{REPO}/pulls", change)).status == 401
    assert (await stranger.call("PATCH", f"{REPO}/issues/1", {})).status == 403
    assert (await scene.alice.call("POST", CHECK, run)).status == 403
    assert (await scene.alice.call("GET", "/app")).status == 401
    bad = await as_token(scene.github, "ghp_nonsense").call("GET", REPO)
    assert _said(bad) == (401, "Bad credentials")


async def test_permissions_of_people_are_told(scene: Scene) -> None:
    """The bot asks this before it obeys a command."""
    scene.github.person("trisha", {NAME: "triage"})
    scene.github.person("mia", {NAME: "maintain"})
    told = {}
    for login in ("octo", "alice", "trisha", "mia", "octocat"):
        path = f"{REPO}/collaborators/{login}/permission"
        body = (await scene.bot.call("GET", path)).body
        told[login] = (body["permission"], body["role_name"])
    nobody = await scene.bot.call("GET", f"{REPO}/collaborators/nobody/permission")

    assert told == {
        "octo": ("admin", "admin"),
        "alice": ("write", "write"),
        "trisha": ("read", "triage"),
        "mia": ("write", "maintain"),
        "octocat": ("admin", "admin"),
    }
    assert nobody.status == 404
