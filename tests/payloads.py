"""The parts of GitHub's payloads that the bot reads, as plain values."""

from __future__ import annotations

from typing import Any

REPOSITORY = {
    "id": 5,
    "full_name": "octo/app",
    "default_branch": "main",
    "pushed_at": 1_700_000_000,
}
SENDER = {"login": "octocat", "type": "User"}
BOT = {"login": "multiarch[bot]", "type": "Bot"}


def delivered(**parts: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return *parts* with what every delivery to an App has."""
    shared = {"installation": {"id": 7}, "repository": REPOSITORY, "sender": SENDER}
    return {**shared, **parts}


def push(*paths: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a push of one commit that modifies *paths*."""
    commit = {"added": [], "modified": list(paths), "removed": []}
    known = {
        "ref": "refs/heads/main",
        "before": "a" * 40,
        "after": "b" * 40,
        "forced": False,
        "deleted": False,
        "commits": [commit],
    }
    return delivered(**{**known, **parts})


def pull_request(action: str = "opened", **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a pull request event."""
    pull = {
        "number": 7,
        "draft": False,
        "updated_at": "2023-11-14T22:13:20Z",
        "user": SENDER,
        "head": {
            "sha": "b" * 40,
            "ref": "topic",
            "repo": {"full_name": "octo/app"},
        },
        "base": {"ref": "main"},
        **parts,
    }
    return delivered(action=action, pull_request=pull)


def comment(body: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a new comment on pull request 7."""
    said = {
        "id": 99,
        "body": body,
        "user": SENDER,
        "created_at": "2023-11-14T22:13:20Z",
        **parts,
    }
    issue = {"number": 7, "pull_request": {"url": "…"}}
    return delivered(action="created", issue=issue, comment=said)


def check_run(action: str = "rerequested", **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a check run that somebody asks for again."""
    run = {
        "head_sha": "b" * 40,
        "started_at": "2023-11-14T22:13:20Z",
        "check_suite": {"head_branch": "main"},
        "pull_requests": [],
    }
    return delivered(action=action, check_run=run, **parts)
