"""Commit statuses, one by one and summed up."""

from __future__ import annotations

from tests.world.github.answers import Answer, Json, invalid, refusal
from tests.world.github.calls import Call, Route, paged
from tests.world.github.entities import Status
from tests.world.github.shapes.account import node_id, user
from tests.world.github.shapes.repository import minimal

_STATES = ("error", "failure", "pending", "success")


async def create(call: Call) -> Answer:
    """Set a status on a commit."""
    body = call.body
    sha = await _commit(call, call.parameters["sha"])
    if body.get("state") not in _STATES:
        raise invalid("Status", "state", "invalid")
    made = Status(
        call.state.new_id(),
        sha,
        body["state"],
        body.get("context") or "default",
        call.account,
        call.state.now(),
        body.get("target_url"),
        body.get("description"),
    )
    call.repository.statuses.append(made)
    return Answer(201, _told(call, made))


async def listed(call: Call) -> Answer:
    """List every status of a commit, newest first."""
    return paged(call, [_told(call, it) for it in await _of(call)])


async def combined(call: Call) -> Answer:
    """Sum up the latest status of each context."""
    found = await _of(call)
    latest = list({it.context: it for it in reversed(found)}.values())
    sha = await _commit(call, call.parameters["ref"])
    api = f"{call.url}/repos/{call.repository.full_name}/commits/{sha}"
    body = {
        "state": _sum({it.state for it in latest}),
        "statuses": [_brief(call, it) for it in latest],
        "sha": sha,
        "total_count": len(latest),
        "repository": minimal(call.url, call.repository),
        "commit_url": api,
        "url": f"{api}/status",
    }
    return Answer(body=body)


def _sum(states: set[str]) -> str:
    if states & {"error", "failure"}:
        return "failure"
    return "success" if states == {"success"} else "pending"


async def _of(call: Call) -> list[Status]:
    sha = await _commit(call, call.parameters["ref"])
    return [it for it in reversed(call.repository.statuses) if it.sha == sha]


async def _commit(call: Call, ref: str) -> str:
    sha = await call.repository.git.resolve(ref)
    if sha is None:
        raise refusal(422, f"No commit found for SHA: {ref}")
    return sha


def _brief(call: Call, it: Status) -> Json:
    own = f"{call.url}/repos/{call.repository.full_name}/statuses/{it.sha}"
    return {
        "url": own,
        "avatar_url": user(call.url, it.creator)["avatar_url"],
        "id": it.id,
        "node_id": node_id("StatusContext", it.id),
        "state": it.state,
        "description": it.description,
        "target_url": it.target_url,
        "context": it.context,
        "created_at": it.created_at,
        "updated_at": it.created_at,
    }


def _told(call: Call, it: Status) -> Json:
    return {**_brief(call, it), "creator": user(call.url, it.creator)}


_REPO = "/repos/{owner}/{repo}"
_READ = ("statuses:read",)
ROUTES = (
    Route("POST", f"{_REPO}/statuses/{{sha}}", create, ("statuses:write",)),
    Route("GET", f"{_REPO}/commits/{{ref}}/statuses", listed, _READ),
    Route("GET", f"{_REPO}/commits/{{ref}}/status", combined, _READ),
)
