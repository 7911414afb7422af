"""Carry out a recipe: a Dockerfile, a command, or a command and a Dockerfile."""

from __future__ import annotations

from pathlib import Path

from bot.builds import dockerfiles, variables
from bot.builds.options import Options
from bot.builds.workplace import Product, Workplace
from bot.recipe import Recipe


async def carry_out(
    place: Workplace, tree: Path, recipe: Recipe, native: str, options: Options
) -> Product:
    """Build the image of *recipe* from *tree*."""
    known = variables.of_platform(place.platform, native)
    return await dockerfiles.carry_out(place, tree, recipe, known)
