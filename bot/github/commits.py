"""Commits and branches through the API, so that GitHub signs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gidgethub import BadRequest

from bot.errors import UserError
from bot.github.client import Client, MissingError
from bot.publishing import Commit

_PLAIN, _PROGRAM = "100644", "100755"
_GITHUB = "web-flow"
"""Who commits what somebody made on GitHub itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a commit goes: a branch, on top of which commit, and who we are."""

    branch: str
    onto: str
    login: str


@dataclass(frozen=True, slots=True)
class Made:
    """A commit as GitHub has it; *people* wrote and committed it, where asked for."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    message: str
    people: tuple[str, ...] = ()

    def is_only_by(self, login: str) -> bool:
        """Tell that nobody else has written it, or written it anew (amended)."""
        return set(self.people) <= {login, _GITHUB} and self.people[:1] == (login,)


async def add(
    client: Client, repository: str, target: Target, commit: Commit
) -> str | None:
    """Put *commit* on a branch whose head is known; None where it moved on."""
    branch, onto = target.branch, target.onto
    head = await _head(client, repository, branch)
    if head is None:
        return None
    made = await _make(client, repository, onto, commit)
    if head != onto:
        there = await _there(client, repository, branch)
        return there.sha if there is not None and _is_same(there, made) else None
    url = f"/repos/{repository}/git/refs/heads/{quote(branch)}"
    try:
        await client.patch(url, data={"sha": made.sha, "force": False})
    except BadRequest as error:
        # Somebody may have pushed between our question and our answer.
        if await _head(client, repository, branch) != onto:
            return None
        raise UserError(
            f"GitHub does not let Multiarch commit to this branch: {error}. A rule of "
            "the branch may forbid it. Let the App bypass the rule, or ask on an "
            "issue: then the fix comes as a pull request."
        ) from error
    return made.sha


async def put_branch(
    client: Client, repository: str, target: Target, commit: Commit
) -> str:
    """Let our own branch be *commit* on top of the base, once and for all."""
    refs = f"/repos/{repository}/git/refs"
    made = await _make(client, repository, target.onto, commit)
    data = {"ref": f"refs/heads/{target.branch}", "sha": made.sha}
    try:
        # First as if it were the first time: to ask before would be one call more.
        await client.post(refs, data=data)
    except BadRequest as error:
        there = await _there(client, repository, target.branch)
        if there is None:
            raise _forbidden(target.branch, error) from error
        if _is_same(there, made):
            return there.sha
        if not there.is_only_by(target.login):
            raise UserError(
                f"Somebody else has pushed to {target.branch}, so it is left alone "
                "and does not hold the newest fix. Delete the branch to let it be "
                "made again."
            ) from None
        await _move(client, f"{refs}/heads/{quote(target.branch)}", made, target)
    return made.sha


async def _move(client: Client, url: str, made: Made, target: Target) -> None:
    """Let our own branch hold another commit."""
    try:
        await client.patch(url, data={"sha": made.sha, "force": True})
    except BadRequest as error:
        raise _forbidden(target.branch, error) from error


def _forbidden(branch: str, error: BadRequest) -> UserError:
    """Return what it means that our own branch cannot be written."""
    return UserError(
        f"GitHub does not let Multiarch write the branch {branch}: {error}. A rule of "
        f"the repository may forbid it, or a branch {branch.partition('/')[0]} may "
        "stand in its way. Let the App bypass the rule, or rename the other branch."
    )


async def _make(client: Client, repository: str, onto: str, commit: Commit) -> Made:
    """Write the tree and the commit; no author is given, so that it is ours."""
    tree = await _tree(client, repository, onto, commit)
    made = await client.post(
        f"/repos/{repository}/git/commits",
        data={"message": commit.message, "tree": tree, "parents": [onto]},
    )
    return Made(str(made["sha"]), tree, (onto,), commit.message.strip())


async def _tree(client: Client, repository: str, onto: str, commit: Commit) -> str:
    """Write the tree of *onto* with the files of *commit*; the same twice."""
    below = await client.getitem(f"/repos/{repository}/git/commits/{onto}")
    entries = [
        {
            "path": source.path,
            "mode": _PROGRAM if source.path in commit.executable else _PLAIN,
            "type": "blob",
            "content": source.text,
        }
        for source in commit.sources
    ]
    answer = await client.post(
        f"/repos/{repository}/git/trees",
        data={"base_tree": below["tree"]["sha"], "tree": entries},
    )
    return str(answer["sha"])


async def _head(client: Client, repository: str, branch: str) -> str | None:
    try:
        url = f"/repos/{repository}/git/ref/heads/{quote(branch)}"
        answer = await client.getitem(url)
    except MissingError:
        return None
    return str(answer["object"]["sha"])


async def _there(client: Client, repository: str, branch: str) -> Made | None:
    """Return the head of *branch* and who made it, or None where there is none."""
    head = await _head(client, repository, branch)
    if head is None:
        return None
    answer = await client.getitem(f"/repos/{repository}/commits/{head}")
    content = answer["commit"]
    return Made(
        head,
        str(content["tree"]["sha"]),
        tuple(str(parent["sha"]) for parent in answer["parents"]),
        str(content["message"]).strip(),
        tuple(_login(answer.get(role)) for role in ("author", "committer")),
    )


def _login(account: Mapping[str, Any] | None) -> str:
    return str((account or {}).get("login") or "")


def _is_same(one: Made, other: Made) -> bool:
    """Tell whether two commits say and hold the same on top of the same."""
    facts = (one.tree, one.parents, one.message)
    return facts == (other.tree, other.parents, other.message)
