"""Run rules over a project and causes over logs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from bot.facts import Facts
from bot.model import BuildLog, Cause, Diagnosis, Finding, Match, Rule
from bot.project import Project
from bot.suppression import is_allowed


@dataclass(frozen=True, slots=True)
class Crash:
    """A rule that raised on one file: its result is lost, the others stand."""

    rule: str
    path: str
    error: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the rules found, what the author allowed, and what was not judged."""

    findings: tuple[Finding, ...]
    allowed: tuple[Finding, ...] = ()
    crashes: tuple[Crash, ...] = ()


_MOST_CLUES = 100
"""Clues of one cause in one log; each is weighed against the whole log."""
_MOST = 500
"""Matches of one rule in one file; more are a program's work, not an author's."""


def analyse(project: Project, facts: Facts, rules: Iterable[Rule[Any]]) -> Analysis:
    """Check every file of *project* with every rule that reads its kind."""
    chosen = tuple(rules)
    found: list[Finding] = []
    crashes: list[Crash] = []
    for path, file in sorted(project.files().items()):
        for rule in chosen:
            if not isinstance(file, rule.reads):
                continue
            matches = _matches(rule, path, (file, project, facts))
            if isinstance(matches, Crash):
                crashes.append(matches)
            else:
                found += [Finding(rule.name, rule.severity, each) for each in matches]
    ordered = sorted(found, key=lambda item: (item.match.span, item.rule))
    allowed = tuple(item for item in ordered if _is_allowed(item, project))
    return Analysis(_others(ordered, allowed), allowed, tuple(crashes))


def diagnose(log: BuildLog, causes: Iterable[Cause]) -> tuple[Diagnosis, ...]:
    """Return what may explain *log*, the surest first.

    What nobody is to blame for comes after what can be repaired: a download
    that is tried again and succeeds complains in the same step.
    """
    found = (
        Diagnosis(cause.name, clue, cause.rules, cause.transient)
        for cause in causes
        for clue in islice(cause.search(log), _MOST_CLUES)
    )
    return tuple(
        sorted(
            found,
            key=lambda item: (
                -item.clue.confidence,
                item.transient,
                item.clue.line.number,
            ),
        )
    )


def _matches(
    rule: Rule[Any], path: str, given: tuple[Any, Project, Facts]
) -> tuple[Match, ...] | Crash:
    try:
        return tuple(islice(rule.check(*given), _MOST))
    except Exception as error:  # noqa: BLE001  # one plugin must not cost the report
        return Crash(rule.name, path, f"{type(error).__name__}: {error}")


def _others(
    found: Iterable[Finding], allowed: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Return what is not *allowed*, without fixes that would change what is.

    A fix is a bundle, taken whole or not at all: who keeps one place of it as
    it is keeps the bundle from being applied by itself.
    """
    kept = {id(item) for item in allowed}
    fixes = {id(item.match.fix) for item in allowed if item.match.fix}
    return tuple(
        replace(item, match=replace(item.match, fix=None))
        if id(item.match.fix) in fixes
        else item
        for item in found
        if id(item) not in kept
    )


def _is_allowed(finding: Finding, project: Project) -> bool:
    source = project.snapshot.sources[finding.match.span.path]
    return is_allowed(finding, source)
