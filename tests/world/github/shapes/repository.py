"""Repositories, branches and refs as JSON."""

from __future__ import annotations

from tests.world.github.answers import Json
from tests.world.github.entities import Account, Repository
from tests.world.github.shapes.account import node_id, user

_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def minimal(url: str, repository: Repository) -> Json:
    """Write a repository's name, owner and links."""
    api = f"{url}/repos/{repository.full_name}"
    return {
        "id": repository.id,
        "node_id": node_id("Repository", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": user(url, repository.owner),
        "html_url": f"{url}/{repository.full_name}",
        "description": None,
        "fork": repository.parent is not None,
        "url": api,
        **{name: f"{api}{end}" for name, end in _LINKS.items()},
    }


def full(url: str, repository: Repository) -> Json:
    """Write a repository as lists and webhooks hold it."""
    page = f"{url}/{repository.full_name}"
    opened = sum(issue.state == "open" for issue in repository.issues.values())
    return {
        **minimal(url, repository),
        "created_at": repository.created_at,
        "updated_at": repository.pushed_at,
        "pushed_at": repository.pushed_at,
        "git_url": f"{page.replace('http', 'git', 1)}.git",
        "ssh_url": f"git@{url.partition('//')[2]}:{repository.full_name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "homepage": None,
        "size": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": None,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 0,
        "mirror_url": None,
        "archived": False,
        "disabled": False,
        "open_issues_count": opened,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if repository.private else "public",
        "forks": 0,
        "open_issues": opened,
        "watchers": 0,
        "default_branch": repository.default_branch,
    }


def page(url: str, repository: Repository, account: Account | None) -> Json:
    """Write a repository as its own page shows it."""
    body = full(url, repository)
    if account:
        body["permissions"] = permissions(repository.permission(account))
    if repository.parent:
        body["parent"] = body["source"] = full(url, repository.parent)
    return {
        **body,
        "network_count": 0,
        "subscribers_count": 0,
        "allow_squash_merge": True,
        "allow_merge_commit": True,
        "allow_rebase_merge": True,
        "allow_auto_merge": False,
        "delete_branch_on_merge": False,
        "temp_clone_token": None,
    }


def permissions(level: str) -> Json:
    """Write what a permission *level* includes."""
    order = ("none", "read", "triage", "write", "maintain", "admin")
    names = {
        "pull": "read",
        "triage": "triage",
        "push": "write",
        "maintain": "maintain",
        "admin": "admin",
    }
    has = order.index(level)
    return {name: order.index(least) <= has for name, least in names.items()}


def ref(url: str, repository: Repository, name: str, target: tuple[str, str]) -> Json:
    """Write a git reference and its *target* (type and id)."""
    api = f"{url}/repos/{repository.full_name}/git"
    kind, sha = target
    return {
        "ref": name,
        "node_id": node_id("Ref", repository.id),
        "url": f"{api}/{name}",
        "object": {"sha": sha, "type": kind, "url": f"{api}/{kind}s/{sha}"},
    }
