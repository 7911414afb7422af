"""Programs that run beside the tests and end with them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.world.packages import Missing

GRACE = 20.0
"""Seconds that a program gets to end after SIGTERM."""

DIE_WITH_STARTER = ("setpriv", "--pdeathsig", "TERM", "--")
"""The kernel ends the program with the *thread* that started it (prctl(2)):
start programs from a thread that lives as long as they should."""


def run(command: Sequence[str], **environment: str) -> None:
    """Run *command* to its end; Missing with its last words where it fails."""
    done = subprocess.run(
        command,
        env=environment or None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace")[-2000:]
        raise Missing(f"{' '.join(command)[:200]} failed ({done.returncode}):\n{said}")


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command* as long as the block lasts; what it says goes to *log*."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*DIE_WITH_STARTER, *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End *process*, by its own id alone."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(GRACE)


def await_answer(
    process: subprocess.Popen[bytes],
    log: Path,
    answers: Callable[[], bool],
    seconds: float,
) -> None:
    """Wait until *answers*; Missing with the end of *log* where it never does."""
    deadline = time.monotonic() + seconds
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-3000:]
            raise Missing(f"{Path(log).stem} did not start:\n{said}")
        time.sleep(0.1)
