"""One trial of a recipe on a runner: build it, audit the image, start it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import workspace
from bot.errors import UserError
from bot.model import Source
from bot.ports import Runner, Say
from bot.proof import Audit, Trial
from bot.recipe import Recipe

OUTPUT = "  | "
"""Stands before each line that a build printed."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to try: a tree with some files replaced, one recipe, one platform.

    *checked* also asks for the audit and the smoke run of what was built.
    """

    tree: Path
    changed: tuple[Source, ...]
    recipe: Recipe
    platform: str
    checked: bool


async def run(runner: Runner, order: Order, say: Say) -> Trial:
    """Carry out *order* on *runner* and leave nothing behind."""
    with TemporaryDirectory(prefix="multiarch-") as folder:
        tree = Path(folder) / "tree"
        await asyncio.to_thread(workspace.copy, order.tree, order.changed, tree)
        result = await runner.build(tree, order.recipe, order.platform, _quoting(say))
    built = result.built
    if built is None or not order.checked:
        if built is not None:
            await runner.discard(built.image)
        return Trial(built, result.log, result.seconds)
    try:
        say(f"auditing {built.image}")
        audit = await _audit(runner, built.image, order.platform)
        say("starting it")
        smoke = await runner.smoke(built.image, order.platform, order.recipe.smoke)
    finally:
        await runner.discard(built.image)
    done = Trial(built, result.log, result.seconds, smoke=smoke)
    if isinstance(audit, UserError):
        return replace(done, unaudited=str(audit))
    return replace(done, audit=audit)


async def _audit(runner: Runner, image: str, platform: str) -> Audit | UserError:
    """Audit *image*; that it cannot be read is a finding like any other."""
    try:
        return await runner.audit(image, platform)
    except UserError as error:
        return error


def _quoting(say: Say) -> Say:
    """Let what a build prints be told from what the loop says."""

    def quoted(line: str) -> None:
        if line.strip():
            say(f"{OUTPUT}{line}")

    return quoted
