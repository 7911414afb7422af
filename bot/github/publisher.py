"""Write to one repository, each time as if it might not be the first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping

from gidgethub import BadRequest

from bot.errors import UserError
from bot.github import checks, commits, remarks
from bot.github.checks import Where
from bot.github.commits import Target
from bot.github.repository import Opened, pull_request_ref
from bot.github_ports import CommentRef
from bot.publishing import (
    CheckReport,
    Commit,
    PullRequestRef,
    PullRequestText,
    Reaction,
    Review,
)

Login = Callable[[], Awaitable[str]]
"""Gives the name under which we write."""


class RepositoryPublisher:
    """One repository, written with a token for it alone."""

    def __init__(
        self, name: str, opened: Opened, login: Login, blank: MutableMapping[int, bool]
    ) -> None:
        self._name = name
        self._opened = opened
        self._login = login
        self._blank = blank

    async def _where(self) -> Where:
        return Where(await self._opened(), self._name, self._blank)

    async def find_or_create_check(
        self, head: str, external_id: str, report: CheckReport
    ) -> int:
        """Return our check run with *external_id* on *head*, made if need be."""
        where = await self._where()
        return await checks.find_or_create(where, head, external_id, report)

    async def update_check(self, check: int, report: CheckReport) -> None:
        """Let the check run say *report*."""
        await checks.update(await self._where(), check, report)

    async def fingerprints(self, number: int) -> frozenset[str]:
        """Return the fingerprints of our remarks on a pull request."""
        client, login = await self._opened(), await self._login()
        return await remarks.fingerprints(client, self._name, number, login)

    async def review(self, number: int, head: str, review: Review) -> None:
        """Post one review on *head*, fingerprints hidden in its remarks."""
        await remarks.review(await self._opened(), self._name, number, head, review)

    async def commit(self, branch: str, onto: str, commit: Commit) -> str | None:
        """Put one commit on *branch* whose head is *onto*; return its id."""
        target = Target(branch, onto, await self._login())
        return await commits.add(await self._opened(), self._name, target, commit)

    async def put_branch(self, branch: str, onto: str, commit: Commit) -> str:
        """Let our own *branch* be *commit* on top of *onto*; return its id."""
        target = Target(branch, onto, await self._login())
        client = await self._opened()
        return await commits.put_branch(client, self._name, target, commit)

    async def put_pull_request(
        self, branch: str, base: str, text: PullRequestText
    ) -> PullRequestRef:
        """Open a pull request for *branch*, or edit the open one in place."""
        client = await self._opened()
        url = f"/repos/{self._name}/pulls"
        content = {"title": text.title, "body": text.body}
        try:
            # First as if it were the first time: to ask before would be a call more.
            made = await client.post(
                url, data={**content, "head": branch, "base": base}
            )
            return pull_request_ref(made)
        except BadRequest as error:
            owner = self._name.partition("/")[0]
            query = "?state=open&head={head}&base={base}"
            variables = {"head": f"{owner}:{branch}", "base": base}
            there = await client.getitem(url + query, variables)
            if not there:
                raise UserError(
                    f"GitHub does not take a pull request from {branch} to {base}: "
                    f"{error}. The base may have been renamed or deleted meanwhile."
                ) from error
        known = there[0]
        if (known["title"], known["body"]) != (text.title, text.body):
            known = await client.patch(f"{url}/{known['number']}", data=content)
        return pull_request_ref(known)

    async def comment(self, number: int, marker: str, body: str) -> None:
        """Say *body* in our comment with the hidden *marker*, made if need be."""
        client, login = await self._opened(), await self._login()
        said = (login, marker, body)
        await remarks.comment(client, self._name, number, said)

    async def react(self, comment: CommentRef, reaction: Reaction) -> None:
        """Put *reaction* on a comment (GitHub keeps one of a kind)."""
        await remarks.react(await self._opened(), self._name, comment, reaction)
