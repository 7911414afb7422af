"""Issues, labels, comments and reactions as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from tests.world.github.answers import Json
from tests.world.github.entities import (
    Account,
    Comment,
    Issue,
    Kind,
    Reaction,
    Repository,
)
from tests.world.github.shapes.account import app, node_id, user

REACTIONS = (
    "+1",
    "-1",
    "laugh",
    "hooray",
    "confused",
    "heart",
    "rocket",
    "eyes",
)


def issue(url: str, repository: Repository, it: Issue) -> Json:
    """Write an issue, or a pull request as an issue."""
    api = f"{url}/repos/{repository.full_name}"
    own = f"{api}/issues/{it.number}"
    body: Json = {
        "url": own,
        "repository_url": api,
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "html_url": page(url, repository, it),
        "id": it.id,
        "node_id": node_id("Issue", it.id),
        "number": it.number,
        "title": it.title,
        "user": user(url, it.user),
        "labels": [label(url, repository, name) for name in it.labels],
        "state": it.state,
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(it.comments),
        "created_at": it.created_at,
        "updated_at": it.updated_at,
        "closed_at": it.closed_at,
        "author_association": association(repository, it.user),
        "active_lock_reason": None,
        "body": it.body,
        "closed_by": user(url, it.closed_by) if it.closed_by else None,
        "reactions": rollup(f"{own}/reactions", it.reactions),
        "timeline_url": f"{own}/timeline",
        "performed_via_github_app": app(url, it.app) if it.app else None,
        "state_reason": None,
    }
    if it.pull:
        body["draft"] = it.pull.draft
        body["pull_request"] = _pull_links(url, repository, it)
    return body


def _pull_links(url: str, repository: Repository, it: Issue) -> Json:
    html = page(url, repository, it)
    return {
        "url": f"{url}/repos/{repository.full_name}/pulls/{it.number}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "merged_at": it.pull.merged_at if it.pull else None,
    }


def page(url: str, repository: Repository, it: Issue) -> str:
    """Return the address at which a person reads the issue."""
    kind = "pull" if it.pull else "issues"
    return f"{url}/{repository.full_name}/{kind}/{it.number}"


def label(url: str, repository: Repository, name: str) -> Json:
    """Write a label of the repository."""
    known = repository.labels[name]
    return {
        "id": known["id"],
        "node_id": node_id("Label", known["id"]),
        "url": f"{url}/repos/{repository.full_name}/labels/{quote(name)}",
        "name": name,
        "color": known["color"],
        "default": known.get("default", False),
        "description": known.get("description"),
    }


def comment(url: str, repository: Repository, on: Issue, it: Comment) -> Json:
    """Write a comment of a conversation."""
    api = f"{url}/repos/{repository.full_name}/issues"
    own = f"{api}/comments/{it.id}"
    return {
        "url": own,
        "html_url": f"{page(url, repository, on)}#issuecomment-{it.id}",
        "issue_url": f"{api}/{on.number}",
        "id": it.id,
        "node_id": node_id("IssueComment", it.id),
        "user": user(url, it.user),
        "created_at": it.created_at,
        "updated_at": it.updated_at,
        "author_association": association(repository, it.user),
        "body": it.body,
        "reactions": rollup(f"{own}/reactions", it.reactions),
        "performed_via_github_app": app(url, it.app) if it.app else None,
    }


def reaction(url: str, it: Reaction) -> Json:
    """Write one reaction."""
    return {
        "id": it.id,
        "node_id": node_id("Reaction", it.id),
        "user": user(url, it.user),
        "content": it.content,
        "created_at": it.created_at,
    }


def rollup(url: str, reactions: Iterable[Reaction]) -> Json:
    """Count reactions by kind."""
    contents = [it.content for it in reactions]
    counts = {name: contents.count(name) for name in REACTIONS}
    return {"url": url, "total_count": len(contents), **counts}


def association(repository: Repository, account: Account) -> str:
    """Name what ties *account* to the repository."""
    if account is repository.owner:
        return "OWNER"
    if account.login not in repository.access:
        return "NONE"
    if repository.owner.kind is Kind.ORGANIZATION:
        return "MEMBER"
    return "COLLABORATOR"
