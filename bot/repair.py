"""Choose what to change after a setback: from a log to findings to edits. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import fixing
from bot.analysis import diagnose
from bot.attribution import instruction_at, origins
from bot.causes import CAUSES
from bot.logs import locate
from bot.model import (
    BuildLog,
    Cause,
    Diagnosis,
    Finding,
    Fix,
    LogLine,
    Safety,
    Span,
)
from bot.parse.dockerfile import Dockerfile
from bot.project import Project
from bot.proof import Change, Trial, WrongFile
from bot.snapshot import Snapshot

_FOREIGN = (
    "The image builds, but holds {programs} made for another machine and cannot run "
    "on {platform}. Leave out what brings that, or bring what is made for {platform}."
)
_NO_CAUSE = (
    "No known cause explains this. Read the log of the build; where it names "
    "something made for another machine, that is the place to change."
)
_DOES_NOT_START = (
    "The image builds, but what it starts ends with an error. Start it by hand to "
    "see why, or name in `.github/multiarch.yml` what shows that it works (`smoke`)."
)
_NOT_AUDITED = (
    "The image builds but could not be read for the audit, so nothing shows for "
    "which machine its programs are made. What is quoted stands in the way."
)
_NAMES_NOTHING = (
    "The image holds programs but names none to start, so nothing shows that one of "
    "them runs. Name one in `.github/multiarch.yml` (`smoke`)."
)
FOREIGN_PROGRAM = "foreign-program-in-image"
"""The audit found a program of another architecture in an image that built."""
SMOKE_RUN_FAILED = "smoke-run-failed"
"""The image was built and held no foreign program, but it did not start."""
_CLOSING = re.compile(r"make(?:\[\d+\])?: \*\*\*|the command ended with status|-+$")
"""How make, and a recipe, say that what they ran has failed."""
UNAUDITED = "image-not-audited"
"""Nothing shows which programs are in the image."""
NOTHING_TO_START = "nothing-to-start"
"""The image names no program, so that nothing shows that one runs."""
UNKNOWN = "unknown"
"""No cause recognises the log."""


@dataclass(frozen=True, slots=True)
class Setback:
    """What went wrong in a trial, where, and the findings that repair it.

    *why* tells the author what *cause* means and what to do about it.
    """

    cause: str
    quote: str
    place: Span | None
    findings: tuple[Finding, ...]
    transient: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a log is read: what is looked for, and what to say where none is found."""

    causes: tuple[Cause, ...]
    otherwise: str
    why: str


_BUILDING = Reading(CAUSES, UNKNOWN, _NO_CAUSE)
_STARTING = Reading(
    tuple(cause for cause in CAUSES if not cause.transient),
    SMOKE_RUN_FAILED,
    _DOES_NOT_START,
)
"""A smoke run has no network, and needs none to start."""


def setback(trial: Trial, project: Project, findings: Sequence[Finding]) -> Setback:
    """Say why *trial* does not stand and which of *findings* may mend it."""
    if trial.built is None:
        return _failed(trial.log, project, findings, _BUILDING)
    if trial.audit is not None and trial.audit.wrong:
        return _foreign(trial.audit.wrong, trial.log, project, findings)
    if trial.unaudited:
        return Setback(UNAUDITED, trial.unaudited, None, (), why=_NOT_AUDITED)
    if trial.smoke is not None and trial.smoke.skipped:
        return Setback(
            NOTHING_TO_START, trial.smoke.output, None, (), why=_NAMES_NOTHING
        )
    output = trial.smoke.output if trial.smoke else ""
    lines = enumerate(output.splitlines(), start=1)
    log = BuildLog(
        tuple(LogLine(number, text) for number, text in lines),
        trial.log.platform,
        trial.log.dockerfile,
    )
    return _failed(log, project, findings, _STARTING)


def repaired(
    before: Snapshot, findings: Iterable[Finding], at_least: Safety
) -> tuple[Snapshot, tuple[Change, ...]]:
    """Apply the fixes of *findings* and tell what each rule changed where."""
    after, changes = before, []
    chosen = tuple(findings)
    taken = set(fixing.compose(chosen, at_least))
    for rule in dict.fromkeys(finding.rule for finding in chosen):
        fixes = [f.match.fix for f in chosen if f.rule == rule and f.match.fix]
        made = [fix for fix in fixes if taken.issuperset(fix.edits)]
        edits = {edit for fix in fixes for edit in fix.edits} & taken
        step = before.edited(edits)
        changes += [
            Change(
                rule,
                path,
                fixing.diff(before.sources[path], step.sources[path]),
                _titles(made, path),
            )
            for path in sorted({edit.span.path for edit in edits})
        ]
    after = before.edited(taken)
    return after, tuple(changes)


def _titles(fixes: Iterable[Fix], path: str) -> str:
    """Return what *fixes* do to the file at *path*, each in its own words."""
    touching = (
        fix.title for fix in fixes if any(edit.span.path == path for edit in fix.edits)
    )
    return "; ".join(dict.fromkeys(touching))


def _failed(
    log: BuildLog,
    project: Project,
    findings: Sequence[Finding],
    reading: Reading,
) -> Setback:
    diagnoses = diagnose(log, reading.causes)
    for diagnosis in diagnoses:
        candidates = _candidates(diagnosis, log, findings, project)
        if candidates or diagnosis.transient:
            return _told(diagnosis, _place(diagnosis, project, log), candidates)
    if diagnoses:
        return _told(diagnoses[0], _place(diagnoses[0], project, log), ())
    return Setback(
        reading.otherwise,
        _last_words(log),
        _last_place(project, log),
        (),
        why=reading.why,
    )


def _last_words(log: BuildLog) -> str:
    """Return the last line that says something, not only that something failed."""
    said = [line.text.strip() for line in log.lines if line.text.strip()]
    telling = [text for text in said if not _CLOSING.match(text)]
    return next(reversed(telling or said), "")


def _last_place(project: Project, log: BuildLog) -> Span | None:
    """Return the instruction that the build stopped at."""
    file = _dockerfile(project, log)
    last = next((line for line in reversed(log.lines) if line.step), None)
    return locate(last, file) if file and last else None


def _told(
    diagnosis: Diagnosis, place: Span | None, findings: tuple[Finding, ...]
) -> Setback:
    clue = diagnosis.clue
    return Setback(
        diagnosis.cause,
        clue.line.text.strip(),
        place,
        findings,
        diagnosis.transient,
        clue.message,
    )


def _dockerfile(project: Project, log: BuildLog) -> Dockerfile | None:
    files = project.dockerfiles()
    return next((file for file in files if file.source.path == log.dockerfile), None)


def _place(diagnosis: Diagnosis, project: Project, log: BuildLog) -> Span | None:
    file = _dockerfile(project, log)
    return locate(diagnosis.clue.line, file) if file else None


def _candidates(
    diagnosis: Diagnosis,
    log: BuildLog,
    findings: Sequence[Finding],
    project: Project,
) -> tuple[Finding, ...]:
    """Return the findings that repair *diagnosis*, the closest circle first."""
    subject, place = diagnosis.clue.subject, _place(diagnosis, project, log)
    usable = [item for item in findings if _is_usable(item)]
    around = project.neighbours([log.dockerfile])
    for rule in diagnosis.rules:
        mine = [item for item in usable if item.rule == rule]
        told = [item for item in mine if _speaks_of(item, subject)]
        near = [item for item in mine if place and _within(item.match.span, place)]
        rest = [item for item in mine if item.match.span.path in around]
        if chosen := told or near or rest:
            return tuple(chosen)
    return ()


def _foreign(
    wrong: Sequence[WrongFile],
    log: BuildLog,
    project: Project,
    findings: Sequence[Finding],
) -> Setback:
    first = wrong[0]
    more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    quote = f"{first.file}{more}: {first.machine}"
    file = _dockerfile(project, log)
    places: list[Span] = []
    for brought in dict.fromkeys(item.instruction for item in wrong):
        item = instruction_at(file, brought) if file else None
        if file and item:
            places += [each.span for each in origins(file, item)]
    near = tuple(
        item
        for item in findings
        if _is_usable(item) and any(_within(item.match.span, span) for span in places)
    )
    programs = f"{len(wrong)} programs that are" if wrong[1:] else "a program that is"
    why = _FOREIGN.format(programs=programs, platform=log.platform)
    return Setback(FOREIGN_PROGRAM, quote, places[0] if places else None, near, why=why)


def _is_usable(finding: Finding) -> bool:
    fix = finding.match.fix
    return fix is not None and fix.safety >= Safety.UNSAFE


def _speaks_of(finding: Finding, subject: str) -> bool:
    mine = finding.match.subject
    return bool(mine and subject) and (mine in subject or subject in mine)


def _within(one: Span, two: Span) -> bool:
    return one.path == two.path and one.start < two.end and two.start < one.end
