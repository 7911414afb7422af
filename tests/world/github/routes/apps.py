"""The App itself: its installations and their tokens."""

from __future__ import annotations

import secrets
from datetime import timedelta

from tests.world.github.access import allows, app_of
from tests.world.github.answers import Answer, Json, not_found, refusal
from tests.world.github.calls import Call, Route, found, paged
from tests.world.github.entities import Installation, Repository, Token
from tests.world.github.shapes import account as shapes
from tests.world.github.shapes.repository import full, permissions

LIFETIME = timedelta(hours=1)
UNGRANTED = "The permissions requested are not granted to this installation."


async def itself(call: Call) -> Answer:
    """Return the authenticated App."""
    app = app_of(call)
    count = sum(i.app is app for i in call.state.installations.values())
    body = shapes.app(call.url, app)
    return Answer(body={**body, "installations_count": count})


async def installations(call: Call) -> Answer:
    """List where the App is installed."""
    app = app_of(call)
    own = [i for i in call.state.installations.values() if i.app is app]
    return paged(call, [shapes.installation(call.url, i) for i in own])


async def installation(call: Call) -> Answer:
    """Return one installation."""
    return Answer(body=shapes.installation(call.url, _own(call)))


async def of_repository(call: Call) -> Answer:
    """Return the App's installation on a repository."""
    app = app_of(call)
    for installed in call.state.installed(call.repository):
        if installed.app is app:
            return Answer(body=shapes.installation(call.url, installed))
    raise not_found()


async def of_account(call: Call) -> Answer:
    """Return the App's installation on an account."""
    app = app_of(call)
    login = call.parameters.get("org") or call.parameters["username"]
    for installed in call.state.installations.values():
        if installed.app is app and installed.account.login.lower() == login.lower():
            return Answer(body=shapes.installation(call.url, installed))
    raise not_found()


async def access_token(call: Call) -> Answer:
    """Give out a token, as narrow as asked for."""
    installed = _own(call)
    body = call.body
    repositories = _wanted(call, installed, body)
    token = Token(
        f"ghs_{secrets.token_urlsafe(27)}",
        installed,
        _permissions(installed, body.get("permissions")),
        None if repositories is None else {r.id for r in repositories},
        call.state.time() + LIFETIME,
    )
    call.state.tokens[token.value] = token
    told = shapes.token(token)
    if repositories is not None:
        told["repositories"] = [full(call.url, r) for r in repositories]
    return Answer(201, told)


def _own(call: Call) -> Installation:
    app = app_of(call)
    installed = found(call.state.installations, call.parameters["installation_id"])
    if installed.app is not app:
        raise not_found()
    return installed


def _permissions(installed: Installation, asked: dict[str, str] | None) -> Json:
    granted = installed.app.permissions
    if not asked:
        return {"metadata": "read", **granted}
    needs = (f"{name}:{level}" for name, level in asked.items())
    held = {"metadata": "read", **granted}
    if not all(allows(held, need) for need in needs):
        raise refusal(422, UNGRANTED)
    return {"metadata": "read", **asked}


def _wanted(call: Call, installed: Installation, body: Json) -> list[Repository] | None:
    names, ids = body.get("repositories"), body.get("repository_ids")
    visible = call.state.visible(installed)
    if names is None and ids is None:
        return None if installed.repositories is None else visible
    chosen = [r for r in visible if r.name in (names or ()) or r.id in (ids or ())]
    if len(chosen) < len(set(names or ())) + len(set(ids or ())):
        raise refusal(
            422,
            "There is at least one repository that does not exist or is not "
            "accessible to the parent installation.",
        )
    return chosen


async def repositories(call: Call) -> Answer:
    """List the repositories that an installation token reaches."""
    token = call.actor.token
    if token is None:
        raise not_found()
    visible = call.state.visible(token.installation)
    chosen = [
        r for r in visible if token.repositories is None or r.id in token.repositories
    ]
    listed = [{**full(call.url, r), "permissions": permissions("none")} for r in chosen]
    told = paged(call, listed, wrap="repositories")
    kind = shapes.selection(token.repositories)
    return Answer(
        body={"repository_selection": kind, **told.body}, headers=told.headers
    )


async def revoke(call: Call) -> Answer:
    """Forget the token that asks."""
    if call.actor.token:
        del call.state.tokens[call.actor.token.value]
    return Answer(204)


async def suspend(call: Call) -> Answer:
    """Suspend an installation."""
    _own(call).suspended_at = call.state.now()
    return Answer(204)


async def unsuspend(call: Call) -> Answer:
    """Let a suspended installation work again."""
    _own(call).suspended_at = None
    return Answer(204)


ROUTES = (
    Route("GET", "/app", itself),
    Route("GET", "/app/installations", installations),
    Route("GET", "/app/installations/{installation_id}", installation),
    Route("PUT", "/app/installations/{installation_id}/suspended", suspend),
    Route("DELETE", "/app/installations/{installation_id}/suspended", unsuspend),
    Route("POST", "/app/installations/{installation_id}/access_tokens", access_token),
    Route("GET", "/installation/repositories", repositories),
    Route("DELETE", "/installation/token", revoke),
    Route("GET", "/repos/{owner}/{repo}/installation", of_repository),
    Route("GET", "/orgs/{org}/installation", of_account),
    Route("GET", "/users/{username}/installation", of_account),
)
