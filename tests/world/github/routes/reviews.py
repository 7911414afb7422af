"""Reviews of pull requests, with their comments made in one go."""

from __future__ import annotations

from tests.world.github import remarks
from tests.world.github.answers import Answer, Json, not_found, refusal, unprocessable
from tests.world.github.calls import Call, Route, found, paged
from tests.world.github.entities import Issue, Pull, Review, ReviewComment
from tests.world.github.routes.issues import here
from tests.world.github.shapes import pull as shapes

LONGEST_BODY = 65_536
_STATES = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
}


async def create(call: Call) -> Answer:
    """Review a pull request; all comments land, or none does."""
    issue, pull = call.pull
    body = call.body
    asked = body.get("comments") or []
    state = _state(call, issue, body)
    who = (call.account, call.actor.app)
    at = str(body.get("commit_id") or "")
    place = (call.repository, pull)
    making = await remarks.on_commit(call.state, place, who, at)
    number = call.state.new_id()
    comments = [making.make(one, number) for one in asked]
    text = str(body.get("body") or "")
    review = Review(number, call.account, text, state, making.commit, None)
    pull.reviews[number] = review
    review.pending = comments
    if state != "PENDING":
        _submit(call, issue, pull, review)
    return Answer(body=_told(call, issue, review))


def _state(call: Call, issue: Issue, body: Json) -> str:
    event = body.get("event")
    if event is None:
        return "PENDING"
    if event not in _STATES:
        raise unprocessable("Variable $event of type PullRequestReviewEvent")
    if len(body.get("body") or "") > LONGEST_BODY:
        raise unprocessable("Body is too long (maximum is 65536 characters)")
    if event != "COMMENT" and issue.user is call.account:
        what = "approve" if event == "APPROVE" else "request changes on"
        raise unprocessable(f"Can not {what} your own pull request")
    if event != "APPROVE" and not body.get("body") and not body.get("comments"):
        raise refusal(422, "Unprocessable Entity")
    return _STATES[event]


def _submit(call: Call, issue: Issue, pull: Pull, review: Review) -> None:
    review.submitted_at = call.state.now()
    comments, review.pending = review.pending, []
    pull.comments.update({comment.id: comment for comment in comments})
    here(call).review(issue, pull, review)
    for comment in comments:
        here(call).review_comment(issue, pull, comment)


async def submit(call: Call) -> Answer:
    """Submit a pending review."""
    issue, pull = call.pull
    review = _own(call, pull)
    if review.state != "PENDING":
        raise unprocessable("Can not submit a review that is not pending")
    review.body = call.body.get("body") or review.body
    review.state = _state(call, issue, {"body": "-", **call.body})
    _submit(call, issue, pull, review)
    return Answer(body=_told(call, issue, review))


async def listed(call: Call) -> Answer:
    """List the reviews, oldest first."""
    issue, pull = call.pull
    return paged(call, [_told(call, issue, r) for r in _visible(call, pull)])


async def get(call: Call) -> Answer:
    """Return one review."""
    issue, pull = call.pull
    return Answer(body=_told(call, issue, _own(call, pull)))


async def comments_of(call: Call) -> Answer:
    """List the comments of one review."""
    issue, pull = call.pull
    review = _own(call, pull)
    own: list[ReviewComment] = [
        c for c in pull.comments.values() if c.review_id == review.id
    ]
    told = [
        shapes.review_comment(call.url, call.repository, issue, c)
        for c in own + review.pending
    ]
    return paged(call, told)


def _visible(call: Call, pull: Pull) -> list[Review]:
    own = call.actor.account
    return [r for r in pull.reviews.values() if r.state != "PENDING" or r.user is own]


def _own(call: Call, pull: Pull) -> Review:
    review = found(pull.reviews, call.parameters["review_id"])
    if review not in _visible(call, pull):
        raise not_found()
    return review


def _told(call: Call, issue: Issue, review: Review) -> Json:
    return shapes.review(call.url, call.repository, issue, review)


_REVIEWS = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews"
_REVIEW = f"{_REVIEWS}/{{review_id}}"
_READ, _WRITE = ("pull_requests:read",), ("pull_requests:write",)
ROUTES = (
    Route("GET", _REVIEWS, listed, _READ),
    Route("POST", _REVIEWS, create, _WRITE),
    Route("GET", _REVIEW, get, _READ),
    Route("GET", f"{_REVIEW}/comments", comments_of, _READ),
    Route("POST", f"{_REVIEW}/events", submit, _WRITE),
)
