"""Carry out a recipe that is a Dockerfile with a context, on a local tree."""

from __future__ import annotations

import posixpath
from pathlib import Path

from bot.builds import (
    archive,
    bases,
    build,
    dockerfile_names,
    foreign_names,
    frontends,
    variables,
)
from bot.builds.build import Order
from bot.builds.workplace import Product, Workplace
from bot.errors import UserError
from bot.model import Source
from bot.parse import dockerfile as dockerfile_parser
from bot.recipe import Recipe
from bot.unpacking import inside


async def carry_out(
    place: Workplace,
    tree: Path,
    recipe: Recipe,
    known: dict[str, str],
    listed: frozenset[str] = frozenset(),
) -> Product:
    """Build *recipe* from *tree*; *known* are the platform's variables.

    *listed* are the frontends that the operator trusts.
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
    judge(order, shop.builder, listed)
    order = await bases.renewed(order, shop, place.engine)
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


def judge(order: Order, builder: str, listed: frozenset[str]) -> None:
    """UserError where *order* names an image or a frontend that it may not."""
    if builder != "classic":
        frontends.check(order.dockerfile, order.args, listed)
    if not order.dockerfile.is_file():
        return
    text = order.dockerfile.read_bytes().decode("utf-8", errors="replace")
    given = dict(one.partition("=")[::2] for one in order.args)
    file = dockerfile_parser.parse(Source(order.dockerfile.name, text))
    for named in dockerfile_names.find(file, given, order.platform):
        if refusal := foreign_names.refusal(named.text):
            raise UserError(refusal)


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
