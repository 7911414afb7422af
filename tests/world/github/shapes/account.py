"""People, organisations, bots, Apps and installations as JSON."""

from __future__ import annotations

import base64

from tests.world.github.answers import Json
from tests.world.github.entities import Account, App, Installation, Kind, Token
from tests.world.github.state import written

_USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def node_id(kind: str, number: int) -> str:
    """Return the opaque name that GraphQL would use."""
    return base64.b64encode(f"{kind}{number}".encode()).decode()


def user(url: str, account: Account) -> Json:
    """Write an account as GitHub's simple user."""
    api = f"{url}/users/{account.login}"
    links = {name: f"{api}{end}" for name, end in _USER_LINKS.items()}
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("User", account.id),
        "avatar_url": f"{url}/avatars/u/{account.id}?v=4",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{url}/{account.login}",
        **links,
        "type": account.kind.value,
        "user_view_type": "public",
        "site_admin": False,
    }


def full_user(url: str, account: Account, repositories: int) -> Json:
    """Write an account as its own page shows it."""
    return {
        **user(url, account),
        "name": account.login,
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "public_repos": repositories,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }


def app(url: str, app_: App) -> Json:
    """Write an App as GitHub's integration."""
    return {
        "id": app_.id,
        "client_id": app_.client_id,
        "slug": app_.slug,
        "node_id": node_id("App", app_.id),
        "owner": user(url, app_.owner),
        "name": app_.slug.capitalize(),
        "description": "",
        "external_url": f"{url}/{app_.slug}",
        "html_url": f"{url}/apps/{app_.slug}",
        "created_at": app_.created_at,
        "updated_at": app_.created_at,
        "permissions": dict(app_.permissions),
        "events": list(app_.events),
    }


def installation(url: str, installed: Installation) -> Json:
    """Write an installation."""
    account, app_ = installed.account, installed.app
    organization = account.kind is Kind.ORGANIZATION
    settings = f"/organizations/{account.login}" if organization else ""
    return {
        "id": installed.id,
        "account": user(url, account),
        "repository_selection": selection(installed.repositories),
        "access_tokens_url": f"{url}/app/installations/{installed.id}/access_tokens",
        "repositories_url": f"{url}/installation/repositories",
        "html_url": f"{url}{settings}/settings/installations/{installed.id}",
        "app_id": app_.id,
        "client_id": app_.client_id,
        "app_slug": app_.slug,
        "target_id": account.id,
        "target_type": account.kind.value,
        "permissions": dict(app_.permissions),
        "events": list(app_.events),
        "created_at": installed.created_at,
        "updated_at": installed.created_at,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": installed.suspended_at,
    }


def token(issued: Token) -> Json:
    """Write an installation token, repositories apart."""
    return {
        "token": issued.value,
        "expires_at": written(issued.expires),
        "permissions": issued.permissions,
        "repository_selection": selection(issued.repositories),
    }


def selection(repositories: set[int] | None) -> str:
    """Name the extent of an installation or token."""
    return "all" if repositories is None else "selected"
