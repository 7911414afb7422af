"""Run the demonstration: ``make demo``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

from tests.demo import engine
from tests.demo.bot import Bot, running
from tests.demo.engine import Stage
from tests.demo.pushing import push
from tests.demo.telling import block, heading, say
from tests.demo.watching import Watch
from tests.world.github import stand_in
from tests.world.github.entities import CheckRun, Issue
from tests.world.github.stand_in import StandIn
from tests.world.packages import Missing, program

SAMPLES = Path(__file__).parent.parent / "samples"
PROJECTS = ("go-build", "typha", "felix", "cni-plugin")
OWNER = "calico"
PATIENCE = 20 * 60
"""Seconds after which something is wrong."""


def main() -> int:
    """Set the stage, push the projects, and show what came of it."""
    heading("Multiarch: from a push to a proven fix")
    try:
        program("git", "git")
    except Missing as missing:
        say(f"the demonstration pushes with git, which is not to be had: {missing}")
        return 2
    with engine.set_up() as stage, TemporaryDirectory(prefix="multiarch-") as folder:
        try:
            return asyncio.run(_play(stage, Path(folder)))
        except KeyboardInterrupt:
            say("interrupted")
            return 130


async def _play(stage: Stage, place: Path) -> int:
    async with stand_in.start(place / "github") as github:
        say(f"a stand-in for GitHub runs at {github.url}")
        async with running(github, stage, place, OWNER) as bot:
            say("the bot runs: `multiarch serve --work`")
            names = await _push(github, place)
            await _watch(github, names, bot)
        await _show(github, names)
        if not stage.runners:
            say("builds were skipped, so no fix is proven and none was offered")
        return 0


async def _push(github: StandIn, place: Path) -> tuple[str, ...]:
    heading("Three projects with faults and a healthy one are pushed")
    names = []
    for project in PROJECTS:
        name = f"{OWNER}/{project}"
        await push(github, name, SAMPLES / project, place)
        say(f"git push to {name}")
        names.append(name)
    heading("What the bot does")
    return tuple(names)


async def _watch(github: StandIn, names: tuple[str, ...], bot: Bot) -> None:
    watch = Watch(github, names)
    async with _kept(watch):
        async with asyncio.timeout(PATIENCE):
            while not watch.ended():
                bot.check()
                await asyncio.sleep(0.2)
    watch.look()


@asynccontextmanager
async def _kept(watch: Watch) -> AsyncIterator[None]:
    task = asyncio.create_task(watch.keep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _show(github: StandIn, names: tuple[str, ...]) -> None:
    """Print every pull request, or what the check run says where there is none."""
    for name in names:
        pulls = github.pulls(name)
        for pull in pulls:
            await _show_pull(github, name, pull)
        for run in () if pulls else github.check_runs(name):
            heading(f"{name}: {run.title}")
            block(_remarks(run))
    runs = [(name, run) for name in names for run in github.check_runs(name)]
    heading("How it ended")
    for name, run in runs:
        block(f"{name}: {run.conclusion}: {run.title}")


async def _show_pull(github: StandIn, name: str, pull: Issue) -> None:
    heading(f"{name} #{pull.number}: {pull.title}")
    block(pull.body or "")
    branch = pull.pull.head_ref if pull.pull else ""
    git = github.repository(name).git
    diff = await git.run("diff", f"refs/heads/main...refs/heads/{branch}")
    block(f"\n{diff.decode()}")


def _remarks(run: CheckRun) -> str:
    """Return the summary of *run* and its annotations, as GitHub shows them."""
    told = [run.summary or ""]
    for one in run.annotations:
        place = f"{one['path']}:{one['start_line']}"
        told.append(f"{place}: {one['title']}\n{indent(str(one['message']), '    ')}")
    told.append(run.text or "")
    return "\n\n".join(part for part in told if part)


if __name__ == "__main__":
    sys.exit(main())
