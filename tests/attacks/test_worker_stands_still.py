"""What a stranger's build makes the worker do by itself, while all others wait."""

from __future__ import annotations

import time

import pytest

from tests.attacks.conftest import Runner
from tests.waits import clocked

pytestmark = pytest.mark.engine

PATIENCE = 1.0
"""Seconds that everybody else may wait for the worker, on a machine that is busy."""
WORK = 8.0
"""Seconds of processor time that five seconds of printing may cost it."""
HALF = 32 * 1024
NAMES = f"""\
mkdir empty
{{ awk 'BEGIN {{ for (i = 0; i < {HALF // 12}; i++) print "ARG a" i "=x" }}'
  awk 'BEGIN {{ for (i = 0; i < {HALF // 15}; i++) print "FROM $a1\\nARG a1" }}'
}} >empty/Dockerfile
docker build empty
"""


@pytest.mark.parametrize("how", ["RUN", "command"])
async def test_what_prints_without_end_stops_nobody(
    machine: Runner, builder: str, how: str
) -> None:
    """``yes`` prints more in a second than a worker could read in minutes."""
    repository = machine.repository("greedy/one")
    await repository.build("FROM busybox\n")
    waits: list[float] = []
    script = "timeout 5 yes || true; echo the last words; exit 3"
    began = time.process_time()
    async with clocked(waits):
        if how == "RUN":
            image, log = await repository.build(f"FROM busybox\nRUN {script}\n")
        else:
            image, log = await repository.run(script)
    told = ("the last words", "stopped: it printed more")

    assert image is None
    assert any(words in log for words in told), log[-500:]
    assert max(waits) < PATIENCE
    assert time.process_time() - began < WORK


async def test_a_dockerfile_of_many_stages_stops_nobody(machine: Runner) -> None:
    """64 KB that a recipe's command makes: no judge has seen it before."""
    repository = machine.repository("greedy/one")
    await repository.build("FROM busybox\n")
    waits: list[float] = []
    async with clocked(waits):
        _, log = await repository.run(NAMES)

    assert "it has 2184 stages; more than 500 are not judged" in log
    assert max(waits) < PATIENCE
