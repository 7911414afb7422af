"""What a process of its own answers is what this one would have found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot import judging
from bot.errors import CostlyError
from bot.judge import here
from bot.model import BuildLog, LogLine, Safety, Step
from bot.processes.allowance import Allowance
from bot.processes.judge import ProcessJudge
from bot.proof import Trial
from bot.view import Assessment
from tests.catalogue import facts, snapshot

ARM64 = "linux/arm64"
TREE = snapshot(
    {
        "Dockerfile": "FROM alpine:3.4\nARG ARCH=amd64\nADD bin/x-amd64 /x\n",
        "b/Dockerfile": "FROM alpine:3.4\nCOPY \udcff /y\n",
        "Makefile": "ARCH ?= amd64\nimage:\n\tdocker build -t x .\n",
        ".github/multiarch.yml": "platforms: [x]\n",
    }
)
FACTS = facts("alpine:3.4: linux/amd64\nalpine:3.4 -> alpine:3.6\n")


@pytest.fixture
async def judge() -> AsyncIterator[ProcessJudge]:
    """Return a judge with the limits that it has in the App."""
    async with ProcessJudge() as opened:
        yield opened


async def test_every_step_answers_as_in_this_process(judge: ProcessJudge) -> None:
    """Whether by itself or apart: a command line and an App say the same."""
    line = LogLine(1, "x: exec format error", Step(3, "ADD bin/x-amd64 /x"))
    trial = Trial(None, BuildLog((line,), dockerfile="Dockerfile"), 1.0)
    known = await here(judging.assess, TREE, FACTS)
    found = known.analysis.findings
    floor = Safety.UNSAFE

    assert known.mistakes
    assert found
    assert await judge(judging.assess, TREE, FACTS) == known
    assert await judge(judging.survey, TREE, ARM64) == judging.survey(TREE, ARM64)
    file = TREE.sources["Dockerfile"]
    assert await judge(judging.names, file, {}, ARM64) == judging.names(file, {}, ARM64)
    assert await judge(judging.explain, TREE, found, trial) == judging.explain(
        TREE, found, trial
    )
    assert await judge(judging.repair, TREE, found, floor) == judging.repair(
        TREE, found, floor
    )
    assert await judge(judging.tidy, TREE, found, "Dockerfile", floor) == judging.tidy(
        TREE, found, "Dockerfile", floor
    )


async def test_a_fix_stays_one_value(judge: ProcessJudge) -> None:
    """What findings share is shared still, or a bundle would be many."""
    files = {"Dockerfile": "FROM alpine:3.4 AS a\nFROM alpine:3.4\n"}
    known = await judge(judging.assess, snapshot(files), FACTS)
    apart = await here(judging.assess, snapshot(files), FACTS)

    def shared(found: Assessment) -> int:
        return len({id(one.match.fix) for one in found.analysis.findings})

    assert shared(known) == shared(apart)


async def test_says_what_was_too_much() -> None:
    """Limits are the operator's to know and the author's to read."""
    small = replace(Allowance(), answer=100)
    async with ProcessJudge(small) as judge:
        with pytest.raises(CostlyError, match="more to say"):
            await judge(judging.assess, TREE, FACTS)
