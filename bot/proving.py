"""Prove that a project builds and runs, repairing it where it does not.

The loop knows engines and registries only through ports; the command line and
the durable job run the same function, the job with a checkpoint at each step.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot import judging, runners
from bot.errors import OverdueError
from bot.judging import Survey
from bot.kinds import Kind, kind_of
from bot.loop import attempt, once, stand
from bot.model import Finding, Source
from bot.proof import Audit, Built, Proof, Story, Trial
from bot.recipe import Recipe
from bot.snapshot import Snapshot
from bot.workshop import Bench, Limits, State, Workshop, look

__all__ = ["Limits", "Result", "Workshop", "build", "prove"]

_NAMED = 10
"""Recipes that are named where too many are left out."""
_LONGEST_NAME = 60
_MOST_MISTAKES = 20
"""Mistakes of a configuration that are told with a proof."""
_LONGEST_MISTAKE = 300
_BUILT_BY = frozenset({Kind.DOCKERFILE, Kind.MAKEFILE})
OTHER = {"linux/arm64": "linux/amd64", "linux/amd64": "linux/arm64"}
"""The platform that must still build after a repair for the first one."""


@dataclass(frozen=True, slots=True)
class Result:
    """The story, the files as they should be, and what is left to tell."""

    story: Story
    changed: tuple[Source, ...]
    remaining: tuple[Finding, ...]


async def prove(
    workshop: Workshop, platform: str = "linux/arm64", limits: Limits | None = None
) -> Result:
    """Repair and build *workshop.tree* until it is proven or ideas run out."""
    limits = limits or Limits()
    state, benches = await _set_up(workshop, platform, limits)
    stood: list[tuple[Bench, Snapshot]] = []
    for bench in benches:
        state = await stand(bench, state)
        stood.append((bench, state.snapshot))
    if state.ended and not state.missing:
        state = await _still_stand(state, stood)
    if state.ended and not state.missing:
        state = await _still_builds(state, benches, OTHER[platform])
    return await _result(workshop, state, platform)


async def build(
    workshop: Workshop, platform: str = "linux/arm64", limits: Limits | None = None
) -> Result:
    """Try every recipe of *workshop.tree* once, as the tree is."""
    state, benches = await _set_up(workshop, platform, limits or Limits())
    for bench in benches:
        state, _ = await once(bench, state)
    return await _result(workshop, state, platform)


async def _set_up(
    workshop: Workshop, platform: str, limits: Limits
) -> tuple[State, tuple[Bench, ...]]:
    """Find the recipes and the runner for them."""
    snapshot = workshop.read(workshop.tree)
    found = await workshop.judge(judging.survey, snapshot, platform)
    state = State(snapshot, snapshot, mistakes=tuple(_mistakes(snapshot, found)))
    for mistake in state.mistakes:
        workshop.say(f"configuration: {mistake}")
    for one in found.unread:
        workshop.say(f"skipped: {one.path} {one.reason}")
    for each in found.left_out if found.recipes else ():
        workshop.say(f"not built: {each.path}: {each.reason}")
    if not found.recipes:
        return _without_recipe(state, found), ()
    runner = await runners.choose(workshop.runners, platform)
    if runner is None:
        return _lacks(state, f"{platform}: no runner can build for it"), ()
    most = limits.recipes
    chosen = (
        Bench(workshop, runner, item, platform, limits) for item in found.recipes[:most]
    )
    beyond = tuple(item.name for item in found.recipes[most:])
    return replace(state, beyond=beyond), tuple(chosen)


def _mistakes(snapshot: Snapshot, found: Survey) -> Iterator[str]:
    """Say with their places what cannot be meant or read in the configuration."""
    for one in found.mistakes[:_MOST_MISTAKES]:
        source, start = snapshot.sources[one.span.path], one.span.start
        place = f"{source.path}:{source.line(start)}:{source.column(start)}"
        told = f"{place}: {one.message}"
        cut = told[:_LONGEST_MISTAKE]
        yield told if told == cut else f"{cut}…"
    left = len(found.mistakes) - _MOST_MISTAKES
    if left > 0:
        yield f"and {left} more; `multiarch scan` names them all"
    for file in found.unread:
        if kind_of(file.path) is Kind.CONFIG:
            yield f"{file.path}: {file.reason}, so nothing that it says is heeded"


def _without_recipe(state: State, found: Survey) -> State:
    """Say why nothing can be built, for each Dockerfile that there is."""
    unread = [
        f"{one.path} {one.reason}"
        for one in found.unread
        if kind_of(one.path) in _BUILT_BY
    ]
    left_out = [f"{each.path}: {each.reason}" for each in found.left_out]
    nothing = "nothing in the project says how it is built"
    for words in (*unread, *left_out) or (nothing,):
        state = _lacks(state, f"recipe: {words}")
    return state


async def _result(workshop: Workshop, state: State, platform: str) -> Result:
    view = await look(workshop, state.snapshot, platform)
    proof = _proof(state.ended, platform)
    missing = (*state.missing, *_beyond(state, platform))
    story = Story(not missing, missing, state.attempts, proof, state.mistakes)
    return Result(story, state.changed, view.findings)


def _beyond(state: State, platform: str) -> Iterator[str]:
    """Say which recipes were left out because there are too many."""
    if not state.beyond:
        return
    names = [name[:_LONGEST_NAME] for name in state.beyond[:_NAMED]]
    more = len(state.beyond) - len(names)
    rest = f" and {more} more" if more else ""
    yield (
        f"{platform}: more recipes than one project gets, so these were not built: "
        f"{', '.join(names)}{rest}; whoever runs Multiarch can allow more with "
        "MULTIARCH_RECIPES"
    )


async def _still_stand(state: State, stood: Sequence[tuple[Bench, Snapshot]]) -> State:
    """Try again what stood on an earlier tree than the one that is offered.

    The repairs for one image may touch a file that another is made from.
    """
    for bench, before in stood:
        if _concerns(bench.recipe, before, state.snapshot):
            name = bench.recipe.name
            bench.workshop.say(f"{name} stood before the last repairs")
            rest = tuple(done for done in state.ended if not _is_of(name, done))
            state, _ = await once(bench, replace(state, ended=rest))
    names = [bench.recipe.name for bench, _ in stood]
    built = {done.built.recipe: done for done in state.ended if done.built}
    failed = tuple(done for done in state.ended if not done.built)
    kept = tuple(built[name] for name in names if name in built)
    return replace(state, ended=(*kept, *failed))


def _concerns(recipe: Recipe, before: Snapshot, now: Snapshot) -> bool:
    """Tell whether what changed since *before* can change the image of *recipe*."""
    changed = (
        path
        for path, source in now.sources.items()
        if source != before.sources.get(path)
    )
    context = posixpath.normpath(recipe.context)
    if recipe.command or recipe.prepare or context == ".":
        return any(changed)
    own = (f"{context}/", posixpath.normpath(recipe.dockerfile))
    return any(path.startswith(own) for path in changed)


def _is_of(recipe: str, done: Trial) -> bool:
    return done.built is not None and done.built.recipe == recipe


async def _still_builds(
    state: State, benches: tuple[Bench, ...], platform: str
) -> State:
    """Build for the platform that was served before; it must still be."""
    runner = await runners.choose(benches[0].workshop.runners, platform)
    if runner is None:
        return _lacks(state, f"{platform}: no runner can build for it")
    for before in benches:
        bench = replace(before, runner=runner, platform=platform)
        state, done = await once(bench, state)
        if not done.stands and state.changed:
            state = await _compared(bench, state)
    return state


async def _compared(bench: Bench, state: State) -> State:
    """Tell whether what fails on the other platform failed before the repair."""
    try:
        before = await attempt(bench, replace(state, snapshot=state.start), "before")
    except OverdueError:
        return state
    if before.stands:
        return state
    name = f"{bench.platform}: {bench.recipe.name}"
    return _lacks(state, f"{name}: does not stand without the changes either")


def _proof(ended: tuple[Trial, ...], platform: str) -> Proof:
    """Gather the evidence of the last trial of every recipe."""
    asked = [done for done in ended if done.log.platform == platform]
    audits = [done.audit for done in asked if done.audit]
    wrong = tuple(file for audit in audits for file in audit.wrong)
    return Proof(
        arm64=_built(ended, "linux/arm64"),
        amd64=_built(ended, "linux/amd64"),
        audit=Audit(sum(audit.files for audit in audits), wrong) if audits else None,
        smoke=tuple(done.smoke for done in asked if done.smoke) or None,
    )


def _built(trials: tuple[Trial, ...], platform: str) -> tuple[Built, ...] | None:
    passed = (done.built for done in trials if done.built)
    return tuple(built for built in passed if built.platform == platform) or None


def _lacks(state: State, missing: str) -> State:
    return replace(state, missing=(*state.missing, missing))
