"""Tests of making runners from lines of configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import pool
from bot.builds.options import Options
from bot.errors import UserError


def test_runners_are_made_in_order_and_by_name() -> None:
    """The order is the operator's preference."""
    found = pool.runners(["a=unix:///x", "tcp://127.0.0.1:2375"], Options())

    assert [runner.name for runner in found] == ["a", "127.0.0.1:2375"]
    assert pool.runners([]) == ()


def test_a_bad_line_is_refused_before_anything_is_built() -> None:
    """The mistake is found at the start, not with the first push."""
    with pytest.raises(UserError):
        pool.runners(["a=unix:///x", "nonsense"])


async def test_an_engine_that_is_down_does_not_keep_others_from_the_sweep(
    tmp_path: Path,
) -> None:
    """Sweeping is done at the start, when an engine may still be away."""
    engines = pool.runners([f"gone=unix://{tmp_path}/none", "a=unix:///none"])
    said: list[str] = []
    await pool.sweep(engines, said.append)

    assert [line.partition(" does")[0] for line in said] == [
        "the Docker engine gone",
        "the Docker engine a",
    ]
