"""References of the git database: read, made, moved and removed."""

from __future__ import annotations

from tests.world.github.answers import Answer, not_found, refusal
from tests.world.github.calls import Call, Route, paged
from tests.world.github.git import ZERO, GitError
from tests.world.github.pushing import Pushing
from tests.world.github.shapes.repository import ref as shape


async def get(call: Call) -> Answer:
    """Return exactly one reference."""
    name = f"refs/{call.parameters['ref']}"
    refs = await call.repository.git.refs()
    if name not in refs:
        raise not_found()
    return await _told(call, name, refs[name])


async def matching(call: Call) -> Answer:
    """List the references that begin with a prefix."""
    prefix = f"refs/{call.parameters['ref']}"
    refs = await call.repository.git.refs()
    names = [name for name in refs if name.startswith(prefix)]
    told = [(await _told(call, name, refs[name])).body for name in names]
    return paged(call, told)


async def create(call: Call) -> Answer:
    """Make a branch or a tag."""
    body = call.body
    name, sha = str(body.get("ref", "")), str(body.get("sha", ""))
    if not name.startswith("refs/") or name.count("/") < 2:
        raise refusal(
            422,
            "Reference name must start with 'refs/' and contain at least two slashes.",
        )
    git = call.repository.git
    before = await git.refs()
    if name in before:
        raise refusal(422, "Reference already exists")
    if await git.resolve(sha, "object") is None:
        raise refusal(422, "Object does not exist")
    await _move(call, before, name, (sha, ZERO))
    return await _told(call, name, sha, status=201)


async def update(call: Call) -> Answer:
    """Move a reference, forward only unless forced."""
    body = call.body
    name, sha = f"refs/{call.parameters['ref']}", str(body.get("sha", ""))
    git = call.repository.git
    before = await git.refs()
    if name not in before:
        raise refusal(422, "Reference does not exist")
    if await git.resolve(sha, "object") is None:
        raise refusal(422, "Object does not exist")
    if not body.get("force") and not await _forward(call, before[name], sha):
        raise refusal(422, "Update is not a fast forward")
    await _move(call, before, name, (sha, before[name]))
    return await _told(call, name, sha)


async def delete(call: Call) -> Answer:
    """Remove a reference."""
    name = f"refs/{call.parameters['ref']}"
    before = await call.repository.git.refs()
    if name not in before:
        raise refusal(422, "Reference does not exist")
    await call.repository.git.run("update-ref", "-d", name, before[name])
    await _pushing(call).follow(before)
    return Answer(204)


async def _forward(call: Call, old: str, new: str) -> bool:
    try:
        await call.repository.git.run("merge-base", "--is-ancestor", old, new)
    except GitError:
        return False
    return True


async def _move(
    call: Call, before: dict[str, str], name: str, move: tuple[str, str]
) -> None:
    """Move a reference to a new object from an old one."""
    new, old = move
    try:
        await call.repository.git.run("update-ref", name, new, old)
    except GitError:
        raise refusal(422, "Reference update failed") from None
    await _pushing(call).follow(before)


def _pushing(call: Call) -> Pushing:
    return Pushing(call.state, call.outbox, call.repository, call.account)


async def _told(call: Call, name: str, sha: str, status: int = 200) -> Answer:
    kind = await call.repository.git.text("cat-file", "-t", sha)
    return Answer(status, shape(call.url, call.repository, name, (kind, sha)))


_GIT = "/repos/{owner}/{repo}/git"
_READ, _WRITE = ("contents:read",), ("contents:write",)
ROUTES = (
    Route("GET", f"{_GIT}/ref/{{ref}}", get, _READ),
    Route("GET", f"{_GIT}/matching-refs/{{ref}}", matching, _READ),
    Route("POST", f"{_GIT}/refs", create, _WRITE),
    Route("PATCH", f"{_GIT}/refs/{{ref}}", update, _WRITE),
    Route("DELETE", f"{_GIT}/refs/{{ref}}", delete, _WRITE),
)
