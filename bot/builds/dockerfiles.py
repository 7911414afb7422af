"""Carry out a recipe that is a Dockerfile with a context, on a local tree."""

from __future__ import annotations

import posixpath
from pathlib import Path

from bot.builds import archive, bases, build, variables
from bot.builds.build import Order
from bot.builds.workplace import Product, Workplace
from bot.errors import UserError
from bot.recipe import Recipe
from bot.unpacking import inside


async def carry_out(
    place: Workplace, tree: Path, recipe: Recipe, known: dict[str, str]
) -> Product:
    """Build *recipe* from *tree*; *known* are the platform's variables."""
    shop = place.shop(tuple(place.builders), place.folder)
    path = posixpath.normpath(recipe.dockerfile)
    product = Product(None, shop.builder, path, archive.files(tree))
    context = tree / recipe.context
    check(tree, context, tree / path)
    order = Order(
        context,
        tree / path,
        place.platform,
        args=tuple(
            f"{name}={variables.expand(value, known)}" for name, value in recipe.args
        ),
    )
    order = await bases.renewed(order, shop, place.engine)
    image = await build.build(order, shop, place.mark.tag("image"), place.transcript)
    return Product(image, product.builder, product.dockerfile, product.files)


def check(root: Path, context: Path, dockerfile: Path) -> None:
    """Refuse what would make the docker command read outside *root*.

    The command follows a link that is the context, the Dockerfile or an
    ignore file, wherever on this machine it leads, and quotes what it reads.
    """
    followed = {
        "context": context,
        "Dockerfile": dockerfile,
        ".dockerignore": context / ".dockerignore",
        "ignore file": dockerfile.with_name(f"{dockerfile.name}.dockerignore"),
    }
    for what, path in followed.items():
        if not inside(root, path):
            raise UserError(
                f"The {what} of this build leads out of the project, so it is not "
                "read. Make it a plain file or directory of the project."
            )
