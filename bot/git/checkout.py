"""Run one git command on a checkout, with settings that start no program.

Who unpacks an archive may unpack a ``.git`` with it, and what its settings name
git would run. Git cannot be told to leave a repository's settings unread. So it is
given another repository, made for one command: links to the objects, branches and
index of the real one, beside settings of ours and without hooks.

A filter (Git LFS, git-crypt) is a program that settings name, so none is run, not
even the user's own. What git only reads does not change by that, but a file that
has to be compared by its content counts as changed where its attributes ask for
one. To commit such a file would be wrong, and is refused: see ``filtered``.
Submodules keep settings of their own, so whoever asks for the status of a checkout
leaves them out (``workspace.dirty``).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import UserError
from bot.git import program, repository, settings
from bot.git.repository import Repository

_SHARED = ("objects", "refs", "packed-refs", "reftable", "logs", "shallow")
_INFO = ("exclude", "attributes", "grafts")
_UNFILTERED = frozenset({"unspecified", "unset", "set"})


def git(
    root: Path, *words: str, text: str | None = None, index: Path | None = None
) -> str:
    """Run one git command in *root* and return what it prints.

    UserError where it fails, and where *root* is in no repository. *index* is
    used in the place of the checkout's own.
    """
    known = repository.find(root)
    if known is None:
        raise UserError(f"`git {words[0]}` failed: not a git repository: {root}")
    with _restrained(known) as folder:
        env = program.as_nobody(str(folder))
        env |= {"GIT_DIR": str(folder), "GIT_WORK_TREE": str(known.top)}
        if index is not None:
            env["GIT_INDEX_FILE"] = str(index)
        return program.ask(("-C", str(root), *words), env, text)


def filtered(root: Path, path: str) -> str:
    """Return the filter that git would send *path* through, or nothing."""
    said = git(root, "check-attr", "-z", "filter", "--", path)
    name = said.split("\0")[2]
    return "" if name in _UNFILTERED else name


@contextmanager
def _restrained(known: Repository) -> Iterator[Path]:
    """Make a repository like *known* that names no program."""
    with tempfile.TemporaryDirectory(prefix="multiarch-git-") as name:
        folder = Path(name)
        own = settings.written(settings.kept(_listed(known), program.as_the_user()))
        (folder / "config").write_text(own, "utf-8", "surrogateescape")
        (folder / "HEAD").write_text(_head(known), "utf-8", "surrogateescape")
        (folder / "info").mkdir()
        for part in _SHARED:
            _link(folder / part, known.common / part)
        for part in _INFO:
            _link(folder / "info" / part, known.common / "info" / part)
        _link(folder / "info/sparse-checkout", known.folder / "info/sparse-checkout")
        for part in ("index", *(file.name for file in _parts_of_the_index(known))):
            _link(folder / part, known.folder / part)
        yield folder


def _listed(known: Repository) -> str:
    """Return all settings, the user's own too: to list them starts no program."""
    env = program.as_the_user() | {"GIT_DIR": str(known.folder)}
    return program.ask(("config", "-z", "--list", "--includes"), env)


def _head(known: Repository) -> str:
    head = known.folder / "HEAD"
    if head.is_symlink():  # as git wrote it before 2005
        return f"ref: {os.readlink(head)}\n"  # noqa: PTH115 - the raw text
    return f"{repository.line(head)}\n"


def _parts_of_the_index(known: Repository) -> Iterator[Path]:
    return known.folder.glob("sharedindex.*")


def _link(name: Path, target: Path) -> None:
    if os.path.lexists(target):
        name.symlink_to(target)
