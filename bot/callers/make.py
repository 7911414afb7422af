"""Makefiles that call ``docker build`` in a recipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial

from bot.calls import BuildArgument, Builder, Call, Caller, Calls, Tree
from bot.model import Span
from bot.parse import (
    docker_command,
    make_publishing,
    make_recursion,
    make_settings,
    make_targets,
)
from bot.parse.docker_command import DockerBuild, Option, resolve
from bot.parse.holes import HOLE
from bot.parse.make_parts import MakeRule
from bot.parse.make_scope import Scope
from bot.parse.make_targets import Made
from bot.parse.make_unit import Unit, units
from bot.parse.make_words import RunCommand
from bot.parse.makefile import Makefile


def read(tree: Tree) -> Calls:
    """Return what finds every build that a recipe of *tree* makes."""
    makefiles = {
        path: file for path, file in tree.files.items() if isinstance(file, Makefile)
    }
    return partial(_all, tree, tuple(units(makefiles, tree.paths)))


def _all(tree: Tree, found: tuple[Unit, ...], platform: str) -> tuple[Call, ...]:
    """Return every call for *platform*, each once.

    One that another call of make tells the architecture knows more than one
    that is asked for by itself.
    """
    calls = [call for unit in found for call in _best(tree, unit, platform)]
    for unit, rules in make_recursion.told(found, platform):
        calls += _calls(tree, unit, platform, rules)
    best: dict[tuple[Span, str, str], Call] = {}
    for call in calls:
        key = (call.span, call.dockerfile, call.context)
        if key not in best or (call.architecture and not best[key].architecture):
            best[key] = call
    return tuple(best.values())


def _best(tree: Tree, unit: Unit, platform: str) -> tuple[Call, ...]:
    """Return the calls of *unit*; a part of a Makefile may run at the root."""
    found = tuple(_calls(tree, unit, platform))
    if unit.is_part and found and not any(tree.has(c.dockerfile) for c in found):
        at_root = tuple(_calls(tree, unit.moved("."), platform))
        if any(tree.has(call.dockerfile) for call in at_root):
            return at_root
    return found


def _calls(
    tree: Tree,
    unit: Unit,
    platform: str,
    rules: AbstractSet[Span] | None = None,
) -> Iterator[Call]:
    if not unit.may_build:
        return
    wanted = [rule for rule in unit.rules if rules is None or rule.span in rules]
    builds = [found for rule in wanted for found in _builds(unit, rule, platform)]
    tools = frozenset(_mounted(builds[0])) if builds else frozenset()
    for found in builds:
        call = _call(tree, found)
        if call:
            tags = {tag.removesuffix(":latest") for tag in found.tags}
            yield call if tags.isdisjoint(tools) else replace(call, tool=True)


@dataclass(frozen=True, slots=True)
class _Found:
    """A build in a recipe line, before its paths are resolved."""

    unit: Unit
    rule: MakeRule
    platform: str
    one: Made
    command: RunCommand
    build: DockerBuild
    dormant: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        return self.build.values("--tag")


def _builds(unit: Unit, rule: MakeRule, platform: str) -> Iterator[_Found]:
    if not unit.mentions_build(rule):
        return
    for one in make_targets.made(unit, rule, platform):
        yield from _making(unit, rule, platform, one)


def _making(unit: Unit, rule: MakeRule, platform: str, one: Made) -> Iterator[_Found]:
    """Yield the builds of *rule* when it makes *one* of its targets."""
    scope = make_targets.scope_of(unit, rule, platform, one)
    found = [
        _Found(unit, rule, platform, one, command, build)
        for command, build in _in_scope(unit, rule, scope)
    ]
    yield from found
    seen = {each.command for each in found}
    if not unit.is_small:
        return
    given = make_targets.given(unit, rule, platform)
    for settings in make_settings.unasked(rule, scope, given):
        other = make_targets.scope_of(unit, rule, platform, one, settings)
        for command, build in _in_scope(unit, rule, other):
            if command not in seen:
                yield _Found(unit, rule, platform, one, command, build, dormant=True)


def _in_scope(
    unit: Unit, rule: MakeRule, scope: Scope
) -> Iterator[tuple[RunCommand, DockerBuild]]:
    """Yield the builds that the recipe makes with the variables of *scope*."""
    if scope.live(rule.guards) is False:
        return
    held = scope.outline("$(DOCKER_BUILDKIT)")
    exported = "DOCKER_BUILDKIT" in scope.exported
    outer = (("DOCKER_BUILDKIT", held),) if exported else ()
    for command in unit.recipes.commands(rule, scope):
        environment = dict((*outer, *command.environment))
        build = docker_command.read(command.words, environment)
        if build:
            yield command, build


def _mounted(found: _Found) -> Iterator[str]:
    """Yield the words of every ``docker run`` with a mount: images among them."""
    unit = found.unit
    given = make_targets.given(unit, found.rule, found.platform)
    scope = unit.scope(given, found.platform)
    for rule in unit.rules:
        if unit.mentions_run(rule):
            for command in unit.recipes.commands(rule, scope):
                for word in docker_command.mounted_image(command.words):
                    yield word.removesuffix(":latest")


def _call(tree: Tree, found: _Found) -> Call | None:
    build, unit = found.build, found.unit
    directory = found.command.directory
    context = resolve(directory, build.context)
    if not directory or not (context or build.values("--file")):
        return None
    dockerfile = build.dockerfile(directory, context)
    lower = dockerfile.removesuffix("Dockerfile") + "dockerfile"
    if not tree.has(dockerfile) and not build.values("--file") and tree.has(lower):
        dockerfile = lower
    if not dockerfile:
        return None
    goal = make_targets.goal_of(unit, found.rule, found.platform, found.one)
    return Call(
        path=found.command.span.path,
        span=found.command.span,
        dockerfile=dockerfile,
        context=context or dockerfile.rpartition("/")[0] or ".",
        arguments=tuple(_arguments(unit, build)),
        builder=Builder.BUILDKIT if build.buildkit else Builder.CLASSIC,
        architecture=make_targets.architecture_text(unit, found.rule),
        insertion=_insertion(build),
        target=goal.name,
        line=found.rule.line,
        command="" if found.dormant else goal.command,
        pushes=_pushes(found, goal.name),
        stage="".join(build.values("--target")[-1:]),
        files=tuple(file.source.path for file in unit.files),
        dormant=found.dormant,
    )


def _pushes(found: _Found, target: str) -> bool:
    """Tell whether asking for the build publishes: by itself or around it."""
    options = {option.name for option in found.build.options}
    return "--push" in options or make_publishing.publishes(
        found.unit, found.rule, target
    )


def _arguments(unit: Unit, build: DockerBuild) -> Iterable[BuildArgument]:
    for option in build.options:
        if option.name == "--build-arg":
            name, equals, known = option.value.partition("=")
            if equals:
                whole = option.first.whole and option.last.whole
                span = _span_of(option)
                value = _written(unit.text(span), name) if whole else known
                yield BuildArgument(name, value, span, _sure(known))


def _written(text: str, name: str) -> str:
    """Return the value as the Makefile spells it."""
    _, _, value = text.partition(f"{name}=")
    quote = text[text.index(name) - 1] if name in text else ""
    return value.removesuffix(quote) if quote in {'"', "'"} else value.strip("\"'")


def _sure(text: str) -> str | None:
    return None if HOLE in text or "$" in text or "`" in text else text


def _span_of(option: Option) -> Span:
    first, last = option.first.span, option.last.span
    return Span(first.path, first.start, last.end)


def _insertion(build: DockerBuild) -> Span:
    """Return where one more argument goes: behind the last, else ``build``."""
    arguments = [
        option.last
        for option in build.options
        if option.name == "--build-arg" and option.first.whole and option.last.whole
    ]
    word = arguments[-1] if arguments else build.head
    return Span(word.span.path, word.span.end, word.span.end)


CALLER = Caller("make", read)
