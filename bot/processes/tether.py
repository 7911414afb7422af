"""Tie a program to this process: it ends when this one is killed outright."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping, Sequence


def tethered(argv: Sequence[str], env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words that start *argv*, found on the PATH of *env*.

    FileNotFoundError where it is not there. Where the machine has no
    ``setpriv``, the program is started as it is.
    """
    name, *words = argv
    path = shutil.which(name, path=env.get("PATH"))
    if path is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    tether = shutil.which("setpriv")
    prefix = (tether, "--pdeathsig", "KILL", "--") if tether else ()
    return (*prefix, path, *words)
