"""Run a program in a user namespace of its own: ``own_users.py PROGRAM ARGUMENT…``.

Since Linux 6.7 such a namespace has its own binfmt_misc, so that programs of
another architecture can be emulated for one Docker engine and nobody else.
The process stays the same one, for whoever wants to stop it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
USERS = "0 0 262144"
"""Every user is itself, and there is room for further namespaces in this one. All
2**32 would look like no user namespace at all, to runc, which then creates device
files although nobody may in here."""


def main(command: list[str]) -> None:
    """Become *command*, in a user namespace with the same users."""
    reading, writing = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.read(reading, 1)  # ends once the parent has its namespace
        for kind in ("uid_map", "gid_map"):
            Path(f"/proc/{parent}/{kind}").write_text(USERS)
        os._exit(0)
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "no user namespace")
    os.close(writing)
    os.waitpid(child, 0)
    os.execvp(command[0], command)  # noqa: S606  # a shell is not wanted


if __name__ == "__main__":
    main(sys.argv[1:])
