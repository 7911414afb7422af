"""Tests of leaving room on a disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import disk
from bot.errors import UserError


def test_a_disk_with_room_is_left_alone(tmp_path: Path) -> None:
    """Most have it."""
    disk.require_room(tmp_path, 1)


def test_a_disk_without_room_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A full one ends every job of the machine; how full it is, its operator reads."""
    with pytest.raises(UserError) as told:
        disk.require_room(tmp_path, 1 << 62)

    assert str(told.value) == (
        "The disk of the machine that Multiarch works on is nearly full, so this "
        "cannot be done there. Whoever runs Multiarch has to make room; then ask again."
    )
    (logged,) = caplog.messages
    assert logged.startswith(f"the disk of {tmp_path} has ")
    assert logged.endswith(f" MiB left, too little for {1 << 42} MiB more")
