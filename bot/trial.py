"""One trial of a recipe on a runner: build it, audit the image, start it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import workspace
from bot.errors import UserError
from bot.model import Source
from bot.ports import BuildResult, Runner, Say
from bot.proof import Audit, Smoke, Trial
from bot.recipe import Recipe
from bot.redaction import secret_values, strike

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
        left_out = await asyncio.to_thread(
            workspace.copy, order.tree, order.changed, tree
        )
        for path in left_out:
            say(f"left out of the build, because it cannot be read: {path}")
        result = await runner.build(tree, order.recipe, order.platform, _quoting(say))
    try:
        return await _checked(runner, order, result, say)
    finally:
        for image, _ in _images(result):
            await runner.discard(image)


def _images(result: BuildResult) -> tuple[tuple[str, str], ...]:
    """Return the images of *result* and their Dockerfiles, the main one last."""
    if result.built is None:
        return ()
    return (*result.beside, (result.built.image, result.log.dockerfile))


async def _checked(
    runner: Runner, order: Order, result: BuildResult, say: Say
) -> Trial:
    """Check every image of *result*; the first that does not stand is told."""
    done = Trial(result.built, result.log, result.seconds)
    if result.built is None or not order.checked:
        return done
    programs = 0
    hidden = secret_values(order.recipe.args)
    for image, dockerfile in _images(result):
        command = order.recipe.smoke if image == result.built.image else ""
        say(f"auditing {image} and starting it")
        audit, smoke = await _examined(runner, image, order.platform, command)
        smoke = replace(smoke, output=strike(smoke.output, hidden))
        built = replace(result.built, image=image)
        log = replace(result.log, dockerfile=dockerfile)
        done = Trial(built, log, result.seconds, smoke=smoke)
        if isinstance(audit, UserError):
            return replace(done, unaudited=str(audit))
        done = replace(done, audit=audit)
        if not done.stands:
            return done
        programs += audit.files
    return replace(done, audit=Audit(programs))


async def _examined(
    runner: Runner, image: str, platform: str, command: str
) -> tuple[Audit | UserError, Smoke]:
    """Audit *image* and start it side by side; neither is left behind alone."""
    auditing = asyncio.create_task(_audit(runner, image, platform))
    try:
        smoke = await runner.smoke(image, platform, command)
        return await auditing, smoke
    finally:
        auditing.cancel()
        await asyncio.gather(auditing, return_exceptions=True)


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
