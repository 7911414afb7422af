"""The JSON that other tools read; its shape is fixed (docs/output.md). Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TypeAlias

from bot.config import Mistake
from bot.facts import Facts, Published
from bot.model import Finding, Fix, Severity, Span
from bot.proof import Attempt, Built, Change, Story
from bot.report.text import CONFIGURATION
from bot.snapshot import Skipped, Snapshot
from bot.view import View

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"

SCHEMA = 1


def scan(view: View) -> str:
    """Return the result of a scan."""
    return _text({"schema": SCHEMA, **_left(view)})


def fix(view: View, changes: Iterable[Change]) -> str:
    """Return what `fix` changed, and the findings that are left in *view*."""
    made: list[Value] = [_change(item) for item in changes]
    return _text({"schema": SCHEMA, "changes": made, **_left(view)})


def story(told: Story) -> str:
    """Return the result of `fix --prove`."""
    proof = told.proof
    audit = proof.audit
    return _text(
        {
            "schema": SCHEMA,
            "proven": told.proven,
            "missing": list(told.missing),
            "mistakes": list(told.mistakes),
            "attempts": [_attempt(item) for item in told.attempts],
            "proof": {
                "arm64": [_built(item) for item in proof.arm64 or ()] or None,
                "amd64": [_built(item) for item in proof.amd64 or ()] or None,
                "audit": asdict(audit) if audit else None,
                "smoke": [asdict(item) for item in proof.smoke or ()] or None,
            },
        }
    )


def _built(built: Built) -> dict[str, Value]:
    """Return a build; the command builds on the engine as it is, so no isolation."""
    known = asdict(built)
    del known["isolation"]
    return known


def _left(view: View) -> dict[str, Value]:
    """Return what is wrong with a tree and what of it nobody judged."""
    return {
        "findings": [
            *(_mistake(view.snapshot, item) for item in view.mistakes),
            *(finding(view.snapshot, item) for item in view.findings),
        ],
        "complete": not (view.unjudged or view.unknown),
        "skipped": [_skipped(item) for item in view.skipped],
        "images": _images(view.facts),
    }


def _mistake(snapshot: Snapshot, item: Mistake) -> dict[str, Value]:
    return {
        "rule": CONFIGURATION,
        "severity": Severity.DEGRADES.value,
        **_place(snapshot, item.span),
        "message": item.message,
        "fix": None,
    }


def finding(snapshot: Snapshot, item: Finding) -> dict[str, Value]:
    """Return one finding with its place, message and edits."""
    match = item.match
    return {
        "rule": item.rule,
        "severity": item.severity.value,
        **_place(snapshot, match.span),
        "message": match.message,
        "fix": _fix(snapshot, match.fix) if match.fix else None,
    }


def _place(snapshot: Snapshot, span: Span) -> dict[str, Value]:
    source = snapshot.sources[span.path]
    return {
        "path": span.path,
        "line": source.line(span.start),
        "column": source.column(span.start),
        "end_line": source.line(span.end),
        "end_column": source.column(span.end),
    }


def _fix(snapshot: Snapshot, item: Fix) -> dict[str, Value]:
    edits: list[Value] = [
        {**_place(snapshot, edit.span), "new": edit.new} for edit in item.edits
    ]
    return {"title": item.title, "safety": item.safety.name.lower(), "edits": edits}


def _attempt(item: Attempt) -> dict[str, Value]:
    return {
        "platform": item.platform,
        "passed": item.passed,
        "seconds": item.seconds,
        "cause": item.cause,
        "quote": item.quote,
        "path": item.path,
        "line": item.line,
        "changes": [_change(change) for change in item.changes],
    }


def _change(item: Change) -> dict[str, Value]:
    return {"rule": item.rule, "path": item.path, "diff": item.diff}


def _skipped(item: Skipped) -> dict[str, Value]:
    return {"path": item.path, "reason": item.reason}


def _images(facts: Facts) -> dict[str, Value]:
    return {image: _image(known) for image, known in sorted(facts.images.items())}


def _image(known: Published) -> dict[str, Value]:
    platforms: list[Value] = [*sorted(known.platforms or ())]
    return {
        "platforms": None if known.platforms is None else platforms,
        "reason": known.reason or None,
    }


def _text(value: dict[str, Value]) -> str:
    # In ASCII it is JSON in every encoding, and with every name of a file.
    return json.dumps(value, indent=2)
