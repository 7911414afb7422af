"""Comments on lines of a pull request's diff, one by one."""

from __future__ import annotations

from tests.world.github import remarks
from tests.world.github.answers import (
    Answer,
    Json,
    RefusalError,
    invalid,
    not_found,
)
from tests.world.github.calls import Call, Route, found, paged
from tests.world.github.entities import Issue, Pull, Review, ReviewComment
from tests.world.github.routes.issues import checked, here
from tests.world.github.shapes import pull as shapes


async def listed(call: Call) -> Answer:
    """List the comments of one pull request, oldest first."""
    issue, pull = call.pull
    since = call.query.get("since", "")
    chosen = [c for c in pull.comments.values() if c.updated_at >= since]
    return paged(call, [_told(call, issue, c) for c in chosen])


async def listed_all(call: Call) -> Answer:
    """List the comments of every pull request."""
    told = [_told(call, i, c) for i, p in _pulls(call) for c in p.comments.values()]
    return paged(call, told)


async def create(call: Call) -> Answer:
    """Comment on a line; GitHub makes a review of one comment of it."""
    issue, pull = call.pull
    body = call.body
    text = checked(body)
    if reply := body.get("in_reply_to"):
        return await _reply(call, (issue, pull), str(reply), text)
    who = (call.account, call.actor.app)
    place = (call.repository, pull)
    at = str(body.get("commit_id") or "")
    making = await remarks.on_commit(call.state, place, who, at)
    review = _review(call, pull, making.commit)
    try:
        made = making.make(body, review.id)
    except RefusalError as error:
        del pull.reviews[review.id]
        raise _line_error(error) from None
    return _added(call, (issue, pull), made)


def _line_error(error: RefusalError) -> RefusalError:
    """Word a wrong line as this operation does."""
    about = str(error.answer.body["errors"][0])
    part = "path" if about.startswith("Path") else "line"
    field = f"pull_request_review_thread.{part}"
    message = f"{field} must be part of the diff"
    return invalid("PullRequestReviewComment", field, "custom", message)


def _review(call: Call, pull: Pull, commit: str) -> Review:
    number, now = call.state.new_id(), call.state.now()
    review = Review(number, call.account, "", "COMMENTED", commit, now)
    pull.reviews[number] = review
    return review


def _added(call: Call, place: tuple[Issue, Pull], made: ReviewComment) -> Answer:
    issue, pull = place
    pull.comments[made.id] = made
    here(call).review_comment(issue, pull, made)
    return Answer(201, _told(call, issue, made))


async def reply(call: Call) -> Answer:
    """Answer the first comment of a thread."""
    text = checked(call.body)
    return await _reply(call, call.pull, call.parameters["comment_id"], text)


async def _reply(call: Call, place: tuple[Issue, Pull], to: str, text: str) -> Answer:
    _, pull = place
    first = found(pull.comments, to)
    now = call.state.now()
    review = _review(call, pull, first.commit_id)
    made = ReviewComment(
        call.state.new_id(),
        call.account,
        text,
        now,
        now,
        call.actor.app,
        path=first.path,
        commit_id=first.commit_id,
        review_id=review.id,
        reply_to=first.reply_to or first.id,
    )
    for name in _THREAD:
        setattr(made, name, getattr(first, name))
    return _added(call, place, made)


_THREAD = (
    "line",
    "side",
    "start_line",
    "start_side",
    "diff_hunk",
    "position",
    "subject",
    "current_commit",
    "current_line",
    "current_start",
    "current_position",
)
"""What a reply has in common with the comment that began the thread."""


async def get(call: Call) -> Answer:
    """Return one comment."""
    return Answer(body=_told(call, *_place(call)))


async def update(call: Call) -> Answer:
    """Change a comment's text."""
    issue, made = _place(call)
    made.body, made.updated_at = checked(call.body), call.state.now()
    return Answer(body=_told(call, issue, made))


async def delete(call: Call) -> Answer:
    """Remove a comment."""
    _, made = _place(call)
    for _, pull in _pulls(call):
        pull.comments.pop(made.id, None)
    return Answer(204)


def _place(call: Call) -> tuple[Issue, ReviewComment]:
    for issue, pull in _pulls(call):
        for comment in pull.comments.values():
            if str(comment.id) == call.parameters["comment_id"]:
                return issue, comment
    raise not_found()


def _pulls(call: Call) -> list[tuple[Issue, Pull]]:
    return [(i, i.pull) for i in call.repository.pulls() if i.pull]


def _told(call: Call, issue: Issue, made: ReviewComment) -> Json:
    return shapes.review_comment(call.url, call.repository, issue, made)


_PULLS = "/repos/{owner}/{repo}/pulls"
_LIST = f"{_PULLS}/{{pull_number}}/comments"
_ONE = f"{_PULLS}/comments/{{comment_id}}"
_READ, _WRITE = ("pull_requests:read",), ("pull_requests:write",)
ROUTES = (
    Route("GET", _LIST, listed, _READ),
    Route("POST", _LIST, create, _WRITE),
    Route("POST", f"{_LIST}/{{comment_id}}/replies", reply, _WRITE),
    Route("GET", f"{_PULLS}/comments", listed_all, _READ),
    Route("GET", _ONE, get, _READ),
    Route("PATCH", _ONE, update, _WRITE),
    Route("DELETE", _ONE, delete, _WRITE),
)
