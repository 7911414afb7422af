"""Leave room on a disk: a full one ends every job of the machine, not one alone."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from bot.errors import UserError

LOG = logging.getLogger(__name__)

RESERVE = 1 << 30
"""Bytes of a disk that stay free for everybody else."""
_MIB = 1 << 20


def require_room(folder: Path, size: int) -> None:
    """UserError where the disk of *folder* would be full with *size* bytes more."""
    free = shutil.disk_usage(folder).free
    if free - size < RESERVE:
        told = "the disk of %s has %d MiB left, too little for %d MiB more"
        LOG.warning(told, folder, free // _MIB, size // _MIB)
        raise UserError(
            "The disk of the machine that Multiarch works on is nearly full, so this "
            "cannot be done there. Whoever runs Multiarch has to make room; then ask "
            "again."
        )
