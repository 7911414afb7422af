"""Commits and branches through the API, so that GitHub signs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gidgethub import BadRequest

from bot.errors import UserError
from bot.github.client import Client, MissingError
from bot.publishing import Commit

_PLAIN = "100644"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a commit goes: a branch, on top of which commit, and who we are."""

    branch: str
    onto: str
    login: str


async def add(
    client: Client, repository: str, target: Target, commit: Commit
) -> str | None:
    """Put *commit* on a branch whose head is known; None where it moved on."""
    branch, onto = target.branch, target.onto
    head = await _head(client, repository, branch)
    if head is None:
        return None
    if head != onto:
        return head if await _is_ours(client, repository, head, onto, commit) else None
    made = await _make(client, repository, onto, commit)
    url = f"/repos/{repository}/git/refs/heads/{quote(branch)}"
    try:
        await client.patch(url, data={"sha": made, "force": False})
    except BadRequest as error:
        # Somebody may have pushed between our question and our answer.
        if await _head(client, repository, branch) != onto:
            return None
        raise UserError(
            f"GitHub does not let Multiarch commit to this branch: {error}. A rule of "
            "the branch may forbid it. Let the App bypass the rule, or ask on an "
            "issue: then the fix comes as a pull request."
        ) from error
    return made


async def put_branch(
    client: Client, repository: str, target: Target, commit: Commit
) -> str:
    """Let our own branch be *commit* on top of the base, once and for all."""
    branch, onto = target.branch, target.onto
    head = await _head(client, repository, branch)
    if head and await _is_ours(client, repository, head, onto, commit):
        return head
    if head and not await _is_by(client, repository, head, target.login):
        raise UserError(
            f"Somebody else has pushed to {branch}, so it is left alone and does not "
            "hold the newest fix. Delete the branch to let it be made again."
        )
    made = await _make(client, repository, onto, commit)
    refs = f"/repos/{repository}/git/refs"
    if head is None:
        ref = f"refs/heads/{branch}"
        await client.post(refs, data={"ref": ref, "sha": made})
    else:
        url = f"{refs}/heads/{quote(branch)}"
        await client.patch(url, data={"sha": made, "force": True})
    return made


async def _make(client: Client, repository: str, onto: str, commit: Commit) -> str:
    """Write the tree and the commit; no author is given, so that it is ours."""
    tree = await _tree(client, repository, onto, commit)
    made = await client.post(
        f"/repos/{repository}/git/commits",
        data={"message": commit.message, "tree": tree, "parents": [onto]},
    )
    return str(made["sha"])


async def _tree(client: Client, repository: str, onto: str, commit: Commit) -> str:
    """Write the tree of *onto* with the files of *commit*; the same twice."""
    trees = f"/repos/{repository}/git/trees"
    base = (await _commit(client, repository, onto))["tree"]["sha"]
    listed = await client.getitem(f"{trees}/{base}?recursive=1")
    modes = {str(entry["path"]): str(entry["mode"]) for entry in listed["tree"]}
    entries = [
        {
            "path": source.path,
            "mode": modes.get(source.path, _PLAIN),
            "type": "blob",
            "content": source.text,
        }
        for source in commit.sources
    ]
    answer = await client.post(trees, data={"base_tree": base, "tree": entries})
    return str(answer["sha"])


async def _head(client: Client, repository: str, branch: str) -> str | None:
    try:
        url = f"/repos/{repository}/git/ref/heads/{quote(branch)}"
        answer = await client.getitem(url)
    except MissingError:
        return None
    return str(answer["object"]["sha"])


async def _is_ours(
    client: Client, repository: str, head: str, onto: str, commit: Commit
) -> bool:
    """Tell whether *head* is the very commit that an earlier attempt made."""
    known = await _commit(client, repository, head)
    parents = [parent["sha"] for parent in known["parents"]]
    if parents != [onto] or known["message"].strip() != commit.message.strip():
        return False
    tree = await _tree(client, repository, onto, commit)
    return bool(tree == known["tree"]["sha"])


async def _is_by(client: Client, repository: str, head: str, login: str) -> bool:
    known = await client.getitem(f"/repos/{repository}/commits/{head}")
    author = known.get("author") or {}
    return bool(author.get("login") == login)


async def _commit(client: Client, repository: str, sha: str) -> Any:  # noqa: ANN401 - JSON
    return await client.getitem(f"/repos/{repository}/git/commits/{sha}")
