"""Tests that temporary files go with their process, however it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.scratch import temporary_files

ROOT = Path(__file__).parent.parent
CHILD = """
import sys, tempfile
from pathlib import Path
from bot.scratch import temporary_files
with temporary_files(Path(sys.argv[1])):
    print(tempfile.mkdtemp(prefix="checkout-"), flush=True)
    sys.stdin.read()
"""

RESTLESS = """
import sys, tempfile
from pathlib import Path
from bot.scratch import temporary_files
for _ in range(100):
    with temporary_files(Path(sys.argv[1])):
        tempfile.mkdtemp()
"""


def child(place: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that has made a temporary directory below *place*."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        (sys.executable, "-c", CHILD, str(place)),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def folders(place: Path) -> list[Path]:
    """Return the directories of processes below *place*."""
    return [path for path in place.iterdir() if path.is_dir()]


def test_files_are_made_below_the_place_and_go_with_the_block(tmp_path: Path) -> None:
    """Whatever a build leaves in its own directory goes too."""
    before = tempfile.gettempdir()
    place = tmp_path / "home" / "scratch"
    with temporary_files(place) as folder:
        made = Path(tempfile.mkdtemp())

        assert made.parent == folder
        assert folder.parent == place
    assert folders(place) == []
    assert tempfile.gettempdir() == before


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """A worker that is killed again and again must not fill the disk."""
    process, made = child(tmp_path)
    with process:
        process.send_signal(signal.SIGKILL)
    left = made.exists()
    with temporary_files(tmp_path) as folder:
        assert folders(tmp_path) == [folder]
    assert left


def test_what_a_living_process_uses_is_left_alone(tmp_path: Path) -> None:
    """Two workers of one machine may share a home."""
    process, made = child(tmp_path)
    with process:
        with temporary_files(tmp_path) as folder:
            assert sorted(folders(tmp_path)) == sorted([folder, made.parent])
            assert made.is_dir()
        process.communicate("")
    assert folders(tmp_path) == []


def test_one_may_start_while_another_ends(tmp_path: Path) -> None:
    """All workers of a machine are restarted at once when it is updated."""
    command = (sys.executable, "-c", RESTLESS, str(tmp_path))
    workers = [
        subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - our own program
        for _ in range(5)
    ]

    assert [worker.wait() for worker in workers] == [0] * 5
    assert folders(tmp_path) == []
