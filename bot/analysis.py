"""Run rules over a project and causes over logs. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model import BuildLog, Cause, Diagnosis


def diagnose(log: BuildLog, causes: Iterable[Cause]) -> tuple[Diagnosis, ...]:
    """Return what may explain *log*, the surest first."""
    found = (
        Diagnosis(cause.name, clue, cause.rules, cause.transient)
        for cause in causes
        for clue in cause.search(log)
    )
    return tuple(
        sorted(
            found,
            key=lambda item: (-item.clue.confidence, item.clue.line.number),
        )
    )
