"""Commit file changes straight into a bare repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.world.github.entities import Account, Repository
from tests.world.github.git import EMPTY_TREE, ZERO, Git, Identity
from tests.world.github.outbox import Outbox
from tests.world.github.pushing import Pushing
from tests.world.github.state import State


@dataclass(frozen=True, slots=True)
class Change:
    """One commit to make: paths with their new bytes, None to remove."""

    branch: str
    files: Mapping[str, bytes | None]
    message: str
    author: Account
    modes: Mapping[str, str] = field(default_factory=dict)
    """Other modes than a plain file's, such as 100755 or 120000."""


async def write(
    state: State, outbox: Outbox, repository: Repository, change: Change
) -> str:
    """Commit *change* on its branch, tell everybody and return the commit."""
    git = repository.git
    before = await git.refs()
    name = f"refs/heads/{change.branch}"
    start = before.get(name) or before.get(f"refs/heads/{repository.default_branch}")
    tree = await new_tree(git, start or EMPTY_TREE, change.files, change.modes)
    who = Identity(change.author.login, change.author.email)
    sha = await git.commit_tree(
        tree, [start] if start else [], change.message, (who, who)
    )
    await git.run("update-ref", name, sha, before.get(name, ZERO))
    await Pushing(state, outbox, repository, change.author).follow(before)
    return sha


async def new_tree(
    git: Git,
    base: str,
    files: Mapping[str, bytes | None],
    modes: Mapping[str, str],
) -> str:
    """Return a tree that is *base* with *files* changed."""
    lines = []
    for path, data in files.items():
        if data is None:
            lines.append(f"0 {ZERO}\t{path}")
            continue
        blob = await git.write_blob(data)
        lines.append(f"{modes.get(path, '100644')} {blob}\t{path}")
    return await apply(git, base, lines)


async def apply(git: Git, base: str, lines: list[str]) -> str:
    """Return a tree that is *base* with index *lines* applied."""
    file = git.directory.resolve() / f"index-{id(lines):x}"
    index = {"GIT_INDEX_FILE": str(file)}
    await git.run("read-tree", base, env=index)
    stdin = "".join(f"{line}\0" for line in lines).encode(errors="surrogateescape")
    await git.run("update-index", "-z", "--index-info", stdin=stdin, env=index)
    tree = await git.run("write-tree", env=index)
    file.unlink(missing_ok=True)
    return tree.decode().strip()
