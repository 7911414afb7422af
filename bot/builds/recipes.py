"""Carry out a recipe: a Dockerfile, a command, or a command and a Dockerfile."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot.builds import archive, calls, dockerfiles, pulling, variables
from bot.builds.broker import Broker
from bot.builds.budget import Kept
from bot.builds.building import Building
from bot.builds.calls import WORKSPACE, Asked
from bot.builds.desk import Request
from bot.builds.options import Options
from bot.builds.running import Running
from bot.builds.sandbox import Sandbox, open_sandbox
from bot.builds.words import CallError
from bot.builds.workplace import Product, Workplace
from bot.errors import UserError
from bot.recipe import Recipe

# The copy belongs to root, yet git also looks at the directory above it.
_GIT = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
}


async def carry_out(
    place: Workplace, tree: Path, recipe: Recipe, native: str, options: Options
) -> Product:
    """Build the image of *recipe* from *tree*."""
    place.transcript.hide_given(recipe.args)
    place.transcript.hide(_said_at_login(options))
    known = variables.of_platform(place.platform, native)
    command = recipe.command or (recipe.prepare.command if recipe.prepare else "")
    if not command:
        return await dockerfiles.carry_out(place, tree, recipe, known, options.reading)
    image = recipe.prepare.image if recipe.prepare else options.prepare
    have = pulling.ensure if recipe.prepare else pulling.ensure_chosen
    if not await have(place, image, place.platform):
        return Product(None)
    environment = {**known, **_GIT, **dict(recipe.args)}
    sandbox = await open_sandbox(place, tree, image, command, environment)
    paths = archive.files(tree)
    building = Building(
        sandbox, paths, Product(None, files=paths), reading=options.reading
    )
    broker = Broker(sandbox, building, Running(sandbox, building.images))
    code = await sandbox.run(broker.attend)
    if code != 0:
        place.transcript.add(f"the command ended with status {code}")
        return replace(building.last, image=None)
    for failed in building.failed.values():
        place.transcript.add(
            f"the command ended well although its build of {failed.dockerfile} failed"
        )
        return failed
    if not recipe.dockerfile:
        return _result(recipe, building)
    return await _build_after(sandbox, building, recipe, known)


def _said_at_login(options: Options) -> Iterator[str]:
    """Yield the operator's secrets, as they are and as Docker writes them down."""
    for login in options.logins.values():
        yield from login.secrets
        yield login.basic


def _result(recipe: Recipe, building: Building) -> Product:
    images = building.images.results(recipe.name)
    if not images:
        raise UserError(
            f"The command of {recipe.name} ended well but called no docker build, so "
            "there is no image to prove. Name a command that builds the image, or a "
            "Dockerfile."
        )
    *beside, last = (building.products[image.id] for image in images)
    return replace(last, beside=tuple(beside))


async def _build_after(
    sandbox: Sandbox, building: Building, recipe: Recipe, known: Mapping[str, str]
) -> Product:
    """Build the recipe's Dockerfile from the workspace as the command left it."""
    folder = sandbox.place.folder / "build"
    folder.mkdir()
    args = [f"{key}={variables.expand(value, known)}" for key, value in recipe.args]
    words = [
        *(part for one in args for part in ("--build-arg", one)),
        *("--file", posixpath.join(WORKSPACE, recipe.dockerfile)),
        *("--", posixpath.join(WORKSPACE, recipe.context)),
    ]
    asked = Asked(tuple(words), WORKSPACE, {})
    request = Request(asked, frozenset(), None, folder, Kept(sandbox.budget))
    try:
        await building.carry_out(calls.read_build(asked), request)
    except CallError as error:
        sandbox.place.transcript.add(str(error))
    return building.last
