"""Whose a repository is: git reads the user's own, and those that he trusts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from bot.errors import UserError
from bot.git import program


def refuse_strangers(places: Iterable[Path]) -> None:
    """Raise UserError where one of *places* belongs to another user.

    As git does it, ``safe.directory`` in the user's own settings lifts that.
    """
    ours = _ours()
    foreign = [place for place in places if place.lstat().st_uid not in ours]
    if not foreign:
        return
    trusted = _trusted()
    top = os.fspath(foreign[0].parent if foreign[0].name == ".git" else foreign[0])
    if "*" in trusted or top in trusted:
        return
    raise UserError(
        f"{foreign[0]} belongs to another user, "
        f"and `git config --global --add safe.directory {top}` is how git is told to "
        "trust it"
    )


def _ours() -> frozenset[int]:
    """Return the users that we act for: under sudo the one who called it too."""
    me = os.geteuid()
    caller = os.environ.get("SUDO_UID", "") if me == 0 else ""
    return frozenset({me, int(caller)} if caller.isdecimal() else {me})


def _trusted() -> frozenset[str]:
    """Return the directories that the user's own and the system's settings trust."""
    words = ("config", "-z", "--get-all", "safe.directory")
    try:
        said = program.ask(words, program.as_the_user() | {"GIT_DIR": os.devnull})
    except UserError:  # none is set
        return frozenset()
    trusted: set[str] = set()
    for one in said.split("\0")[:-1]:
        # An empty value takes back what was said before it.
        trusted = trusted | {str(Path(one).expanduser())} if one else set()
    return frozenset(trusted)
