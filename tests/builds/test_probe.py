"""Tests of the program that finds out what an engine runs."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import pytest

from bot.architecture import normalise
from bot.builds import elf, probe

HERE = normalise(f"linux/{platform.machine()}")


@pytest.mark.parametrize(
    ("name", "machine"), [("linux/amd64", "x86-64"), ("linux/arm64", "aarch64")]
)
def test_the_program_is_of_its_platform(name: str, machine: str) -> None:
    """A native program in its place would find emulation everywhere."""
    assert elf.machine(probe.program(name)) == machine


@pytest.mark.skipif(
    HERE not in {"linux/amd64", "linux/arm64"}, reason="no program for this machine"
)
def test_the_program_runs_and_ends_with_the_answer(tmp_path: Path) -> None:
    """It is written by hand, byte by byte; only a run shows that it is right."""
    file = tmp_path / "probe"
    file.write_bytes(probe.program(HERE))
    file.chmod(0o755)

    assert subprocess.run([file], check=False).returncode == probe.ANSWER  # noqa: S603 - our own program
