"""Which engine builds: a native one before one that emulates, and never a dead one."""

from __future__ import annotations

import pytest

from bot import runners
from bot.errors import EngineUnavailableError
from tests.rehearsing import AMD64, ARM64, ScriptedRunner, run

PI = ScriptedRunner(name="pi", native=ARM64, emulated=frozenset())
PC = ScriptedRunner(name="pc", native=AMD64, emulated=frozenset({ARM64}))
PLAIN = ScriptedRunner(name="plain", native=AMD64, emulated=frozenset())
DOWN = ScriptedRunner(name="down", native=ARM64, down=True)
OFF = ScriptedRunner(name="off", native=ARM64, down=True)


def chosen(*engines: ScriptedRunner, platform: str = ARM64) -> str | None:
    """Return the name of the engine that is chosen among *engines*."""
    best = run(runners.choose(engines, platform))
    return best.name if isinstance(best, ScriptedRunner) else None


def test_prefers_a_native_engine() -> None:
    """Emulation lies about foreign programs, and is slow."""
    assert chosen(PC, PI) == "pi"


def test_takes_the_first_of_equals() -> None:
    """The order of the setting is the operator's preference."""
    assert chosen(PC, PLAIN, platform=AMD64) == "pc"
    assert chosen(PLAIN, PC, platform=AMD64) == "plain"


def test_takes_an_emulating_engine_where_there_is_no_other() -> None:
    """A build under emulation is still a build; the audit finds the lies."""
    assert chosen(PLAIN, PC) == "pc"


def test_passes_over_an_engine_that_is_down() -> None:
    """Another one can do the work now."""
    assert chosen(DOWN, PC) == "pc"


def test_there_may_be_none() -> None:
    """Nothing is down, so trying again later would not help."""
    assert chosen(PLAIN) is None
    assert chosen() is None


@pytest.mark.parametrize("engines", [(DOWN,), (DOWN, OFF), (DOWN, PLAIN)])
def test_waits_for_an_engine_that_is_down(engines: tuple[ScriptedRunner, ...]) -> None:
    """The one that could build may come back; the first of them is named."""
    with pytest.raises(EngineUnavailableError, match="engine down does not answer"):
        chosen(*engines)
