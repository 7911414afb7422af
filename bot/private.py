"""Directories for nobody else: they hold what private repositories say."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from bot.errors import UserError

_ONLY_OURS = 0o700
_READABLE = 0o755
_OTHERS = 0o077
_OTHERS_WRITE = 0o022


def directory(path: Path) -> Path:
    """Return *path* as a directory that only this user sees, made where it is not.

    One that others may read is closed to them. UserError where they may write to
    it, or own it: what is in it may be theirs already.
    """
    for above in reversed(path.parents):
        if not above.is_dir():
            # Who may write to it could put another directory in the place of ours.
            above.mkdir(exist_ok=True, mode=_READABLE)
    path.mkdir(exist_ok=True, mode=_ONLY_OURS)
    refuse_shared(path)
    if path.stat().st_mode & _OTHERS:
        path.chmod(_ONLY_OURS)
    return path


def home(path: Path) -> Path:
    """Return the directory that MULTIARCH_HOME names, made where it is not."""
    try:
        made = directory(path)
        if not os.access(made, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except UserError as error:
        raise UserError(f"MULTIARCH_HOME cannot be used: {error}") from error
    except OSError as error:
        raise UserError(
            f"MULTIARCH_HOME is {path}, which cannot be used ({error.strerror}), so "
            "the bot has no place for its files. Name a directory that its user may "
            "write to."
        ) from error
    return made


def refuse_shared(path: Path) -> None:
    """Raise UserError where others own the directory *path* or may write to it."""
    seen = path.stat()
    if seen.st_uid != os.geteuid():
        reason = f"belongs to another user (number {seen.st_uid})"
    elif seen.st_mode & _OTHERS_WRITE:
        reason = f"may be written to by others (mode {stat.S_IMODE(seen.st_mode):04o})"
    else:
        return
    raise UserError(
        f"{path} {reason}, who could change what the bot keeps there. Name a directory "
        f"of the bot's own, or look through this one and run `chmod 700 {path}` as "
        "its user."
    )
