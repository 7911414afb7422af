"""What a program that the bot starts gets to know: a short list, never more."""

from __future__ import annotations

import os
from collections.abc import Mapping

EVERY = ("PATH", "LANG", "LC_ALL", "TMPDIR")
"""The variables that every program is given, where there are any."""
FOR_SSH = ("HOME", "SSH_AUTH_SOCK")
"""What ssh needs besides to find its keys and its agent."""


def short(environ: Mapping[str, str], *further: str) -> dict[str, str]:
    """Return what of *environ* a program is given: EVERY and what *further* names.

    PATH keeps absolute directories alone: another one begins where the caller
    stands, and that may be a tree of a stranger with a program named git in it.
    """
    kept = {name: environ[name] for name in (*EVERY, *further) if name in environ}
    if "PATH" in kept:
        folders = kept["PATH"].split(os.pathsep)
        kept["PATH"] = os.pathsep.join(filter(os.path.isabs, folders))
    return kept
