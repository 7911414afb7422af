"""Checkouts that tests make, with a git that nothing restrains."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@example.org")


def git(root: Path, *words: str, text: str | None = None) -> str:
    """Run one git command in *root* as a user does, and return what it prints."""
    done = subprocess.run(  # noqa: S603 - git itself
        ("git", "-C", str(root), *_AUTHOR, *words),  # noqa: S607 - the machine's own
        input=None if text is None else text.encode(),
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode(errors="surrogateescape")


def checkout(root: Path) -> Path:
    """Return *root* as a git checkout with one commit of what it holds."""
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Start", "--allow-empty")
    return root
