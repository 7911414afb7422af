"""A push whose files take too much to judge: one job, one word, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import CostlyError
from bot.processes.allowance import Allowance
from bot.processes.judge import ProcessJudge
from tests.attacks.hostile_files import IMAGE, lines
from tests.pipeline.conftest import NAME, Town

WORDS = lines("ENV A{1}=$A{0}x B=amd64\n", 200_000)


async def test_the_check_run_says_so(town: Town) -> None:
    """The author learns what to look for; the next push is judged as ever."""
    files = {f"{part}/Dockerfile": f"{IMAGE}{WORDS}" for part in "abcdef"}
    costly = await town.github.commit("alice", NAME, files)
    (job,) = await town.jobs()
    small = Allowance(seconds=1, memory=256 << 20)
    async with ProcessJudge(small) as judge:
        town.office = replace(town.office, judge=judge)
        with pytest.raises(CostlyError) as caught:
            await town.do(job)
        await town.office.give_up(job, caught.value)
        gone = dict.fromkeys(files)
        healthy = await town.github.commit("alice", NAME, gone)
        await town.work()

    assert town.verdict(costly) == ("completed", "Multiarch cannot go on", "neutral", 0)
    assert "to judge" in str(town.checks(costly)[0].summary)
    assert town.checks(healthy)[0].status == "completed"
