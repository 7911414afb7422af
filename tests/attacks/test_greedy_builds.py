"""Builds that take all they can get, and what is left for everybody else."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import Repository, Runner

pytestmark = pytest.mark.engine

FORKS = "i=0; while [ $i -lt 2000 ]; do sleep 60 & i=$((i+1)); done; echo all-forked"
EATS = (
    "dd if=/dev/zero bs=1M count=2500 2>/dev/null | tail -c 2000m | wc -c | "
    "grep -q 2097152000 && echo all-eaten"
)
FILLS = "dd if=/dev/zero of=/filled bs=1M count=3000 && echo all-filled"


async def test_a_step_gets_no_more_processes_than_the_operator_gives(
    machine: Runner, builder: str
) -> None:
    """A fork bomb ends itself; the engine goes on."""
    await _fails(machine.repository("greedy/one", processes=300), FORKS, "all-forked")


async def test_a_step_gets_a_part_of_the_kernels_timers(
    machine: Runner, builder: str
) -> None:
    """The kernel counts them as root's, who needs some for the machine itself."""
    _, log = await machine.repository("greedy/one").build(
        "FROM busybox\nRUN grep pending /proc/self/limits\n"
    )

    (line,) = (line for line in log.splitlines() if "Max pending signals" in line)
    assert line.partition("Max pending signals")[2].split() == [
        "16384",
        "16384",
        "signals",
    ]


async def test_a_step_gets_no_more_memory_than_the_operator_gives(
    machine: Runner, builder: str
) -> None:
    """What eats more is ended by the kernel; the engine goes on."""
    repository = machine.repository("greedy/one", memory=1)
    await _fails(repository, EATS, "all-eaten")


async def test_a_repository_stores_no_more_than_the_operator_gives(
    machine: Runner, builder: str
) -> None:
    """The disk that is full is the domain's own."""
    await _fails(machine.repository("greedy/one", disk=2), FILLS, "all-filled")


async def _fails(repository: Repository, script: str, said: str) -> None:
    """See that *script* fails in a step and in a command, and the engine lives."""
    built, step = await repository.build(f"FROM busybox\nRUN {script}\n")
    ran, command = await repository.run(f"set -e; ({script})")
    after, _ = await repository.build("FROM busybox\nRUN echo still here\n")

    assert (built, ran) == (None, None)
    assert not any(
        line.endswith(said) for line in step.splitlines() if "echo" not in line
    )
    assert said not in command.splitlines()
    assert after is not None
