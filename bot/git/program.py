"""Start git itself: in English, with a short environment, and asking nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from bot.errors import UserError
from bot.processes.environment import short
from bot.processes.program import Command
from bot.processes.question import ask as ask_program

_SECONDS = 60.0
_SETTINGS = (
    *("HOME", "XDG_CONFIG_HOME"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
)
"""Where the user's own settings are."""
_IDENTITY = (
    *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"),
    *("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE", "EMAIL"),
)
"""Who commits, and when."""
_QUIET = {
    # In English: some of what git says is looked for.
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_PAGER": "cat",
    # Reading changes nothing, not even the index.
    "GIT_OPTIONAL_LOCKS": "0",
    # Nothing is fetched, by whatever name: no helper, no ssh, no `ext::COMMAND`.
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
}
_SAFE = (
    *("-c", "safe.bareRepository=explicit"),
    # Empty, for before 2.36 `false` was the name of a program to ask.
    *("-c", "core.fsmonitor="),
    *("-c", f"core.hooksPath={os.devnull}"),
)


def as_the_user() -> dict[str, str]:
    """Return the environment in which git finds the settings of the user."""
    return short(os.environ, *_SETTINGS) | _QUIET


def as_nobody(home: str) -> dict[str, str]:
    """Return one in which git finds no settings but those of its repository."""
    alone = {"HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    return short(os.environ, *_IDENTITY) | _QUIET | alone


def ask(words: Sequence[str], env: Mapping[str, str], text: str | None = None) -> str:
    """Run one git command and return what it prints; UserError where it fails."""
    command = Command(("git", *_SAFE, *words), env, _SECONDS)
    name = _verb(words)
    try:
        done = ask_program(command, (text or "").encode())
    except OSError as error:  # TimeoutError is one
        raise UserError(f"`git {name}` could not be run: {error}.") from error
    if done.code:
        why = done.err.decode(errors="replace").strip()
        raise UserError(f"`git {name}` failed: {why}")
    return done.out.decode(errors="surrogateescape")


def _verb(words: Sequence[str]) -> str:
    """Return the subcommand among *words*, behind git's own options."""
    options = {place for place, word in enumerate(words) if word.startswith("-")}
    values = {place + 1 for place in options if words[place] in {"-c", "-C"}}
    return next(w for place, w in enumerate(words) if place not in options | values)
