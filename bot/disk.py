"""Leave room on a disk: a full one ends every job of the machine, not one alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.errors import UserError

RESERVE = 1 << 30
"""Bytes of a disk that stay free for everybody else."""
_MIB = 1 << 20


def require_room(folder: Path, size: int) -> None:
    """UserError where the disk of *folder* would be full with *size* bytes more."""
    free = shutil.disk_usage(folder).free
    if free - size < RESERVE:
        raise UserError(
            f"The machine that Multiarch works on has {free // _MIB} MiB of disk left, "
            f"too little for {size // _MIB} MiB more. Its operator has to make room."
        )
