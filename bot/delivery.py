"""Leave repaired files in a git checkout: in place, as a branch or as a patch."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bot import fixing, workspace
from bot.errors import UserError
from bot.model import Source
from bot.snapshot import Snapshot
from bot.workspace import git

_AUTHOR = ("-c", "user.name=Multiarch", "-c", "user.email=multiarch@localhost")


def in_place(root: Path, sources: Iterable[Source], *, force: bool) -> None:
    """Write *sources* into *root*, where nothing of the author's can be lost."""
    wanted = tuple(sources)
    if not wanted:
        return
    risk = "" if force else what_could_be_lost(root)
    if risk:
        raise UserError(risk)
    workspace.write(root, wanted)


def what_could_be_lost(root: Path) -> str:
    """Say why *root* must not be written to, or nothing where it may be."""
    if not workspace.is_checkout(root):
        return (
            f"{root} is not a git checkout, so a change could not be taken back. "
            "Look at it with --diff, or make it with --force."
        )
    paths = workspace.dirty(root)
    if not paths:
        return ""
    return (
        f"The work tree has changes that are not committed ({paths[0]}"
        f"{', …' if len(paths) > 1 else ''}), and they would be mixed with the "
        "repairs. Commit or stash them, look with --diff, or use --force."
    )


def write_patch(file: Path, text: str) -> None:
    """Write a patch to *file*; UserError where that cannot be."""
    try:
        file.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise UserError(
            f"The patch cannot be written to {file}: {error.strerror or error}. "
            "Name another file with --patch."
        ) from error


def patch(before: Snapshot, after: Snapshot) -> str:
    """Return one patch that `git apply` reads, over every changed file."""
    pairs = ((before.sources[path], now) for path, now in sorted(after.sources.items()))
    return "".join(fixing.diff(then, now) for then, now in pairs if then != now)


def refuse_branch(root: Path, name: str) -> None:
    """Raise UserError where no new branch *name* can be made in *root*."""
    if not workspace.is_checkout(root):
        raise UserError(
            f"{root} is not a git checkout, so it cannot have the branch {name}. "
            "Look at the changes with --diff, or write them with --patch."
        )
    if git(root, "branch", "--list", "--", name).strip():
        raise UserError(
            f"The branch {name} exists already, and nothing of it may be lost. "
            "Name another one with --branch, or delete it."
        )


def branch(root: Path, name: str, sources: Iterable[Source], message: str) -> str:
    """Commit *sources* on a new branch from HEAD; return the commit's id.

    The work tree, the index and the branch that is checked out stay as they are.
    """
    refuse_branch(root, name)
    prefix = git(root, "rev-parse", "--show-prefix").strip()
    head = git(root, "rev-parse", "HEAD").strip()
    with tempfile.TemporaryDirectory(prefix="multiarch-") as folder:
        index = {**os.environ, "GIT_INDEX_FILE": str(Path(folder) / "index")}
        git(root, "read-tree", head, environment=index)
        for source in sources:
            blob = git(root, "hash-object", "-w", "--stdin", text=source.text).strip()
            entry = f"{_mode(root / source.path)},{blob},{prefix}{source.path}"
            git(root, "update-index", "--add", "--cacheinfo", entry, environment=index)
        tree = git(root, "write-tree", environment=index).strip()
    words = ("commit-tree", tree, "-p", head, "-F", "-")
    commit = git(root, *_identity(root), *words, text=message).strip()
    git(root, "branch", name, commit)
    return commit


def _identity(root: Path) -> tuple[str, ...]:
    """Return our own name where the author has configured none."""
    try:
        git(root, "var", "GIT_AUTHOR_IDENT")
    except UserError:
        return _AUTHOR
    return ()


def _mode(file: Path) -> str:
    return "100755" if file.exists() and os.access(file, os.X_OK) else "100644"
