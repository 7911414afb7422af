"""Tests of leaving room on a disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import disk
from bot.errors import UserError


def test_a_disk_with_room_is_left_alone(tmp_path: Path) -> None:
    """Most have it."""
    disk.require_room(tmp_path, 1)


def test_a_disk_without_room_is_told(tmp_path: Path) -> None:
    """A full one ends every job of the machine, not this one alone."""
    with pytest.raises(UserError, match="operator has to make room"):
        disk.require_room(tmp_path, 1 << 62)
