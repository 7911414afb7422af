"""Read a tree on disk into a snapshot, and put repaired files back."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.errors import UserError
from bot.kinds import kind_of
from bot.model import Source
from bot.snapshot import Skipped, Snapshot

LARGEST = 1 << 20
"""Bytes of the largest file that is read."""
TOO_LARGE = "is larger than 1 MiB"
_GIT_SECONDS = 60


def read(root: Path) -> Snapshot:
    """Return the snapshot of *root*: every path, and the text of build files."""
    if not root.is_dir():
        raise UserError(
            f"{root} is not a directory, so there is nothing to read. "
            "Name the directory of a project."
        )
    paths = frozenset(_listed(root) or _walked(root))
    sources: dict[str, Source] = {}
    skipped: list[Skipped] = []
    for path in sorted(path for path in paths if kind_of(path)):
        text, reason = _text(root, path)
        if text is None:
            skipped.append(Skipped(path, reason))
        else:
            sources[path] = Source(path, text)
    return Snapshot(paths, sources, tuple(skipped))


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


def write(root: Path, sources: Iterable[Source]) -> None:
    """Put every one of *sources* into *root*, each whole or not at all."""
    for source in sources:
        target = root / source.path
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o644
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".multiarch-", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(source.text.encode("utf-8"))
        Path(name).chmod(mode)
        Path(name).replace(target)


def copy(root: Path, sources: Iterable[Source], into: Path) -> None:
    """Lay out *root* in *into* with *sources* in place; *root* stays as it is.

    Unchanged files are hard links where the file system has them: nothing
    that works on the copy may write to a file in place.
    """
    shutil.copytree(root, into, symlinks=True, copy_function=_link, dirs_exist_ok=True)
    write(into, sources)


def dirty(root: Path) -> tuple[str, ...]:
    """Return the paths that git reports as changed or untracked."""
    status = git(root, "status", "--porcelain", "-z", "--", ".")
    return tuple(entry[3:] for entry in status.split("\0") if len(entry) > len("XY "))


def is_checkout(root: Path) -> bool:
    """Tell whether *root* lies in a git work tree."""
    try:
        return git(root, "rev-parse", "--is-inside-work-tree").strip() == "true"
    except UserError:
        return False


def git(
    root: Path,
    *words: str,
    text: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run one git command in *root* and return what it prints."""
    command = ("git", "-C", str(root), *words)
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell
            command,
            input=None if text is None else text.encode(),
            env=environment,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"`git {words[0]}` could not be run: {error}.") from error
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip()
        raise UserError(f"`git {words[0]}` failed: {why}")
    return done.stdout.decode(errors="surrogateescape")


def _listed(root: Path) -> tuple[str, ...]:
    """Return what git tracks or would track below *root*; nothing elsewhere."""
    words = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    try:
        listed = git(root, *words).split("\0")
    except UserError:
        return ()
    return tuple(path for path in listed if path and os.path.lexists(root / path))


def _walked(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name != ".git")
        links = (name for name in folders if (Path(folder) / name).is_symlink())
        for name in (*files, *links):
            yield (Path(folder) / name).relative_to(root).as_posix()


def _text(root: Path, path: str) -> tuple[str | None, str]:
    file = root / path
    try:
        resolved = file.resolve(strict=True)
        if not resolved.is_relative_to(root.resolve()):
            return None, "is a symbolic link out of the tree"
        if file.is_symlink():
            target = resolved.relative_to(root.resolve()).as_posix()
            return None, f"is a symbolic link to {target}, which is read itself"
        if not resolved.is_file():
            return None, "is not a regular file"
        with resolved.open("rb") as opened:
            return decode(opened.read(LARGEST + 1))
    except OSError as error:
        return None, f"cannot be read: {error.strerror or error}"


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target
