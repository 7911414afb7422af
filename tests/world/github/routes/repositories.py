"""Repositories, their branches, collaborators, forks, users and limits."""

from __future__ import annotations

from tests.world.github.answers import Answer, Json, not_found
from tests.world.github.calls import Call, Route, paged
from tests.world.github.entities import Kind
from tests.world.github.history import commit
from tests.world.github.shapes import account as accounts
from tests.world.github.shapes import repository as shapes
from tests.world.github.shapes.commit import commit as commit_shape

_READ = ("metadata:read",)


async def get(call: Call) -> Answer:
    """Return one repository."""
    return Answer(body=shapes.page(call.url, call.repository, call.actor.account))


async def branches(call: Call) -> Answer:
    """List the branches with their heads."""
    api = f"{call.url}/repos/{call.repository.full_name}/commits"
    refs = await call.repository.git.refs()
    heads = {n.removeprefix("refs/heads/"): s for n, s in refs.items() if "heads/" in n}
    found = [
        {"name": n, "commit": {"sha": s, "url": f"{api}/{s}"}, "protected": False}
        for n, s in heads.items()
    ]
    return paged(call, found)


async def branch(call: Call) -> Answer:
    """Return one branch with its head commit."""
    name = call.parameters["branch"]
    repository = call.repository
    sha = (await repository.git.refs()).get(f"refs/heads/{name}")
    if sha is None:
        raise not_found()
    own = f"{call.url}/repos/{repository.full_name}/branches/{name}"
    head = await commit(repository.git, sha)
    protection: Json = {
        "enabled": False,
        "required_status_checks": {
            "enforcement_level": "off",
            "contexts": [],
            "checks": [],
        },
    }
    body = {
        "name": name,
        "commit": commit_shape(call.state, repository, head),
        "_links": {
            "self": own,
            "html": f"{call.url}/{repository.full_name}/tree/{name}",
        },
        "protected": False,
        "protection": protection,
        "protection_url": f"{own}/protection",
    }
    return Answer(body=body)


async def permission(call: Call) -> Answer:
    """Tell what a user may do here."""
    account = call.state.accounts.get(call.parameters["username"].lower())
    if account is None:
        raise not_found()
    role = call.repository.permission(account)
    coarse = {"triage": "read", "maintain": "write"}.get(role, role)
    user = {
        **accounts.user(call.url, account),
        "permissions": shapes.permissions(role),
        "role_name": role,
    }
    return Answer(body={"permission": coarse, "user": user, "role_name": role})


async def fork(call: Call) -> Answer:
    """Fork a repository for whoever asks, or for an organisation."""
    body = call.body
    parent = call.repository
    owner = call.account
    if wanted := body.get("organization"):
        owner = call.state.account(wanted, Kind.ORGANIZATION)
    copy = await call.state.fork(parent, owner, body.get("name") or parent.name)
    return Answer(202, shapes.page(call.url, copy, call.account))


async def forks(call: Call) -> Answer:
    """List the forks of a repository."""
    parent = call.repository
    copies = [r for r in call.state.repositories.values() if r.parent is parent]
    return paged(call, [shapes.full(call.url, r) for r in copies])


async def me(call: Call) -> Answer:
    """Return the person who asks."""
    return Answer(body=accounts.full_user(call.url, call.account, 0))


async def user(call: Call) -> Answer:
    """Return anybody by name."""
    account = call.state.accounts.get(call.parameters["username"].lower())
    if account is None:
        raise not_found()
    owned = sum(r.owner is account for r in call.state.repositories.values())
    return Answer(body=accounts.full_user(call.url, account, owned))


async def rate_limit(call: Call) -> Answer:
    """Return the limits without using them up."""
    core = call.state.limits.rate(call.actor.name, call.state.time())
    search = {"limit": 30, "remaining": 30, "reset": core["reset"], "used": 0}
    resources = {"core": core, "search": search}
    return Answer(body={"resources": resources, "rate": core})


ROUTES = (
    Route("GET", "/rate_limit", rate_limit),
    Route("GET", "/user", me),
    Route("GET", "/users/{username}", user),
    Route("GET", "/repos/{owner}/{repo}", get, _READ),
    Route("GET", "/repos/{owner}/{repo}/branches", branches, ("contents:read",)),
    Route("GET", "/repos/{owner}/{repo}/branches/{branch}", branch, ("contents:read",)),
    Route(
        "GET",
        "/repos/{owner}/{repo}/collaborators/{username}/permission",
        permission,
        _READ,
    ),
    Route("GET", "/repos/{owner}/{repo}/forks", forks, _READ),
    Route(
        "POST",
        "/repos/{owner}/{repo}/forks",
        fork,
        ("administration:write", "contents:write"),
    ),
)
