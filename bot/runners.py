"""Choose the engine for a platform: a native one before one that emulates."""

from __future__ import annotations

from collections.abc import Iterable

from bot.errors import EngineUnavailableError
from bot.ports import Abilities, Runner


async def choose(runners: Iterable[Runner], platform: str) -> Runner | None:
    """Return the best runner for *platform*, or None where none can build it.

    An engine that is down is passed over; where all of them are,
    EngineUnavailableError is raised: the work is worth trying again.
    """
    known, errors = await _asked(runners)
    if errors and not known:
        raise errors[0]
    native = [runner for runner, able in known if able.native == platform]
    emulating = [runner for runner, able in known if platform in able.emulated]
    if errors and not native and not emulating:
        raise errors[0]
    return next(iter((*native, *emulating)), None)


async def _asked(
    runners: Iterable[Runner],
) -> tuple[list[tuple[Runner, Abilities]], list[EngineUnavailableError]]:
    known: list[tuple[Runner, Abilities]] = []
    errors: list[EngineUnavailableError] = []
    for runner in runners:
        try:
            known.append((runner, await runner.abilities()))
        except EngineUnavailableError as error:
            errors.append(error)
    return known, errors
