"""What a command costs: its time and its largest memory, as the kernel counts."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")
MULTIARCH = (sys.executable, "-m", "bot")


@dataclass(frozen=True, slots=True)
class Spent:
    """The seconds by the clock, those of the processor, and the peak memory.

    The second hardly depends on what else a machine does.
    """

    seconds: float
    processor: float
    mebibytes: float


def spend(command: Sequence[str], statuses: Sequence[int] = (0,)) -> Spent:
    """Run *command* to its end in a fresh process, and count.

    What it prints goes nowhere; an exit status not among *statuses* raises.
    """
    launched = (sys.executable, "-E", "-S", str(LAUNCH), *command)
    said = subprocess.run(launched, stdout=subprocess.PIPE, check=True).stdout
    seconds, processor, kibibytes, code = json.loads(said)
    if code not in statuses:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return Spent(seconds, processor, kibibytes / 1024)


def typical(command: Sequence[str], statuses: Sequence[int], times: int) -> Spent:
    """Return the medians of running *command* so many *times*."""
    runs = [spend(command, statuses) for _ in range(times)]
    return Spent(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor for run in runs),
        statistics.median(run.mebibytes for run in runs),
    )
