"""Prove that a project builds and runs, repairing it where it does not.

The loop knows engines and registries only through ports; the command line and
the durable job run the same function, the job with a checkpoint at each step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import repair, runners, workspace
from bot.loop import attempt, failed, stand
from bot.model import Finding, Source
from bot.project import Project
from bot.proof import Attempt, Audit, Built, Proof, Story, Trial
from bot.recipe import Recipe
from bot.workshop import Bench, Limits, State, Workshop, look

__all__ = ["Limits", "Result", "Workshop", "prove"]

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
    snapshot = workspace.read(workshop.tree)
    state = State(snapshot, snapshot)
    recipes = Project.of(snapshot).recipes(platform)
    if not recipes:
        state = _lacks(state, "recipe: nothing in the project says how it is built")
    runner = await runners.choose(workshop.runners, platform)
    if runner is None:
        state = _lacks(state, f"{platform}: no runner can build for it")
    else:
        for recipe in recipes:
            bench = Bench(workshop, runner, recipe, platform, limits or Limits())
            state = await stand(bench, state)
    others: tuple[Trial, ...] = ()
    if state.ended and not state.missing:
        state, others = await _still_builds(workshop, state, recipes, OTHER[platform])
    view = await look(workshop, state.snapshot, platform)
    proof = _proof(state.ended, others)
    story = Story(not state.missing, state.missing, state.attempts, proof)
    return Result(story, state.changed, view.findings)


async def _still_builds(
    workshop: Workshop, state: State, recipes: tuple[Recipe, ...], platform: str
) -> tuple[State, tuple[Trial, ...]]:
    """Build for the platform that was served before; it must still be."""
    runner = await runners.choose(workshop.runners, platform)
    if runner is None:
        return _lacks(state, f"{platform}: no runner can build for it"), ()
    passed: list[Trial] = []
    for recipe in recipes:
        bench = Bench(workshop, runner, recipe, platform, Limits())
        done = await attempt(bench, state, "after")
        if done.stands:
            met = Attempt(platform, passed=True, seconds=round(done.seconds, 1))
            state = replace(state, attempts=(*state.attempts, met))
            passed.append(done)
        else:
            state = await _blamed(bench, state, done)
    return state, tuple(passed)


async def _blamed(bench: Bench, state: State, done: Trial) -> State:
    """Record a failure on the other platform, and whether it is an old one."""
    view = await look(bench.workshop, state.snapshot, bench.platform)
    why = repair.setback(done, view.project, ())
    state = failed(bench, state, done, why)
    name = f"{bench.platform}: {bench.recipe.name}"
    if not state.changed:
        return _lacks(state, f"{name} does not stand: {why.cause}")
    start = replace(state, snapshot=state.start)
    before = await attempt(bench, start, "before")
    since = "with the changes" if before.stands else "with and without the changes"
    return _lacks(state, f"{name} does not stand {since}: {why.cause}")


def _proof(ended: tuple[Trial, ...], others: tuple[Trial, ...]) -> Proof:
    """Gather the evidence of the last trial of every recipe."""
    audits = [done.audit for done in ended if done.audit]
    files = sum(audit.files for audit in audits)
    wrong = tuple(file for audit in audits for file in audit.wrong)
    return Proof(
        arm64=_built((*ended, *others), "linux/arm64"),
        amd64=_built((*ended, *others), "linux/amd64"),
        audit=Audit(files, wrong) if audits else None,
        smoke=tuple(done.smoke for done in ended if done.smoke) or None,
    )


def _built(trials: tuple[Trial, ...], platform: str) -> tuple[Built, ...] | None:
    passed = (done.built for done in trials if done.built)
    return tuple(built for built in passed if built.platform == platform) or None


def _lacks(state: State, missing: str) -> State:
    return replace(state, missing=(*state.missing, missing))
