"""Carry out a recipe that is a Dockerfile with a context, on a local tree."""

from __future__ import annotations

import asyncio
import posixpath
from pathlib import Path

from bot.builds import archive, bases, build, foreign_names, variables
from bot.builds.build import Order
from bot.builds.reading import Reading
from bot.builds.workplace import Product, Workplace
from bot.errors import UserError
from bot.judging import Names
from bot.recipe import Recipe
from bot.unpacking import inside


async def carry_out(
    place: Workplace,
    tree: Path,
    recipe: Recipe,
    known: dict[str, str],
    reading: Reading,
) -> Product:
    """Build *recipe* from *tree*; *known* are the platform's variables.

    *reading* is how its Dockerfile is read.
    """
    shop = place.shop(tuple(place.builders), place.folder)
    path = posixpath.normpath(recipe.dockerfile)
    product = Product(None, shop.builder, path, archive.files(tree))
    context = tree / recipe.context
    dockerfile = prepared(tree, context, tree / path, place.folder)
    args = tuple(
        f"{name}={variables.expand(value, known)}" for name, value in recipe.args
    )
    order = Order(context, dockerfile, place.platform, args=args)
    names = await judge(order, shop.builder, reading)
    order = await bases.renewed(order, shop, place.engine, names.bases)
    image = await build.build(order, shop, place.mark.tag("image"), place.transcript)
    return Product(image, product.builder, product.dockerfile, product.files)


def prepared(root: Path, context: Path, dockerfile: Path, folder: Path) -> Path:
    """Return the file that is read as *dockerfile*: plain, and within *root*.

    A link is read by us once, into *folder*: the docker command and BuildKit
    follow one each in its own way, and would not read what was judged.
    """
    other = dockerfile.with_name("dockerfile")
    if dockerfile.name == "Dockerfile" and not dockerfile.exists() and other.exists():
        dockerfile = other
    check(root, context, dockerfile)
    if not dockerfile.is_symlink() or not dockerfile.is_file():
        return dockerfile
    plain = folder / "plain"
    plain.mkdir()
    for name in (dockerfile.name, f"{dockerfile.name}.dockerignore"):
        source = dockerfile.with_name(name)
        if source.is_file():
            (plain / name).write_bytes(source.read_bytes())
    return plain / dockerfile.name


async def judge(order: Order, builder: str, reading: Reading) -> Names:
    """Return the images that *order* names; UserError for one that it may not."""
    read = await reading.read(order.dockerfile, order.args, order.platform, builder)
    if read is None:
        return Names((), frozenset())
    refusals = (foreign_names.refusal(named.text) for named in read.names.written)
    if refusal := await asyncio.to_thread(lambda: next(filter(None, refusals), "")):
        raise UserError(refusal)
    return read.names


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
