"""Tests of making runners from lines of configuration."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from docker.errors import APIError

from bot.builds import pool
from bot.builds.options import Options
from bot.errors import EngineUnavailableError, UserError
from bot.settings import Settings


def test_runners_are_made_in_order_and_by_name() -> None:
    """The order is the operator's preference."""
    found = pool.runners(["a=unix:///x", "tcp://127.0.0.1:2375"], Options())

    assert [runner.name for runner in found] == ["a", "127.0.0.1:2375"]
    assert pool.runners([]) == ()


def test_where_a_machine_is_names_it_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every proof names the runner, and anybody may read it; the log knows both."""
    caplog.set_level("INFO")
    urls = ["ssh://build@10.1.2.3", f"pi=unix://{tmp_path}/pi", f"unix://{tmp_path}/a"]
    runners = ",".join((*urls, "local"))
    environ = {"HOME": str(tmp_path), "MULTIARCH_RUNNERS": runners}
    found = pool.hosts(Settings.from_environment(environ))

    assert [one.name for one in found] == ["runner-1", "pi", "runner-3", "local"]
    assert caplog.messages[:3] == [
        "the runner runner-1 is ssh://build@10.1.2.3",
        f"the runner pi is unix://{tmp_path}/pi",
        f"the runner runner-3 is unix://{tmp_path}/a",
    ]


@pytest.mark.parametrize(
    ("runners", "name"),
    [
        ("arm=ssh://build@a.example,arm=ssh://build@b.example", "arm"),
        ("ssh://build@a.example,runner-1=ssh://build@b.example", "runner-1"),
        ("local,local", "local"),
    ],
)
def test_two_runners_of_one_name_are_refused(runners: str, name: str) -> None:
    """What is told of one would be told of both."""
    environ = {"HOME": "/home/u", "MULTIARCH_RUNNERS": runners}
    with pytest.raises(UserError) as caught:
        pool.hosts(Settings.from_environment(environ))

    assert str(caught.value) == (
        f"MULTIARCH_RUNNERS holds two runners with the name {name}, which the log, "
        "reports and /ready could not tell apart. Give each its own: "
        "NAME=ADDRESS."
    )


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


@pytest.mark.parametrize(
    "error",
    [
        UserError("its engine image ended with status 1"),
        APIError("no such image"),
        EngineUnavailableError("the Docker engine arm does not answer"),
    ],
)
async def test_a_runner_that_cannot_be_tidied_is_told_and_tried_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next runner is tidied, and this one when it is well again."""
    tries = 0

    async def prune() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise error
        return 2

    monkeypatch.setattr(pool, "_PRUNED_EVERY", 0.01)
    (machine,) = pool.hosts(
        Settings.from_environment({"HOME": "/h", "MULTIARCH_RUNNERS": "arm=unix:///n"})
    )
    monkeypatch.setattr(machine, "prune", prune)
    told = asyncio.Queue[str]()
    tidying = asyncio.create_task(pool.prune([machine], told.put_nowait))
    async with asyncio.timeout(5):
        first, second = await told.get(), await told.get()
    tidying.cancel()

    assert first == f"arm: {error}"
    assert second == "threw away what 2 repositories had stored on arm"
