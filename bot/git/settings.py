"""Which settings of a repository count: those that cannot name a program.

Git has dozens that can (a file system monitor, filters, hooks, helpers, pagers,
editors, remotes), and each version adds some. So what is kept is listed here, and
whatever is not listed is as if it had not been set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_CORE = (
    *("core.repositoryformatversion", "core.sharedrepository"),
    *("core.filemode", "core.ignorecase", "core.symlinks", "core.precomposeunicode"),
    *("core.autocrlf", "core.eol", "core.safecrlf", "core.checkroundtripencoding"),
    *("core.checkstat", "core.trustctime"),
    *("core.sparsecheckout", "core.sparsecheckoutcone", "index.sparse"),
    *("core.protecthfs", "core.protectntfs", "core.logallrefupdates"),
    *("core.excludesfile", "core.attributesfile"),
    *("extensions.objectformat", "extensions.refstorage", "extensions.noop"),
    *("status.showuntrackedfiles", "i18n.commitencoding"),
)
_PEOPLE = (
    *("user.name", "user.email", "user.useconfigonly"),
    *("author.name", "author.email", "committer.name", "committer.email"),
)
KEPT = frozenset({*_CORE, *_PEOPLE})
"""The settings that are kept, as git spells them in a list."""
_OWN_FILES = {"core.excludesfile": "ignore", "core.attributesfile": "attributes"}
"""What git reads in the user's own directory where the setting is not set."""


def kept(listed: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that count of what ``git config -z --list`` prints."""
    known = {key: _own(name, environ) for key, name in _OWN_FILES.items()}
    for entry in listed.split("\0"):
        key, equals, value = entry.partition("\n")
        if key in KEPT:
            known[key] = value if equals else "true"
    return {key: value for key, value in known.items() if value} | {
        "core.bare": "false"
    }


def written(known: Mapping[str, str]) -> str:
    """Return *known* as a file of settings."""
    return "".join(_entry(key, value) for key, value in known.items())


def _entry(key: str, value: str) -> str:
    section, _, name = key.partition(".")
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'[{section}]\n\t{name} = "{quoted}"\n'


def _own(name: str, environ: Mapping[str, str]) -> str:
    """Return the user's own file *name* for git, or nothing where he has no home."""
    home = environ.get("HOME", "")
    place = environ.get("XDG_CONFIG_HOME", "") or (home and f"{home}/.config")
    return os.fspath(Path(place) / "git" / name) if place else ""
