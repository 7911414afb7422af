"""The story of the loop for people at a terminal. Pure."""

from __future__ import annotations

import re

from bot.proof import Attempt, Built, Proof, Smoke, Story
from bot.report.excerpt import printable

_STEERING = re.compile(r"[^\w./+-]")
"""What a file may be called, but could close an issue or call somebody."""


def tell(story: Story) -> str:
    """Return every error met, its cause, what was changed, and the proof."""
    parts = [_attempt(number, item) for number, item in enumerate(story.attempts, 1)]
    return "\n\n".join([*parts, proof(story)])


def message(story: Story) -> str:
    """Return a commit message that says what was repaired and why."""
    rows = ["Make the build work on arm64", ""]
    for item in story.attempts:
        if item.changes:
            why = item.cause or "found by reading the files"
            # No word of the log: GitHub acts on what a message mentions or closes.
            rows.append(f"* {why}")
            rows += [
                f"  {_STEERING.sub('?', change.path)} ({change.rule})"
                for change in item.changes
            ]
    rows += ["", "Proven by a build." if story.proven else "Not proven by a build."]
    return "\n".join(rows) + "\n"


def proof(story: Story) -> str:
    """Return the evidence, and what is missing where it is not complete."""
    verdict = "PROVEN" if story.proven else "NOT PROVEN"
    rows = [f"{verdict}{_but(story)}", *_evidence(story.proof)]
    rows += [f"  missing: {printable(item)}" for item in story.missing]
    rows += [f"  configuration: {printable(item)}" for item in story.mistakes]
    return "\n".join(rows)


def _but(story: Story) -> str:
    """Say that the configuration says less than its owner meant, where it does."""
    count = len(story.mistakes)
    if not count:
        return ""
    return f"; the configuration has {count} mistake{'' if count == 1 else 's'}"


def _attempt(number: int, item: Attempt) -> str:
    how = "passed" if item.passed else "failed"
    rows = [f"{number}. {item.platform}: {how} after {item.seconds:.1f} s"]
    if item.cause:
        place = f" at {item.path}:{item.line}" if item.path else ""
        rows.append(f"   cause: {item.cause}{printable(place)}")
    if item.quote:
        rows.append(f"   log: {printable(item.quote)}")
    if item.why:
        rows.append(f"   why: {printable(item.why)}")
    for change in item.changes:
        what = f": {change.title}" if change.title else ""
        rows.append(f"   changed: {printable(change.path + what)} ({change.rule})")
        rows += [f"     {printable(line)}" for line in _body(change.diff)]
    return "\n".join(rows)


def _body(diff: str) -> list[str]:
    """Return the changed lines of a unified diff, without its headers."""
    lines = diff.splitlines()[2:]
    return [line for line in lines if line.startswith(("+", "-"))]


def _evidence(item: Proof) -> list[str]:
    rows = [_built(built) for built in (*(item.arm64 or ()), *(item.amd64 or ()))]
    if item.audit:
        wrong = len(item.audit.wrong)
        rows.append(f"  audit: {item.audit.files} programs, {wrong} foreign")
        rows += [
            f"    {printable(bad.file)}: {bad.machine}, brought by "
            f"{printable(bad.instruction)}"
            for bad in item.audit.wrong
        ]
    rows += [_smoke(smoke) for smoke in item.smoke or ()]
    return rows


def _built(built: Built) -> str:
    how = "native" if built.native else "emulated"
    return (
        f"  {built.platform}: {printable(built.recipe)} built in "
        f"{built.seconds:.1f} s on {printable(built.runner)} "
        f"({how}, {built.builder})"
    )


def _smoke(smoke: Smoke) -> str:
    if smoke.skipped:
        return "  smoke run: the image names nothing to start"
    if smoke.exit_code is None:
        end = f"still running after {smoke.seconds:.0f} s"
    else:
        end = f"exit status {smoke.exit_code} after {smoke.seconds:.1f} s"
    verdict = "starts" if smoke.passed else "does not start"
    command = printable(smoke.command) or "the image's own command"
    return f"  smoke run: {command}: {verdict} ({end})"
