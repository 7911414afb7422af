"""``.github/multiarch.yml``: what the owner wants, validated. Pure.

A mistake costs its own key or entry; everything beside it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.config_values import Mistake, Values
from bot.model import Source, Span
from bot.parse import yaml_tree
from bot.parse.yaml_tree import Node, Scalar, Sequence, Unreadable
from bot.recipe import Prepare, Recipe

__all__ = ["PATH", "Config", "Mistake", "Named", "parse"]

PATH = ".github/multiarch.yml"

_KEYS = ("builds",)
_BUILD_KEYS = (
    *("name", "command", "dockerfile", "context", "args", "prepare", "smoke"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A path that a build names, which must be in the repository.

    *key* says what as: ``dockerfile`` or ``context``.
    """

    build: str
    key: str
    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Config:
    """The owner's choices, with defaults for everything.

    *named* are the paths that no step before a build can have made.
    """

    builds: tuple[Recipe, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    named: tuple[Named, ...] = ()


def parse(source: Source) -> Config:
    """Read *source*; a mistake is reported and its default used."""
    root = yaml_tree.parse(source)
    if isinstance(root, Unreadable):
        message = (
            f"The configuration cannot be read: {root.reason}. "
            "The defaults are used. Mend the YAML here."
        )
        return Config(mistakes=(Mistake(root.span, message),))
    values = Values(source)
    keys = values.mapping(root, "the configuration", _KEYS)
    found = _each_build(values, keys.get("builds"))
    builds = _named_once(values, [(node, recipe) for node, recipe, _ in found])
    kept = {recipe.found for recipe in builds}
    return Config(
        builds=builds,
        mistakes=tuple(sorted(values.mistakes, key=lambda mistake: mistake.span)),
        named=tuple(
            one for _, recipe, named in found if recipe.found in kept for one in named
        ),
    )


def _each_build(
    values: Values, node: Node | None
) -> tuple[tuple[Node, Recipe, tuple[Named, ...]], ...]:
    if node is None or (isinstance(node, Scalar) and node.null):
        return ()
    if not isinstance(node, Sequence):
        values.wrong(node, "`builds` must be a list", "Start each entry with `- `.")
        return ()
    return tuple(_builds(values, node))


def _builds(
    values: Values, node: Sequence
) -> Iterator[tuple[Node, Recipe, tuple[Named, ...]]]:
    for item in node.items:
        keys = values.mapping(item, "a build", _BUILD_KEYS)
        recipe = _build(values, item, keys) if keys else None
        if recipe:
            yield item, recipe, tuple(_named(recipe, keys))


def _named(recipe: Recipe, keys: dict[str, Node]) -> Iterator[Named]:
    """Yield the paths of *recipe*, unless a step before its build may make them."""
    if recipe.command or recipe.prepare:
        return
    yield Named(recipe.name, "dockerfile", recipe.dockerfile, keys["dockerfile"].span)
    if "context" in keys:
        yield Named(recipe.name, "context", recipe.context, keys["context"].span)


def _named_once(
    values: Values, builds: Iterable[tuple[Node, Recipe]]
) -> tuple[Recipe, ...]:
    kept: dict[str, Recipe] = {}
    for node, recipe in builds:
        if recipe.name in kept:
            values.wrong(
                node,
                f"A build named `{recipe.name}` is there already",
                "Give each build a name of its own.",
            )
        kept.setdefault(recipe.name, recipe)
    return tuple(kept.values())


def _build(values: Values, node: Node, keys: dict[str, Node]) -> Recipe | None:
    command = values.text_of(keys, "command")
    dockerfile = values.path_of(keys, "dockerfile")
    prepare = _prepare(values, keys.get("prepare"))
    recipe = Recipe(
        name=values.text_of(keys, "name") or dockerfile or command,
        dockerfile=dockerfile,
        context=values.path_of(keys, "context") or ".",
        command=command,
        args=values.pairs(keys.get("args"), "args"),
        prepare=prepare,
        smoke=values.text_of(keys, "smoke"),
        found=values.place(node),
    )
    one_way = _one_way(values, node, keys, bool(command), bool(dockerfile))
    # Without the preparation it asks for, a build would only mislead.
    return recipe if one_way and (prepare or "prepare" not in keys) else None


def _one_way(
    values: Values,
    node: Node,
    keys: dict[str, Node],
    command: bool,  # noqa: FBT001 - two facts about one entry
    dockerfile: bool,  # noqa: FBT001
) -> bool:
    if command and dockerfile:
        values.wrong(
            keys["dockerfile"],
            "This build has both `command` and `dockerfile`",
            "Keep the one that builds the image.",
        )
    elif not {"command", "dockerfile"} & keys.keys():
        values.wrong(
            node,
            "This build has neither `command` nor `dockerfile`",
            "Say how the image is built with one of them.",
        )
    if command and "context" in keys:
        values.wrong(
            keys["context"],
            "`context` has no meaning beside `command`",
            "Let the command choose its context.",
        )
    return command != dockerfile


def _prepare(values: Values, node: Node | None) -> Prepare | None:
    if node is None:
        return None
    keys = values.mapping(node, "`prepare`", ("image", "command"))
    image = values.text_of(keys, "image")
    command = values.text_of(keys, "command")
    if image and command:
        return Prepare(image, command)
    if keys:
        values.wrong(
            node,
            "`prepare` needs both `image` and `command`",
            "Name the image in which the command runs.",
        )
    return None
