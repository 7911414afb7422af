"""Run real git on one bare repository, without blocking the loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ZERO = "0" * 40
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_QUIET = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = {
    "uploadpack.allowReachableSHA1InWant": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowFilter": "true",
    "http.receivepack": "true",
    "receive.hideRefs": "refs/pull",
    "receive.denyDeleteCurrent": "true",
    "gc.auto": "0",
    "receive.autogc": "false",
}


class GitError(Exception):
    """Git refused; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who wrote or committed, and when (ISO 8601 or empty for now)."""

    name: str
    email: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Git:
    """One bare repository on disk."""

    directory: Path

    async def run(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> bytes:
        """Run one git command and return what it printed."""
        process = await asyncio.create_subprocess_exec(
            "git",
            "-c",
            "core.quotePath=false",
            "-C",
            str(self.directory),
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment() | dict(env or {}),
        )
        out, err = await process.communicate(stdin)
        if process.returncode:
            raise GitError(err.decode(errors="replace").strip())
        return out

    async def text(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run one git command and return its text without the last newline."""
        out = await self.run(*arguments, stdin=stdin)
        return out.decode(errors="surrogateescape").rstrip("\n")

    async def create(self, branch: str) -> None:
        """Make the bare repository with *branch* as its default."""
        self.directory.mkdir(parents=True)
        await self.run("init", "--quiet", "--bare", f"--initial-branch={branch}")
        await self.configure()

    async def configure(self) -> None:
        """Allow over HTTP what GitHub allows."""
        lines = ((*key.split("."), value) for key, value in _SETTINGS.items())
        text = "".join(f"[{part}]\n\t{key} = {value}\n" for part, key, value in lines)
        with (self.directory / "config").open("a") as config:
            config.write(text)

    async def refs(self) -> dict[str, str]:
        """Return every branch and tag with the object it names."""
        out = await self.text(
            "for-each-ref",
            "--format=%(refname) %(objectname)",
            "refs/heads",
            "refs/tags",
        )
        words = (line.partition(" ") for line in out.splitlines())
        return {name: sha for name, _, sha in words}

    async def resolve(self, name: str, kind: str = "commit") -> str | None:
        """Return the object *name* stands for: a branch, a tag or an id."""
        for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            try:
                return await self.text(
                    "rev-parse", "--verify", "--quiet", f"{candidate}^{{{kind}}}"
                )
            except GitError:
                continue
        return None

    async def commit_tree(
        self, tree: str, parents: list[str], message: str, who: tuple[Identity, ...]
    ) -> str:
        """Write a commit by *who* (author, committer) and return its id."""
        author, committer = who
        env = {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_AUTHOR_DATE": author.date,
            "GIT_COMMITTER_NAME": committer.name,
            "GIT_COMMITTER_EMAIL": committer.email,
            "GIT_COMMITTER_DATE": committer.date,
        }
        flags = [flag for parent in parents for flag in ("-p", parent)]
        out = await self.run(
            "commit-tree", tree, *flags, stdin=message.encode(), env=env
        )
        return out.decode().strip()

    async def write_blob(self, data: bytes) -> str:
        """Store *data* and return its id."""
        return await self.text("hash-object", "-w", "--stdin", stdin=data)


def environment() -> dict[str, str]:
    """Return an environment in which only the repository's own settings count."""
    kept = {key: value for key, value in os.environ.items() if key[:4] != "GIT_"}
    return kept | _QUIET
