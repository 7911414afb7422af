"""Leave repaired files in a git checkout: in place, as a branch or as a patch."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bot import fixing, workspace
from bot.errors import UserError
from bot.git.checkout import filtered, git
from bot.model import Source
from bot.snapshot import Snapshot

_AUTHOR = ("-c", "user.name=Multiarch", "-c", "user.email=multiarch@localhost")


def in_place(root: Path, before: Snapshot, sources: Iterable[Source]) -> None:
    """Write *sources* into *root*, over what *before* says that is there."""
    wanted = tuple(sources)
    for source in wanted:
        if not workspace.holds(root, before.sources[source.path]):
            raise UserError(
                f"{source.path} was changed while this ran, so nothing was written: "
                "what was changed would be lost. Run the command again."
            )
    try:
        workspace.write(root, wanted)
    except OSError as error:
        raise UserError(
            f"The repairs cannot be written: {error.strerror}{_at(error)}. "
            "Make it possible, or take them with --patch."
        ) from error


def what_could_be_lost(root: Path) -> str:
    """Say why *root* must not be written to, or nothing where it may be."""
    reason = workspace.outside(root)
    if reason:
        return (
            f"{reason}, so a change could not be taken back. "
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


def refuse_patch(file: Path) -> None:
    """Raise UserError where *file* holds something that a patch would replace."""
    if file.is_file() and file.stat().st_size:
        raise UserError(
            f"{file} exists already, and what it holds would be lost. "
            "Name another file with --patch, or use --force."
        )


def write_patch(file: Path, text: str) -> None:
    """Write a patch to *file*; UserError where that cannot be."""
    try:
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise UserError(
            f"The patch cannot be written to {file}: {error.strerror or error}. "
            "Name another file with --patch."
        ) from error


def patch(root: Path, before: Snapshot, after: Snapshot) -> str:
    """Return one patch that `git apply` reads, over every changed file of *root*.

    In a git checkout it carries paths from its top, as `git diff` writes them.
    """
    folder = workspace.folder(root)
    pairs = ((before.sources[path], now) for path, now in sorted(after.sources.items()))
    changed = ((then, now) for then, now in pairs if then != now)
    if folder is None:
        return "".join(fixing.diff(then, now) for then, now in changed)
    return "".join(fixing.git_diff(then, now, folder) for then, now in changed)


def refuse_branch(root: Path, name: str) -> None:
    """Raise UserError where no new branch *name* can be made in *root*."""
    reason = workspace.outside(root)
    if reason:
        raise UserError(
            f"{reason}, so it cannot have the branch {name}. "
            "Look at the changes with --diff, or write them with --patch."
        )
    if not _says(root, "rev-parse", "--quiet", "--verify", "HEAD"):
        raise UserError(
            f"{root} has no commit yet that the branch {name} could start from. "
            "Commit first, or look at the changes with --diff."
        )
    if not name or _says(root, "check-ref-format", "--branch", name) != name:
        raise UserError(
            f"{name!r} cannot be the name of a branch. Name another one with --branch."
        )
    if git(root, "branch", "--list", "--", name).strip():
        raise UserError(
            f"The branch {name} exists already, and nothing of it may be lost. "
            "Name another one with --branch, or delete it."
        )
    # It may still not fit beside others: there is no `arm/64` beside `arm`.
    trial = f"start\ncreate refs/heads/{name} HEAD\nprepare\nabort\n"
    git(root, "update-ref", "--stdin", text=trial)


def refuse_mixture(root: Path, before: Snapshot, sources: Iterable[Source]) -> None:
    """Raise UserError where HEAD holds something else than what was repaired."""
    for source in sources:
        _, blob = _committed(root, source.path)
        if blob != _blob(root, before.sources[source.path]):
            raise UserError(
                f"{source.path} is not as the last commit has it, and the branch would "
                "hold the difference too. Commit it and run the command again, or use "
                "--force."
            )


def branch(root: Path, name: str, sources: Iterable[Source], message: str) -> str:
    """Commit *sources* on a new branch from HEAD; return the commit's id.

    The work tree, the index and the branch that is checked out stay as they are.
    """
    refuse_branch(root, name)
    prefix = git(root, "rev-parse", "--show-prefix").removesuffix("\n")
    head = git(root, "rev-parse", "HEAD").strip()
    with tempfile.TemporaryDirectory(prefix="multiarch-") as folder:
        index = Path(folder) / "index"
        git(root, "read-tree", head, index=index)
        for source in sources:
            mode = _committed(root, source.path)[0] or _mode(root / source.path)
            entry = f"{mode},{_blob(root, source, '-w')},{prefix}{source.path}"
            git(root, "update-index", "--add", "--cacheinfo", entry, index=index)
        tree = git(root, "write-tree", "--missing-ok", index=index).strip()
    words = ("commit-tree", tree, "-p", head, "-F", "-")
    commit = git(root, *_identity(root), *words, text=message).strip()
    git(root, "branch", name, commit)
    return commit


def _at(error: OSError) -> str:
    return f" ({error.filename})" if error.filename else ""


def _blob(root: Path, source: Source, *options: str) -> str:
    """Return the id of *source* as git would commit it, line ends converted.

    UserError where git would have a program make something else of it.
    """
    name = filtered(root, source.path)
    if name:
        raise UserError(
            f"Git sends {source.path} through the filter {name} when it is committed, "
            "and filters are programs that are not run here. Look at the changes with "
            "--diff, or write them with --patch."
        )
    words = ("hash-object", *options, "--stdin", f"--path={source.path}")
    return git(root, *words, text=source.text).strip()


def _committed(root: Path, path: str) -> tuple[str, str]:
    """Return mode and blob of *path* in HEAD; nothing where it is not there."""
    found = git(root, "--literal-pathspecs", "ls-tree", "-z", "HEAD", "--", path)
    mode, _, rest = found.partition("\t")[0].partition(" ")
    return mode, rest.removeprefix("blob ")


def _says(root: Path, *words: str) -> str:
    """Return what git prints, or nothing where it refuses."""
    try:
        return git(root, *words).strip()
    except UserError:
        return ""


def _identity(root: Path) -> tuple[str, ...]:
    """Return our own name where the author has configured none."""
    try:
        git(root, "var", "GIT_AUTHOR_IDENT")
    except UserError:
        return _AUTHOR
    return ()


def _mode(file: Path) -> str:
    return "100755" if file.exists() and os.access(file, os.X_OK) else "100644"
