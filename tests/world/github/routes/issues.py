"""Issues, the conversation on them, and labels."""

from __future__ import annotations

from tests.world.github.answers import Answer, Json, invalid, not_found
from tests.world.github.calls import Call, Route, found, paged
from tests.world.github.entities import Comment, Issue
from tests.world.github.events import Happening
from tests.world.github.pushing import close
from tests.world.github.shapes import issue as shapes

LONGEST_COMMENT = 65_536


async def listed(call: Call) -> Answer:
    """List issues and pull requests, newest first."""
    state = call.query.get("state", "open")
    issues = [i for i in call.repository.issues.values() if state in {"all", i.state}]
    return paged(call, [_told(call, i) for i in reversed(issues)])


async def create(call: Call) -> Answer:
    """Open an issue."""
    body = call.body
    if not body.get("title"):
        raise invalid("Issue", "title", "missing_field")
    issue = opened(call, body)
    issue.labels = _known(call, [_name(label) for label in body.get("labels") or ()])
    here(call).tell("issues", {"action": "opened", "issue": _told(call, issue)})
    return Answer(201, _told(call, issue))


def opened(call: Call, body: Json) -> Issue:
    """Give the next number to a new issue or pull request."""
    now, repository = call.state.now(), call.repository
    number = max(repository.issues, default=0) + 1
    text, title = body.get("body"), str(body.get("title", ""))
    issue = Issue(call.state.new_id(), number, call.account, title, text, now, now)
    issue.app = call.actor.app
    repository.issues[number] = issue
    return issue


async def get(call: Call) -> Answer:
    """Return one issue."""
    return Answer(body=_told(call, call.issue))


async def update(call: Call) -> Answer:
    """Change an issue's words, state or labels."""
    issue, body = call.issue, call.body
    edit(call, issue, body)
    if "labels" in body:
        issue.labels = _known(call, [_name(label) for label in body["labels"]])
    return Answer(body=_told(call, issue))


def edit(call: Call, issue: Issue, body: Json) -> str | None:
    """Write title, body and state; return the event's action, if any."""
    issue.title = body.get("title", issue.title)
    issue.body = body.get("body", issue.body)
    issue.updated_at = call.state.now()
    wanted = body.get("state", issue.state)
    if wanted == issue.state:
        return None
    if wanted == "closed":
        close(call.state, issue, call.account)
        return "closed"
    issue.state, issue.closed_at, issue.closed_by = "open", None, None
    return "reopened"


async def comments(call: Call) -> Answer:
    """List the comments of one conversation, oldest first."""
    since = call.query.get("since", "")
    listed = [c for c in call.issue.comments.values() if c.updated_at >= since]
    return paged(call, [_comment(call, call.issue, c) for c in listed])


async def all_comments(call: Call) -> Answer:
    """List the comments of every conversation."""
    issues = call.repository.issues.values()
    told = [_comment(call, i, c) for i in issues for c in i.comments.values()]
    return paged(call, told)


async def comment(call: Call) -> Answer:
    """Say something in a conversation."""
    issue = call.issue
    text = checked(call.body)
    now, app = call.state.now(), call.actor.app
    made = Comment(call.state.new_id(), call.account, text, now, now, app)
    issue.comments[made.id] = made
    issue.updated_at = now
    here(call).issue_comment("created", issue, made)
    return Answer(201, _comment(call, issue, made))


def checked(body: Json) -> str:
    """Return a comment's text, refusing what GitHub refuses."""
    text = body.get("body")
    if not isinstance(text, str) or not text.strip():
        raise invalid("IssueComment", "body", "missing_field")
    if len(text) > LONGEST_COMMENT:
        message = f"body is too long (maximum is {LONGEST_COMMENT} characters)"
        raise invalid("IssueComment", "body", "custom", message)
    return text


async def one_comment(call: Call) -> Answer:
    """Return one comment."""
    return Answer(body=_comment(call, *_place(call)))


async def edit_comment(call: Call) -> Answer:
    """Change a comment's text."""
    issue, made = _place(call)
    made.body, made.updated_at = checked(call.body), call.state.now()
    return Answer(body=_comment(call, issue, made))


async def delete_comment(call: Call) -> Answer:
    """Remove a comment."""
    issue, made = _place(call)
    del issue.comments[made.id]
    return Answer(204)


def _place(call: Call) -> tuple[Issue, Comment]:
    wanted = call.parameters["comment_id"]
    for issue in call.repository.issues.values():
        if wanted.isdigit() and int(wanted) in issue.comments:
            return issue, found(issue.comments, wanted)
    raise not_found()


async def labels(call: Call) -> Answer:
    """List the repository's labels."""
    names = call.repository.labels
    return paged(call, [shapes.label(call.url, call.repository, n) for n in names])


async def create_label(call: Call) -> Answer:
    """Make a label."""
    body, known = call.body, call.repository.labels
    name = str(body.get("name", ""))
    if name in known:
        raise invalid("Label", "name", "already_exists")
    known[name] = {
        "id": call.state.new_id(),
        "color": body.get("color", "ededed"),
        "description": body.get("description"),
    }
    return Answer(201, shapes.label(call.url, call.repository, name))


async def labels_of(call: Call) -> Answer:
    """List the labels of an issue."""
    return paged(call, _labels(call))


async def add_labels(call: Call) -> Answer:
    """Add labels to an issue, making those that are not there."""
    names = [_name(label) for label in call.body.get("labels", ())]
    fresh = [n for n in _known(call, names) if n not in call.issue.labels]
    call.issue.labels += fresh
    return Answer(body=_labels(call))


async def remove_label(call: Call) -> Answer:
    """Take a label off an issue."""
    name = call.parameters["name"]
    if name not in call.issue.labels:
        raise not_found()
    call.issue.labels.remove(name)
    return Answer(body=_labels(call))


def _known(call: Call, names: list[str]) -> list[str]:
    for name in names:
        number = call.state.new_id()
        call.repository.labels.setdefault(name, {"id": number, "color": "ededed"})
    return names


def _name(label: str | Json) -> str:
    return label if isinstance(label, str) else str(label["name"])


def _labels(call: Call) -> list[Json]:
    names = call.issue.labels
    return [shapes.label(call.url, call.repository, name) for name in names]


def _told(call: Call, issue: Issue) -> Json:
    return shapes.issue(call.url, call.repository, issue)


def _comment(call: Call, issue: Issue, made: Comment) -> Json:
    return shapes.comment(call.url, call.repository, issue, made)


def here(call: Call) -> Happening:
    """Return the place and the person of what this call makes happen."""
    return Happening(call.state, call.outbox, call.repository, call.account)


_REPO = "/repos/{owner}/{repo}"
_ISSUE = f"{_REPO}/issues/{{issue_number}}"
_COMMENT = f"{_REPO}/issues/comments/{{comment_id}}"
_READ = ("issues:read", "pull_requests:read")
_WRITE = ("issues:write", "pull_requests:write")
ROUTES = (
    Route("GET", f"{_REPO}/issues", listed, _READ),
    Route("POST", f"{_REPO}/issues", create, ("issues:write",)),
    Route("GET", _ISSUE, get, _READ),
    Route("PATCH", _ISSUE, update, _WRITE),
    Route("GET", f"{_ISSUE}/comments", comments, _READ),
    Route("POST", f"{_ISSUE}/comments", comment, _WRITE),
    Route("GET", f"{_REPO}/issues/comments", all_comments, _READ),
    Route("GET", _COMMENT, one_comment, _READ),
    Route("PATCH", _COMMENT, edit_comment, _WRITE),
    Route("DELETE", _COMMENT, delete_comment, _WRITE),
    Route("GET", f"{_REPO}/labels", labels, _READ),
    Route("POST", f"{_REPO}/labels", create_label, _WRITE),
    Route("GET", f"{_ISSUE}/labels", labels_of, _READ),
    Route("POST", f"{_ISSUE}/labels", add_labels, _WRITE),
    Route("DELETE", f"{_ISSUE}/labels/{{name}}", remove_label, _WRITE),
)
