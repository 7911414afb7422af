"""Where a build stopped, and how much a line says about that. Pure."""

from __future__ import annotations

from bot.model import BuildLog, Confidence, LogLine, Step


def failing_step(log: BuildLog) -> Step | None:
    """Return the step in which the build stopped: the last one spoken of."""
    return next((line.step for line in reversed(log.lines) if line.step), None)


def weight(line: LogLine, log: BuildLog) -> Confidence:
    """Judge a signature by its place: a build may survive what it complains of.

    What another step said than the one that failed was evidently not fatal.
    """
    return Confidence.HIGH if line.step == failing_step(log) else Confidence.LOW
