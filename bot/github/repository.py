"""Read one repository: its tree at a commit, its branches, its pull requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from bot.command import Permission
from bot.github import archive
from bot.github.cellar import Cellar
from bot.github.client import Client, MissingError
from bot.github_ports import GitHubRefusedError, Place
from bot.publishing import PullRequestRef
from bot.report.patch import shown_lines
from bot.snapshot import Snapshot

_COMPARED = 300
"""How many files GitHub shows of a comparison; beyond, it cuts the list."""
_FILES = 3000
"""How many files GitHub shows of a pull request."""
_PERMISSIONS = {
    "admin": Permission.ADMIN,
    "maintain": Permission.WRITE,
    "write": Permission.WRITE,
    "triage": Permission.READ,
    "read": Permission.READ,
}

Opened = Callable[[], Awaitable[Client]]
"""Gives a client whose token is fresh."""


class RepositoryReader:
    """One repository, seen with a token that can only read it."""

    def __init__(self, place: Place, opened: Opened, cellar: Cellar) -> None:
        self._name = place.repository
        self._id = place.id
        self._opened = opened
        self._cellar = cellar

    async def snapshot(self, sha: str) -> Snapshot:
        """Return the build files and all paths at *sha*: one read."""
        async with self._archive(sha) as file:
            return await asyncio.to_thread(archive.snapshot, file)

    @asynccontextmanager
    async def checkout(self, sha: str) -> AsyncIterator[Path]:
        """Lay the whole tree out on disk; it is gone when the block ends."""
        with TemporaryDirectory(prefix="multiarch-checkout-") as folder:
            tree = Path(folder) / "tree"
            tree.mkdir()
            async with self._archive(sha) as file:
                await asyncio.to_thread(archive.unpack, file, tree)
            yield tree

    async def changed_paths(self, base: str, head: str) -> frozenset[str] | None:
        """Compare two commits; None where GitHub cannot tell all of them."""
        try:
            answer = await self._get(f"/compare/{base}...{head}")
        except MissingError:
            return None
        files = answer.get("files") or []
        if len(files) >= _COMPARED:
            return None
        names = {str(file["filename"]) for file in files}
        before = {str(file.get("previous_filename") or "") for file in files}
        return frozenset(names | before - {""})

    async def branch_head(self, branch: str) -> str | None:
        """Return the commit that *branch* points at, or None."""
        try:
            answer = await self._get(f"/git/ref/heads/{quote(branch)}")
        except MissingError:
            return None
        return str(answer["object"]["sha"])

    async def default_branch(self) -> str:
        """Return the name of the default branch."""
        answer = await self._get("")
        return str(answer["default_branch"])

    async def pull_request(self, number: int) -> PullRequestRef:
        """Return what pull request *number* is now."""
        return pull_request_ref(await self._get(f"/pulls/{number}"))

    async def commits(self, number: int) -> tuple[str, ...]:
        """Return the commits of a pull request; GitHub shows 250 at most."""
        client = await self._opened()
        url = f"/repos/{self._name}/pulls/{number}/commits?per_page=100"
        return tuple([str(commit["sha"]) async for commit in client.getiter(url)])

    async def shown_lines(self, number: int) -> Mapping[str, frozenset[int]]:
        """Return, per path, the lines of the new side that the diff shows."""
        client = await self._opened()
        url = f"/repos/{self._name}/pulls/{number}/files?per_page=100"
        shown: dict[str, frozenset[int]] = {}
        async for file in client.getiter(url):
            shown[str(file["filename"])] = shown_lines(str(file.get("patch") or ""))
            if len(shown) >= _FILES:
                break
        return shown

    async def permission(self, login: str) -> Permission:
        """Return what *login* may do in the repository."""
        try:
            answer = await self._get(
                f"/collaborators/{quote(login, safe='')}/permission"
            )
        except MissingError:
            return Permission.NONE
        return _PERMISSIONS.get(str(answer.get("permission")), Permission.NONE)

    async def _get(self, path: str) -> Any:  # noqa: ANN401 - JSON of GitHub
        client = await self._opened()
        return await client.getitem(f"/repos/{self._name}{path}")

    def _archive(self, sha: str) -> AbstractAsyncContextManager[Path]:
        """Keep the archive of *sha* in the cellar while the block lasts."""

        async def download(target: Path) -> None:
            client = await self._opened()
            await _download(client, f"/repos/{self._name}/tarball/{sha}", target)

        return self._cellar.archive(self._id, sha, download)


async def _download(client: Client, url: str, target: Path) -> None:
    size = 0
    with target.open("wb") as file:
        async with client.download(url) as content:
            async for chunk in content.iter_chunked(1 << 20):
                size += len(chunk)
                if size > archive.LARGEST:
                    raise GitHubRefusedError(
                        "The repository's archive is larger than "
                        f"{archive.LARGEST >> 30} GiB, so it is not analysed."
                    )
                await asyncio.to_thread(file.write, chunk)


def pull_request_ref(answer: Mapping[str, Any]) -> PullRequestRef:
    """Read what GitHub says of one pull request."""
    head, base = answer["head"], answer["base"]
    home = head["repo"]["full_name"] if head.get("repo") else ""
    return PullRequestRef(
        number=int(answer["number"]),
        head=str(head["sha"]),
        branch=str(head["ref"]),
        base=str(base["ref"]),
        fork=home != base["repo"]["full_name"],
        home=home or "",
        open=answer["state"] == "open",
        draft=bool(answer.get("draft")),
        url=str(answer.get("html_url") or ""),
    )
