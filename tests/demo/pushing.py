"""Push a sample project with git, as its author would."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

from tests.world.github.stand_in import StandIn

AUTHOR = {
    "GIT_AUTHOR_NAME": "A. Maintainer",
    "GIT_AUTHOR_EMAIL": "maintainer@example.org",
    "GIT_COMMITTER_NAME": "A. Maintainer",
    "GIT_COMMITTER_EMAIL": "maintainer@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
}


async def push(github: StandIn, name: str, sample: Path, place: Path) -> None:
    """Make a commit of *sample* and push it to the repository *name*."""
    await github.create_repository(name)
    tree = place / "pushed" / name
    await asyncio.to_thread(shutil.copytree, sample, tree)
    person = github.person("maintainer", {name: "admin"})
    address = github.url.replace("://", f"://{person.login}:{person.token}@")
    await git(tree, "init", "-q", "-b", "main")
    await git(tree, "add", "-A")
    await git(tree, "commit", "-q", "-m", "Version 1")
    await git(tree, "push", "-q", f"{address}/{name}.git", "HEAD:refs/heads/main")


async def git(tree: Path, *words: str) -> str:
    """Run git in *tree* and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *("git", "-C", str(tree), *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **AUTHOR},
    )
    out, error = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"git {words[0]}: {error.decode()}")
    return out.decode()
