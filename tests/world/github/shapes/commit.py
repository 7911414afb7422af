"""Commits, changed files and comparisons as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from tests.world.github.answers import Json
from tests.world.github.diffs import FileDiff
from tests.world.github.entities import Repository
from tests.world.github.git import Identity
from tests.world.github.history import Changes, Commit
from tests.world.github.shapes.account import node_id, user
from tests.world.github.state import State

_UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def git_commit(url: str, repository: Repository, commit: Commit) -> Json:
    """Write a commit as the git database shows it."""
    api = f"{url}/repos/{repository.full_name}/git"
    page = f"{url}/{repository.full_name}"
    parents = [
        {
            "sha": sha,
            "url": f"{api}/commits/{sha}",
            "html_url": f"{page}/commit/{sha}",
        }
        for sha in commit.parents
    ]
    return {
        "sha": commit.sha,
        "node_id": node_id("Commit", repository.id),
        "url": f"{api}/commits/{commit.sha}",
        "html_url": f"{page}/commit/{commit.sha}",
        "author": person(commit.author),
        "committer": person(commit.committer),
        "tree": {"sha": commit.tree, "url": f"{api}/trees/{commit.tree}"},
        "message": commit.message,
        "parents": parents,
        "verification": dict(_UNSIGNED),
    }


def person(identity: Identity) -> Json:
    """Write who made a commit, and when."""
    return {"name": identity.name, "email": identity.email, "date": identity.date}


def commit(state: State, repository: Repository, read: Commit) -> Json:
    """Write a commit as the commits API shows it."""
    url = state.url
    api = f"{url}/repos/{repository.full_name}"
    author = state.author(read.author.email)
    committer = state.author(read.committer.email)
    inner = git_commit(url, repository, read)
    return {
        "sha": read.sha,
        "node_id": node_id("Commit", repository.id),
        "commit": {
            "author": inner["author"],
            "committer": inner["committer"],
            "message": read.message,
            "tree": inner["tree"],
            "url": inner["url"],
            "comment_count": 0,
            "verification": inner["verification"],
        },
        "url": f"{api}/commits/{read.sha}",
        "html_url": inner["html_url"],
        "comments_url": f"{api}/commits/{read.sha}/comments",
        "author": user(url, author) if author else None,
        "committer": user(url, committer) if committer else None,
        "parents": [
            {**p, "url": f"{api}/commits/{p['sha']}"} for p in inner["parents"]
        ],
    }


def file(url: str, repository: Repository, head: str, diff: FileDiff) -> Json:
    """Write one changed file with its patch."""
    path = quote(diff.path)
    added, removed = diff.count("+"), diff.count("-")
    body: Json = {
        "sha": diff.sha,
        "filename": diff.path,
        "status": diff.status,
        "additions": added,
        "deletions": removed,
        "changes": added + removed,
        "blob_url": f"{url}/{repository.full_name}/blob/{head}/{path}",
        "raw_url": f"{url}/{repository.full_name}/raw/{head}/{path}",
        "contents_url": (
            f"{url}/repos/{repository.full_name}/contents/{path}?ref={head}"
        ),
    }
    if diff.patch is not None:
        body["patch"] = diff.patch
    if diff.previous is not None:
        body["previous_filename"] = diff.previous
    return body


def totals(files: Iterable[FileDiff]) -> Json:
    """Count the lines of all *files*."""
    pairs = [(diff.count("+"), diff.count("-")) for diff in files]
    added, removed = sum(a for a, _ in pairs), sum(r for _, r in pairs)
    return {"additions": added, "deletions": removed, "total": added + removed}


def pushed(
    state: State, repository: Repository, read: Commit, touched: Changes
) -> Json:
    """Write a commit as a push's payload holds it."""
    return {
        "id": read.sha,
        "tree_id": read.tree,
        "distinct": True,
        "message": read.message,
        "timestamp": read.committer.date,
        "url": f"{state.url}/{repository.full_name}/commit/{read.sha}",
        "author": _pushed_by(state, read.author),
        "committer": _pushed_by(state, read.committer),
        "added": list(touched.added),
        "removed": list(touched.removed),
        "modified": list(touched.modified),
    }


def _pushed_by(state: State, identity: Identity) -> Json:
    account = state.author(identity.email)
    known = {"username": account.login} if account else {}
    return {"name": identity.name, "email": identity.email, **known}


def brief(read: Commit) -> Json:
    """Write a commit as suites and workflow runs hold it."""
    return {
        "id": read.sha,
        "tree_id": read.tree,
        "message": read.message,
        "timestamp": read.committer.date,
        "author": {"name": read.author.name, "email": read.author.email},
        "committer": {"name": read.committer.name, "email": read.committer.email},
    }
