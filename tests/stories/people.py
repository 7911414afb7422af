"""People who push with git, over HTTP, to the stand-in for GitHub."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.stories import engineer
from tests.world.github.stand_in import StandIn


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody with an account, and checkouts below *folder*."""

    github: StandIn
    login: str
    folder: Path

    def tree(self, name: str) -> Path:
        """Return the checkout of the repository *name*."""
        return self.folder / self.login / name

    async def begin(self, name: str) -> None:
        """Make a repository that holds nothing but a page of text."""
        await self.github.create_repository(name)
        self.github.person(self.login, {name: "admin"})
        tree = self.tree(name)
        tree.mkdir(parents=True)
        await self._git(tree, "init", "-q", "-b", "main")
        await self.push(name, {"README.md": "A project.\n"})

    async def fork(self, name: str) -> str:
        """Fork *name* and clone the fork; return the name of the fork."""
        mine = await self.github.fork(self.login, name)
        tree = self.tree(mine.full_name)
        tree.parent.mkdir(parents=True, exist_ok=True)
        address = self._address(mine.full_name)
        await self._git(self.folder, "clone", "-q", address, str(tree))
        return mine.full_name

    async def push(
        self, name: str, files: Mapping[str, str], branch: str = "main"
    ) -> str:
        """Write *files*, commit and push; return the commit."""
        tree = self.tree(name)
        await self._git(tree, "checkout", "-q", "-B", branch)
        for path, text in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)
        return await self._push(name, branch)

    async def push_sample(self, name: str, sample: str, branch: str = "main") -> str:
        """Copy a sample project into the checkout, commit and push it."""
        tree = self.tree(name)
        await self._git(tree, "checkout", "-q", "-B", branch)
        shutil.copytree(engineer.SAMPLES / sample, tree, dirs_exist_ok=True)
        return await self._push(name, branch)

    async def _push(self, name: str, branch: str) -> str:
        tree = self.tree(name)
        commit = await asyncio.to_thread(engineer.commit, tree, "Change")
        await self._git(tree, "push", "-q", self._address(name), f"HEAD:{branch}")
        return commit

    def _address(self, name: str) -> str:
        token = self.github.person(self.login).token
        address = self.github.url.replace("://", f"://{self.login}:{token}@")
        return f"{address}/{name}.git"

    async def _git(self, tree: Path, *words: str) -> None:
        # In a thread: the stand-in that git talks to lives on this very loop.
        await asyncio.to_thread(engineer.git, tree, *words)
