"""The inner loop: try one recipe, repair, and try again until it stands."""

from __future__ import annotations

from dataclasses import replace

from bot import judging, trial
from bot.errors import OverdueError
from bot.judging import Repaired
from bot.model import BuildLog, Safety
from bot.proof import Attempt, Trial
from bot.recipe import Recipe
from bot.repair import Setback
from bot.view import View
from bot.workshop import Bench, State, in_time, look


async def stand(bench: Bench, state: State) -> State:
    """Repair and build the recipe of *bench* until it stands or ideas run out."""
    stood: State | None = None
    calm = 0
    seen = [state.snapshot]
    for number in range(1, bench.limits.attempts + 1):
        try:
            done = await attempt(bench, state, f"{number}", bench.limits.rest(calm))
        except OverdueError:
            return stood or _overdue(state, bench)
        view = await look(bench.workshop, state.snapshot, bench.platform)
        if done.stands:
            stood = _passed(bench, state, done)
            tidied = await _tidied(bench, stood, view, done)
            if tidied.snapshot in seen:
                return stood
            state, calm = replace(tidied, ended=state.ended), 0
            seen.append(state.snapshot)
            continue
        why = await _explained(bench, view, done)
        calm = calm + 1 if why.transient else 0
        state = failed(bench, state, done, why)
        if 0 < calm <= bench.limits.retries:
            continue
        after = await _mended(bench, state, view, why, done)
        if after.snapshot in seen:
            return stood or _ended(state, done, bench, _given_up(state, after, why))
        state = after
        seen.append(state.snapshot)
    words = f"{bench.limits.attempts} builds were not enough"
    return stood or _ended(state, done, bench, words)


async def once(bench: Bench, state: State) -> tuple[State, Trial]:
    """Try the recipe of *bench* as the tree stands, and record how it went."""
    for calm in range(bench.limits.retries + 1):
        try:
            done = await attempt(bench, state, "once", bench.limits.rest(calm))
        except OverdueError:
            nothing = BuildLog((), bench.platform)
            return _overdue(state, bench), Trial(None, nothing, seconds=0.0)
        if done.stands:
            return _passed(bench, state, done), done
        view = await look(bench.workshop, state.snapshot, bench.platform)
        why = await _explained(bench, view, done)
        state = failed(bench, state, done, why)
        if not why.transient:
            break
    return _ended(state, done, bench, _reason(why)), done


async def attempt(bench: Bench, state: State, number: str, rest: float = 0.0) -> Trial:
    """Try the recipe of *bench* on the tree as *state* has it, as one step.

    The *rest* before it is part of the step: what was done is not waited for. So
    is the look at the clock: what was done in time stays done.
    """
    shop, recipe = bench.workshop, await _recipe(bench, state)
    order = trial.Order(shop.tree, state.changed, recipe, bench.platform, checked=True)
    count = f" (attempt {number})" if number.isdigit() else ""

    async def step() -> Trial:
        async with in_time(shop.left()):
            if rest:
                shop.say(f"trying again in {rest:.0f} s: nobody here is to blame")
                await shop.wait(rest)
            shop.say(f"building {recipe.name} for {bench.platform}{count}")
            return await trial.run(bench.runner, order, shop.say)

    return await shop.checkpoint(f"try {recipe.name} {bench.platform} {number}", step)


async def _recipe(bench: Bench, state: State) -> Recipe:
    """Return the recipe of *bench* as the tree says it now, for its platform.

    A repair may have given a build argument to its caller.
    """
    judge = bench.workshop.judge
    found = await judge(judging.survey, state.snapshot, bench.platform)
    known = {each.name: each for each in found.recipes}
    return known.get(bench.recipe.name, bench.recipe)


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
        why=why.why,
    )
    bench.workshop.say(f"failed: {why.cause}: {why.quote}")
    return replace(state, attempts=(*state.attempts, met))


def _passed(bench: Bench, state: State, done: Trial) -> State:
    met = Attempt(bench.platform, passed=True, seconds=round(done.seconds, 1))
    bench.workshop.say(f"{bench.recipe.name} stands on {bench.platform}")
    return replace(state, attempts=(*state.attempts, met), ended=(*state.ended, done))


async def _explained(bench: Bench, view: View, done: Trial) -> Setback:
    """Say why a trial does not stand, and what may mend it."""
    judge = bench.workshop.judge
    return await judge(judging.explain, view.snapshot, view.findings, done)


async def _mended(
    bench: Bench, state: State, view: View, why: Setback, done: Trial
) -> State:
    """Repair the setback; where no rule knows it, do what is left to do."""
    judge = bench.workshop.judge
    made = await judge(judging.repair, state.snapshot, why.findings, Safety.UNSAFE)
    repaired = _changed(state, made)
    if repaired.snapshot != state.snapshot or why.transient:
        return repaired
    return await _tidied(bench, state, view, done)


async def _tidied(bench: Bench, state: State, view: View, done: Trial) -> State:
    """Make the repairs around what was built that no error asked for."""
    built, floor = done.log.dockerfile, bench.limits.floor
    judge = bench.workshop.judge
    made = await judge(judging.tidy, state.snapshot, view.findings, built, floor)
    return _changed(state, made)


def _changed(state: State, made: Repaired) -> State:
    after = state.snapshot.with_sources(made.sources)
    last = replace(state.attempts[-1], changes=made.changes)
    return replace(state, snapshot=after, attempts=(*state.attempts[:-1], last))


def _ended(state: State, done: Trial, bench: Bench, words: str) -> State:
    missing = f"{bench.platform}: {bench.recipe.name}: {words}"
    return replace(state, ended=(*state.ended, done), missing=(*state.missing, missing))


def _overdue(state: State, bench: Bench) -> State:
    """Say that the time of the job was over before this recipe stood."""
    words = (
        f"{bench.platform}: {bench.recipe.name}: stopped after "
        f"{bench.limits.minutes} minutes, the longest that one job may take"
    )
    bench.workshop.say(words)
    return replace(state, missing=(*state.missing, words))


def _given_up(state: State, after: State, why: Setback) -> str:
    """Say why the loop ends: it knows nothing to change, or goes in circles."""
    if after.snapshot == state.snapshot:
        return _reason(why)
    return f"the repairs undo each other ({_reason(why)})"


def _reason(why: Setback) -> str:
    return f"{why.cause}: {why.quote}" if why.quote else why.cause
