"""Reviews, comments and reactions, each found again by a hidden marker."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

from gidgethub import BadRequest

from bot.github.client import Client
from bot.github_ports import CommentRef, GitHubUnavailableError
from bot.publishing import Reaction, Remark, Review
from bot.report.markdown import bounded, code

_FINGERPRINT = re.compile(r"<!-- multiarch:remark ([\w.:/-]+) -->")
_UNPROCESSABLE = 422


async def fingerprints(
    client: Client, repository: str, number: int, login: str
) -> frozenset[str]:
    """Return the fingerprints of our remarks; a stranger's count for nothing."""
    found: set[str] = set()
    url = f"/repos/{repository}/pulls/{number}/comments?per_page=100"
    async for item in client.getiter(url):
        if _author(item) == login:
            found.update(_FINGERPRINT.findall(item["body"] or ""))
    return frozenset(found)


async def review(
    client: Client, repository: str, number: int, head: str, content: Review
) -> None:
    """Post one review on *head*; remarks that GitHub refuses go into its text."""
    url = f"/repos/{repository}/pulls/{number}/reviews"
    about = {"commit_id": head, "event": "COMMENT"}
    comments = [_comment(item) for item in content.remarks]
    try:
        await client.post(
            url, data={**about, "body": content.body, "comments": comments}
        )
    except BadRequest as error:
        if int(error.status_code) != _UNPROCESSABLE or not comments:
            raise
        body = bounded((content.body, *map(_listed, content.remarks)))
        await _post(client, url, {**about, "body": body, "comments": []})


async def _post(client: Client, url: str, data: dict[str, Any]) -> None:
    """Post a review without remarks; only a head that is gone is refused."""
    try:
        await client.post(url, data=data)
    except BadRequest as error:
        words = f"GitHub does not take the review: {error}."
        raise GitHubUnavailableError(words) from error


async def comment(
    client: Client, repository: str, number: int, said: tuple[str, str, str]
) -> None:
    """Say a body in our comment with a marker: (login, marker, body)."""
    login, marker, body = said
    url = f"/repos/{repository}/issues"
    text = f"{body}\n\n{_marked(marker)}"
    async for item in _comments(client, repository, number):
        if _author(item) == login and _marked(marker) in (item["body"] or ""):
            if item["body"] != text:
                await client.patch(f"{url}/comments/{item['id']}", data={"body": text})
            return
    await client.post(f"{url}/{number}/comments", data={"body": text})


async def react(
    client: Client, repository: str, about: CommentRef, reaction: Reaction
) -> None:
    """Put *reaction* on a comment; GitHub keeps one of a kind."""
    kind = "pulls" if about.in_review else "issues"
    url = f"/repos/{repository}/{kind}/comments/{about.id}/reactions"
    await client.post(url, data={"content": reaction.value})


def _comment(item: Remark) -> dict[str, Any]:
    hidden = f"<!-- multiarch:remark {item.fingerprint} -->"
    place: dict[str, Any] = {"line": item.line, "side": "RIGHT"}
    if item.start_line < item.line:
        place |= {"start_line": item.start_line, "start_side": "RIGHT"}
    return {"path": item.path, **place, "body": f"{item.body}\n\n{hidden}"}


def _listed(item: Remark) -> str:
    body = item.body.replace("```suggestion", "```")
    return f"{code(item.path)} line {item.line}: {body}"


async def _comments(client: Client, repository: str, number: int) -> AsyncIterator[Any]:
    url = f"/repos/{repository}/issues/{number}/comments?per_page=100"
    async for item in client.getiter(url):
        yield item


def _marked(marker: str) -> str:
    return f"<!-- multiarch:{marker} -->"


def _author(item: Any) -> str:  # noqa: ANN401 - JSON of GitHub
    return str((item.get("user") or {}).get("login") or "")
