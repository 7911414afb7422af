"""Read a tree on disk into a snapshot, and put repaired files back."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from bot.errors import UserError
from bot.git import repository
from bot.git.checkout import git
from bot.kinds import kind_of
from bot.model import Source
from bot.snapshot import READ_ITSELF, Skipped, Snapshot

LARGEST = 1 << 20
"""Bytes of the largest file that is read."""
TOO_LARGE = "is larger than 1 MiB"
_DENIED = f"[Errno {errno.EACCES}]"


def read(root: Path) -> Snapshot:
    """Return the snapshot of a checkout: every path, and the text of build files.

    Git says what belongs to it; where there is no git, everything does.
    """
    _refuse(root)
    listed = frozenset(_listed(root))
    found = _snapshot(root, listed, []) if listed else read_unpacked(root)
    if not found.sources and repository.is_bare(root):
        raise UserError(
            f"{root} is a git repository without a work tree, so there is "
            "nothing to read. Name the directory of a checkout."
        )
    return found


def read_unpacked(root: Path) -> Snapshot:
    """Return the snapshot of a tree that came out of an archive, without git.

    Git would take such a tree for a repository where it looks like one.
    """
    _refuse(root)
    skipped: list[Skipped] = []
    return _snapshot(root, frozenset(_walked(root, skipped)), skipped)


def decode(content: bytes) -> tuple[str | None, str]:
    """Return the text of *content*, or None and why it is not read."""
    if len(content) > LARGEST:
        return None, TOO_LARGE
    if b"\0" in content:
        return None, "is a binary file"
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return None, f"is not UTF-8 (byte {error.start + 1})"


def linked(target: str) -> str:
    """Say of a link in the tree where it leads, and whether that is read."""
    end = READ_ITSELF if kind_of(target) else ", which is not read by that name"
    return f"is a symbolic link to {target}{end}"


def write(root: Path, sources: Iterable[Source]) -> None:
    """Put all of *sources* into *root*, each whole or not at all.

    Everything is on the disk before the first file is replaced: a full disk or
    a directory that may not be written to leaves the tree as it was.
    """
    with ExitStack() as leftovers:
        staged = [_staged(root / one.path, one.text, leftovers) for one in sources]
        for new, target in staged:
            new.replace(target)


def holds(root: Path, source: Source) -> bool:
    """Tell whether the file of *source* still holds what was read."""
    try:
        return (root / source.path).read_bytes() == source.text.encode("utf-8")
    except OSError:
        return False


def copy(root: Path, sources: Iterable[Source], into: Path) -> tuple[str, ...]:
    """Lay out *root* in *into* with *sources* in place; *root* stays as it is.

    Unchanged files are hard links where the file system has them: nothing
    that works on the copy may write to a file in place. Return the paths that
    are left out because they cannot be read.
    """
    try:
        shutil.copytree(
            root, into, symlinks=True, copy_function=_link, dirs_exist_ok=True
        )
    except shutil.Error as error:
        failures: list[tuple[str, str, str]] = error.args[0]
        if not all(why.startswith(_DENIED) for _, _, why in failures):
            raise
        left_out = tuple(os.path.relpath(source, root) for source, _, _ in failures)
    else:
        left_out = ()
    write(into, sources)
    return left_out


def dirty(root: Path) -> tuple[str, ...]:
    """Return the paths that git reports as changed or untracked.

    What happened inside a submodule is not looked for: git would have to run there.
    """
    words = ("--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
    status = git(root, "status", *words, "--", ".")
    return tuple(entry[3:] for entry in status.split("\0") if len(entry) > len("XY "))


def outside(root: Path) -> str:
    """Say why git keeps no history of *root*, or nothing where it does."""
    try:
        if repository.find(root) is None:
            return f"{root} is not a git checkout"
        git(root, "rev-parse", "--is-inside-work-tree")
    except UserError as error:
        return f"Git does not read {root} ({' '.join(str(error).split())})"
    return ""


def folder(root: Path) -> str | None:
    """Return the folder of its checkout that *root* is, with ``/`` behind it.

    Nothing for the top itself; None where *root* is in no checkout.
    """
    try:
        known = repository.find(root)
    except UserError:
        return None
    if known is None:
        return None
    inside = root.resolve().relative_to(known.top).as_posix()
    return "" if inside == "." else f"{inside}/"


def _snapshot(root: Path, paths: frozenset[str], skipped: list[Skipped]) -> Snapshot:
    """Read the build files among *paths*."""
    sources: dict[str, Source] = {}
    for path in sorted(path for path in paths if kind_of(path)):
        text, reason = _text(root, path)
        if text is None:
            skipped.append(Skipped(path, reason))
        else:
            sources[path] = Source(path, text)
    return Snapshot(paths, sources, tuple(skipped))


def _listed(root: Path) -> tuple[str, ...]:
    """Return what git tracks or would track below *root*; nothing elsewhere."""
    words = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    try:
        listed = git(root, *words).split("\0")
    except UserError:
        return ()
    return tuple(path for path in listed if _is_below(root, path))


def _is_below(root: Path, path: str) -> bool:
    """Tell whether *path*, as an index may hold it, is one of *root*'s own."""
    parts = path.removesuffix("/").split("/")
    return {"", ".."}.isdisjoint(parts) and os.path.lexists(root / path)


def _refuse(root: Path) -> None:
    """Raise UserError where *root* is nothing that can be read."""
    try:
        reason = "" if root.is_dir() else "is not a directory"
        if not reason:
            next(root.iterdir(), None)
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
    if reason:
        raise UserError(
            f"{root} {reason}, so there is nothing to read. "
            "Name the directory of a project."
        )


def _walked(root: Path, skipped: list[Skipped]) -> Iterator[str]:
    def note(error: OSError) -> None:
        path = os.path.relpath(error.filename, root)
        skipped.append(Skipped(path, f"cannot be read: {error.strerror}"))

    for folder, folders, files in os.walk(root, onerror=note):
        folders[:] = sorted(name for name in folders if name != ".git")
        links = (name for name in folders if (Path(folder) / name).is_symlink())
        for name in (*files, *links):
            yield (Path(folder) / name).relative_to(root).as_posix()


def _staged(target: Path, text: str, leftovers: ExitStack) -> tuple[Path, Path]:
    """Write *text* beside *target*; return where it is and where it belongs."""
    before = target.stat() if target.exists() else None
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".multiarch-", dir=target.parent)
    new = Path(name)
    leftovers.callback(new.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(handle)
    if before is not None:
        with suppress(PermissionError):
            os.chown(new, before.st_uid, before.st_gid)
    new.chmod(0o644 if before is None else stat.S_IMODE(before.st_mode))
    return new, target


def _text(root: Path, path: str) -> tuple[str | None, str]:
    file = root / path
    try:
        resolved = file.resolve(strict=True)
        if not resolved.is_relative_to(root.resolve()):
            return None, "is a symbolic link out of the tree"
        if not resolved.is_file():
            return None, "is not a regular file"
        if file.is_symlink():
            target = resolved.relative_to(root.resolve()).as_posix()
            return None, linked(target)
        with resolved.open("rb") as opened:
            return decode(opened.read(LARGEST + 1))
    except OSError as error:
        return None, f"cannot be read: {error.strerror or error}"
    except RuntimeError:  # a link that leads to itself, before Python 3.13
        return None, f"cannot be read: {os.strerror(errno.ELOOP)}"


def _link(source: str, target: str) -> str:
    mode = os.lstat(source).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        return target  # no build can use a socket or a pipe
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target
