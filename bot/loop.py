"""The inner loop: try one recipe, repair, and try again until it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot import repair, trial
from bot.inspection import View
from bot.model import Finding, Safety
from bot.project import Project
from bot.proof import Attempt, Trial
from bot.repair import Setback
from bot.workshop import Bench, State, look


async def stand(bench: Bench, state: State) -> State:
    """Repair and build the recipe of *bench* until it stands or ideas run out."""
    stood: State | None = None
    calm = 0
    for number in range(1, bench.limits.attempts + 1):
        done = await attempt(bench, state, f"{number}")
        view = await look(bench.workshop, state.snapshot, bench.platform)
        if done.stands:
            stood = _passed(bench, state, done)
            tidied = _tidied(stood, view, done)
            if tidied.snapshot == stood.snapshot:
                return stood
            state = replace(tidied, ended=state.ended)
            continue
        why = repair.setback(done, view.project, view.findings)
        calm = calm + 1 if why.transient else 0
        state = failed(bench, state, done, why)
        if 0 < calm <= bench.limits.retries:
            continue
        after = _mended(state, view, why, done)
        if after.snapshot == state.snapshot:
            return stood or _ended(state, done, bench, _reason(why))
        state = after
    words = f"{bench.limits.attempts} builds were not enough"
    return stood or _ended(state, done, bench, words)


async def once(bench: Bench, state: State) -> tuple[State, Trial]:
    """Try the recipe of *bench* as the tree stands, and record how it went."""
    done = await attempt(bench, state, "once")
    if done.stands:
        return _passed(bench, state, done), done
    view = await look(bench.workshop, state.snapshot, bench.platform)
    why = repair.setback(done, view.project, view.findings)
    return _ended(failed(bench, state, done, why), done, bench, _reason(why)), done


async def attempt(bench: Bench, state: State, number: str) -> Trial:
    """Try the recipe of *bench* on the tree as *state* has it, as one step."""
    shop, recipe = bench.workshop, bench.recipe
    count = f" (attempt {number})" if number.isdigit() else ""
    shop.say(f"building {recipe.name} for {bench.platform}{count}")
    order = trial.Order(shop.tree, state.changed, recipe, bench.platform, checked=True)
    step = partial(trial.run, bench.runner, order, shop.say)
    return await shop.checkpoint(f"try {recipe.name} {bench.platform} {number}", step)


def failed(bench: Bench, state: State, done: Trial, why: Setback) -> State:
    """Record a trial that does not stand."""
    place = why.place
    source = state.snapshot.sources.get(place.path) if place else None
    met = Attempt(
        platform=bench.platform,
        passed=False,
        seconds=round(done.seconds, 1),
        cause=why.cause,
        quote=why.quote,
        path=place.path if place else None,
        line=source.line(place.start) if place and source else None,
    )
    bench.workshop.say(f"failed: {why.cause}: {why.quote}")
    return replace(state, attempts=(*state.attempts, met))


def _passed(bench: Bench, state: State, done: Trial) -> State:
    met = Attempt(bench.platform, passed=True, seconds=round(done.seconds, 1))
    bench.workshop.say(f"{bench.recipe.name} stands on {bench.platform}")
    return replace(state, attempts=(*state.attempts, met), ended=(*state.ended, done))


def _mended(state: State, view: View, why: Setback, done: Trial) -> State:
    """Repair the setback; where no rule knows it, do what is safe anyway."""
    repaired = _changed(state, why.findings, Safety.UNSAFE)
    if repaired.snapshot != state.snapshot or why.transient:
        return repaired
    return _tidied(state, view, done)


def _tidied(state: State, view: View, done: Trial) -> State:
    """Make the safe repairs around what was built that no error asked for."""
    related = _related(view.project, view.findings, done)
    return _changed(state, related, Safety.SAFE)


def _changed(state: State, findings: Sequence[Finding], floor: Safety) -> State:
    after, changes = repair.repaired(state.snapshot, findings, floor)
    last = replace(state.attempts[-1], changes=changes)
    return replace(state, snapshot=after, attempts=(*state.attempts[:-1], last))


def _related(
    project: Project, findings: Sequence[Finding], done: Trial
) -> tuple[Finding, ...]:
    near = project.neighbours([done.log.dockerfile])
    return tuple(item for item in findings if item.match.span.path in near)


def _ended(state: State, done: Trial, bench: Bench, words: str) -> State:
    missing = f"{bench.platform}: {bench.recipe.name}: {words}"
    return replace(state, ended=(*state.ended, done), missing=(*state.missing, missing))


def _reason(why: Setback) -> str:
    return f"{why.cause}: {why.quote}" if why.quote else why.cause
