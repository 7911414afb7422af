"""``.github/multiarch.yml``: what the owner wants, validated. Pure.

A mistake costs its own key or entry; everything beside it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bot import architecture
from bot.config_values import Mistake, Values
from bot.model import Source
from bot.parse import yaml_tree
from bot.parse.yaml_tree import Node, Scalar, Sequence, Unreadable
from bot.recipe import Prepare, Recipe

__all__ = ["PATH", "Config", "Mistake", "parse"]

T = TypeVar("T")

PATH = ".github/multiarch.yml"

_KEYS = ("builds", "platforms", "runners")
_BUILD_KEYS = (
    *("name", "command", "dockerfile", "context", "args", "prepare", "smoke"),
)
_SYSTEMS = frozenset({"linux", "windows", "darwin", "freebsd"})


@dataclass(frozen=True, slots=True)
class Config:
    """The owner's choices, with defaults for everything.

    *platforms* are the ones to prove, normalised. *runners* names the runners
    to use, the best first; empty leaves the choice to the operator.
    """

    builds: tuple[Recipe, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    platforms: tuple[str, ...] = ("linux/arm64",)
    runners: tuple[str, ...] = ()


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
    builds = _each(values, keys.get("builds"), "builds", partial(_build, values))
    platforms = _each(
        values, keys.get("platforms"), "platforms", partial(_platform, values)
    )
    runners = _each(
        values,
        keys.get("runners"),
        "runners",
        lambda node: values.text(node, "a runner"),
    )
    return Config(
        builds=_named_once(values, builds),
        mistakes=tuple(sorted(values.mistakes, key=lambda mistake: mistake.span)),
        platforms=_unique(platform for _, platform in platforms) or Config().platforms,
        runners=_unique(runner for _, runner in runners),
    )


def _each(
    values: Values,
    node: Node | None,
    name: str,
    read: Callable[[Node], T | None],
) -> tuple[tuple[Node, T], ...]:
    if node is None or (isinstance(node, Scalar) and node.null):
        return ()
    if not isinstance(node, Sequence):
        values.wrong(node, f"`{name}` must be a list", "Start each entry with `- `.")
        return ()
    read_items = ((item, read(item)) for item in node.items)
    return tuple((item, value) for item, value in read_items if value is not None)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _platform(values: Values, node: Node) -> str | None:
    text = values.text(node, "a platform")
    if text is None:
        return None
    platform = architecture.normalise(text)
    system = platform.partition("/")[0]
    if system in _SYSTEMS and architecture.of_platform(platform):
        return platform
    known = [f"linux/{each.value}" for each in architecture.Architecture]
    values.wrong(
        node,
        f"`{text}` is not a platform that is known here",
        values.nearest(platform, known),
    )
    return None


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


def _build(values: Values, node: Node) -> Recipe | None:
    keys = values.mapping(node, "a build", _BUILD_KEYS)
    if not keys:
        return None
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
