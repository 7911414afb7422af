"""Reactions on issues, on their comments and on review comments."""

from __future__ import annotations

from tests.world.github.answers import Answer, invalid, not_found
from tests.world.github.calls import Call, Route, paged
from tests.world.github.entities import Comment, Reaction
from tests.world.github.shapes.issue import REACTIONS
from tests.world.github.shapes.issue import reaction as shape


async def listed(call: Call) -> Answer:
    """List the reactions on something."""
    wanted = call.query.get("content")
    chosen = [r for r in _reactions(call) if wanted in {None, r.content}]
    return paged(call, [shape(call.url, r) for r in chosen])


async def create(call: Call) -> Answer:
    """React; the same reaction twice is one."""
    reactions, content = _reactions(call), call.body.get("content")
    if content not in REACTIONS:
        raise invalid("Reaction", "content", "invalid")
    for old in reactions:
        if old.user is call.account and old.content == content:
            return Answer(200, shape(call.url, old))
    made = Reaction(call.state.new_id(), call.account, content, call.state.now())
    reactions.append(made)
    return Answer(201, shape(call.url, made))


async def delete(call: Call) -> Answer:
    """Take a reaction back."""
    reactions = _reactions(call)
    for old in reactions:
        if str(old.id) == call.parameters["reaction_id"]:
            reactions.remove(old)
            return Answer(204)
    raise not_found()


def _reactions(call: Call) -> list[Reaction]:
    if "issue_number" in call.parameters:
        return call.issue.reactions
    wanted = call.parameters["comment_id"]
    for comment in _comments(call):
        if str(comment.id) == wanted:
            return comment.reactions
    raise not_found()


def _comments(call: Call) -> list[Comment]:
    issues = call.repository.issues.values()
    if "/pulls/" not in call.path:
        return [c for i in issues for c in i.comments.values()]
    return [c for i in issues if i.pull for c in i.pull.comments.values()]


_REPO = "/repos/{owner}/{repo}"
_ISSUE = f"{_REPO}/issues/{{issue_number}}/reactions"
_COMMENT = f"{_REPO}/issues/comments/{{comment_id}}/reactions"
_REVIEW = f"{_REPO}/pulls/comments/{{comment_id}}/reactions"
_READ = ("issues:read", "pull_requests:read")
_WRITE = ("issues:write", "pull_requests:write")
ROUTES = tuple(
    route
    for path, read, write in (
        (_ISSUE, _READ, _WRITE),
        (_COMMENT, _READ, _WRITE),
        (_REVIEW, _READ[1:], _WRITE[1:]),
    )
    for route in (
        Route("GET", path, listed, read),
        Route("POST", path, create, write),
        Route("DELETE", f"{path}/{{reaction_id}}", delete, write),
    )
)
