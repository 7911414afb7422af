"""Prove a checkout from the command line: engines, the loop, what is left behind."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot import delivery, inspection, proving, terminal, workspace
from bot.builds import pool
from bot.builds.runner import DockerRunner
from bot.errors import EngineUnavailableError, UserError
from bot.inspection import Asking
from bot.model import Safety, Source
from bot.ports import Runner, Say
from bot.proof import Story
from bot.proving import Limits, Result, Workshop
from bot.report import json, story
from bot.settings import Settings
from bot.snapshot import Snapshot
from bot.terminal import Exit

T = TypeVar("T")
Loop = Callable[[Workshop, str], Awaitable[Result]]
Engines = Callable[[argparse.Namespace, Settings], tuple[Runner, ...]]
OWN_ENGINE = (
    "note: builds use the engine as `docker build` does, with its images and caches, "
    "so build what you trust; the App gives each repository an engine of its own"
)
_GO_FALSE = frozenset({"0", "f", "F", "false", "False", "FALSE"})


def engines(given: argparse.Namespace, settings: Settings) -> tuple[DockerRunner, ...]:
    """Return the engines that the command line names, or the configured ones."""
    named = {line.partition("=")[0]: line for line in settings.runners if "=" in line}
    lines = [_line(word, named) for word in given.runner]
    chosen = lines or settings.runners or ("local",)
    logins = settings.registries.logins
    options = replace(
        pool.options(settings),
        builder=_builder(os.environ),
        logins=logins.of_a_person(),
        helpers=logins.helpers,
    )
    return pool.runners(chosen, options)


def prove(given: argparse.Namespace, source: Engines = engines) -> Exit:
    """Run the loop, tell the story, and leave the proven changes as asked."""
    before = workspace.read(given.path)
    _warn(given)
    floor = Safety.UNSAFE if given.unsafe else Safety.SAFE
    loop = partial(proving.prove, limits=_limits(floor))
    result = asyncio.run(work(given, loop, source))
    after = before.with_sources(result.changed)
    # The story took long to come by: it is told even where nothing can be left.
    tell(given, result.story)
    if given.diff and given.format == "text":
        terminal.out_patch(delivery.patch(given.path, before, after))
    if result.story.proven or given.branch is not None or given.patch:
        deliver(given, before, after, message=story.message(result.story))
    elif result.changed:
        terminal.say("not proven, so the tree is left as it was; see --patch")
    return _verdict(result.story)


def build(given: argparse.Namespace, source: Engines = engines) -> Exit:
    """Build as the tree stands, audit and start what was built."""
    loop = partial(proving.build, limits=_limits(Safety.SAFE))
    result = asyncio.run(work(given, loop, source))
    tell(given, result.story)
    return _verdict(result.story)


async def work(given: argparse.Namespace, loop: Loop, source: Engines) -> Result:
    """Run *loop* on the tree with the engines and registries that are asked for."""
    settings = Settings.from_environment(os.environ)
    asking = Asking.of(given)
    async with inspection.image_source(asking, settings) as images:
        runners = source(given, settings)
        shop = Workshop(
            *(given.path, runners, images, directly, _noting(terminal.say)),
            read=workspace.read,
        )
        try:
            result = await loop(shop, given.platform)
        except EngineUnavailableError as error:
            raise UserError(
                f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing can be built "
                "without it. Start it, or name another one with --runner."
            ) from error
        if result.story.attempts:  # else no engine was needed
            await pool.sweep(pool.docker(runners), terminal.say)
        return result


def _verdict(told: Story) -> Exit:
    """Return how the command ends: what nobody could mean is not proven either."""
    return Exit.CLEAN if told.proven and not told.mistakes else Exit.FOUND


def _limits(floor: Safety) -> Limits:
    settings = Settings.from_environment(os.environ)
    return Limits(floor=floor, recipes=settings.recipes)


def _noting(say: Say) -> Say:
    """Return *say* with a word, before the first build, on where it happens."""
    noted: list[str] = []

    def noting(line: str) -> None:
        if not noted and line.startswith("building "):
            noted.append(line)
            say(OWN_ENGINE)
        say(line)

    return noting


async def directly(name: str, step: Callable[[], Awaitable[T]]) -> T:
    """Run a step of the loop; nothing is remembered."""
    return await step()


def deliver(
    given: argparse.Namespace,
    before: Snapshot,
    after: Snapshot,
    message: str = "Make the build files ready for arm64\n",
) -> None:
    """Leave what differs between *before* and *after* as the options ask."""
    changed = [
        source
        for path, source in sorted(after.sources.items())
        if source != before.sources.get(path)
    ]
    if given.diff:
        return
    if given.patch:
        _refuse(given)
        delivery.write_patch(given.patch, delivery.patch(given.path, before, after))
    elif changed:
        _refuse(given)
        _leave(given, before, changed, message)


def _leave(
    given: argparse.Namespace,
    before: Snapshot,
    changed: Sequence[Source],
    message: str,
) -> None:
    """Put what was changed on a branch, or in place."""
    if given.branch is None:
        delivery.in_place(given.path, before, changed)
        return
    if not given.force:
        delivery.refuse_mixture(given.path, before, changed)
    commit = delivery.branch(given.path, given.branch, changed, message)
    terminal.say(f"committed {commit[:12]} on the branch {given.branch}")


def _refuse(given: argparse.Namespace) -> None:
    """Raise UserError where leaving the result as asked could lose something."""
    if given.branch is not None:
        delivery.refuse_branch(given.path, given.branch)
    if given.force:
        return
    if given.patch:
        delivery.refuse_patch(given.patch)
        return
    risk = delivery.what_could_be_lost(given.path)
    if risk:
        raise UserError(risk)


def _warn(given: argparse.Namespace) -> None:
    """Say before the long work what will keep its result from being left."""
    if given.diff:
        return
    try:
        _refuse(given)
    except UserError as error:
        if given.branch is not None or given.patch:
            raise
        terminal.say(f"note: nothing will be changed in place. {error}")


def tell(given: argparse.Namespace, told: Story) -> None:
    """Print the story in the format that is asked for."""
    terminal.out(json.story(told) if given.format == "json" else story.tell(told))


def _line(word: str, named: Mapping[str, str]) -> str:
    """Return the line of configuration that *word* stands for."""
    if word in named or "://" in word or word.partition("=")[2] or word == "local":
        return named.get(word, word)
    known = ", ".join(["local", *named])
    raise UserError(
        f"No runner is named {word}; known here are {known}. Name one of them, add it "
        "to MULTIARCH_RUNNERS, or write its address, such as ssh://build@arm.example.org."
    )


def _builder(environ: Mapping[str, str]) -> str:
    """Return the builder that the user's own ``docker build`` is told to use.

    Docker reads DOCKER_BUILDKIT with Go's ``strconv.ParseBool``.
    """
    refused = environ.get("DOCKER_BUILDKIT", "") in _GO_FALSE
    return "classic" if refused else ""
