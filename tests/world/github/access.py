"""Decide whether an actor may do what a route does."""

from __future__ import annotations

from tests.world.github.answers import not_accessible, not_found, refusal
from tests.world.github.calls import Call, Route
from tests.world.github.entities import Account, App, Repository, Token

_LEVELS = {"none": 0, "read": 1, "triage": 1, "write": 2, "maintain": 2, "admin": 3}
_READS = frozenset({"GET", "HEAD"})


def guard(route: Route, call: Call) -> None:
    """Refuse as GitHub does where the actor may not."""
    if route.path.startswith("/app"):
        _only_app(call)
    if route.path.startswith("/installation/"):
        _only_installation(call)
    if "repo" in call.parameters:
        _repository(route, call, call.repository)


def _only_app(call: Call) -> None:
    if call.actor.app is None or call.actor.token is not None:
        raise refusal(401, "A JSON web token could not be decoded")


def _only_installation(call: Call) -> None:
    if call.actor.token is None:
        raise refusal(
            403,
            "You must authenticate with an installation access token in order to "
            "list repositories for an installation.",
        )


def _repository(route: Route, call: Call, repository: Repository) -> None:
    actor = call.actor
    if actor.token:
        _token(route, actor.token, repository)
    elif actor.app and route.path != "/repos/{owner}/{repo}/installation":
        raise refusal(
            401,
            "A JSON web token cannot be used here; ask for an installation's token",
        )
    elif actor.account:
        _person(route, actor.account, repository)
    elif repository.private:
        raise not_found()
    elif route.method not in _READS:
        raise refusal(401, "Requires authentication")


def _token(route: Route, token: Token, repository: Repository) -> None:
    within = token.repositories is None or repository.id in token.repositories
    if within and token.installation.reaches(repository):
        if not any(allows(token.permissions, need) for need in route.needs or ("",)):
            raise not_accessible()
    elif repository.private:
        raise not_found()
    elif route.method not in _READS:
        raise not_accessible()


def _person(route: Route, account: Account, repository: Repository) -> None:
    has = _LEVELS[repository.permission(account)]
    if has == 0:
        raise not_found()
    if route.method not in _READS and has < _needed(route):
        raise refusal(403, "Must have write access to the repository.")


def _needed(route: Route) -> int:
    open_to_readers = ("/issues", "/comments", "/reactions", "/forks", "/pulls")
    part = route.path.removeprefix("/repos/{owner}/{repo}")
    if route.method == "POST" and part.startswith(open_to_readers):
        return _LEVELS["read"]
    return _LEVELS["write"]


def allows(permissions: dict[str, str], need: str) -> bool:
    """Tell whether *permissions* hold *need* (``checks:write``); none is free."""
    if not need:
        return True
    name, _, level = need.partition(":")
    return _LEVELS[permissions.get(name, "none")] >= _LEVELS[level]


def app_of(call: Call) -> App:
    """Return the App that asks, where only an App may."""
    if call.actor.app is None:
        raise refusal(403, "You must authenticate via a GitHub App.")
    return call.actor.app
