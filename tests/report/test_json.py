"""The JSON that other tools read, whole; its shape must never change by accident."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.analysis import Analysis, Crash, analyse
from bot.facts import Facts, Published
from bot.kinds import Kind
from bot.parse.dockerfile import Dockerfile
from bot.project import Project
from bot.proof import (
    Attempt,
    Audit,
    Built,
    Change,
    Proof,
    Smoke,
    Story,
    WrongFile,
)
from bot.report import json as report
from bot.rules import RULES
from bot.snapshot import Skipped, Snapshot
from bot.view import Assessment, View
from tests.catalogue import Files, facts, snapshot

FACTS = facts("alpine:3.4: linux/amd64\nalpine:3.4 -> alpine:3.6\n")
OLD = {"Dockerfile": "# é\nFROM alpine:3.4\n"}
FINDING = {
    "rule": "base-image-without-arm64",
    "severity": "breaks",
    "path": "Dockerfile",
    "line": 2,
    "column": 6,
    "end_line": 2,
    "end_column": 16,
    "message": (
        "`alpine:3.4` is not published for linux/arm64, "
        "so the build cannot start there."
    ),
    "fix": {
        "title": "Use `alpine:3.6`, the nearest tag with linux/arm64",
        "safety": "safe",
        "edits": [
            {
                "path": "Dockerfile",
                "line": 2,
                "column": 6,
                "end_line": 2,
                "end_column": 16,
                "new": "alpine:3.6",
            }
        ],
    },
}
CHANGE = Change("hardcoded-arch-path", "Dockerfile", "--- a\n+++ b\n")
BUILT = Built("app", "pi", "linux/arm64", True, "classic", "sha256:1", 9.1)


def view(files: Files | Snapshot, known: Facts = FACTS) -> View:
    """Return *files* with what *known* and the rules say about them."""
    tree = files if isinstance(files, Snapshot) else snapshot(files)
    project = Project.of(tree)
    return View(tree, known, Assessment.of(project, analyse(project, known, RULES)))


def read(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a program reads."""
    return json.loads(text)


def test_a_scan_of_nothing_has_every_key() -> None:
    """A program need not ask whether a key is there."""
    assert read(report.scan(view({}, Facts()))) == {
        "schema": 1,
        "findings": [],
        "complete": True,
        "skipped": [],
        "images": {},
    }


def test_a_scan_tells_findings_and_images() -> None:
    """Columns count characters; unknown is null and has a reason."""
    unknown = Published(None, "does not answer")
    known = replace(FACTS, images={**FACTS.images, "b:1": unknown})

    assert read(report.scan(view(OLD, known))) == {
        "schema": 1,
        "findings": [FINDING],
        "complete": False,
        "skipped": [],
        "images": {
            "alpine:3.4": {"platforms": ["linux/amd64"], "reason": None},
            "alpine:3.6": {
                "platforms": ["linux/amd64", "linux/arm64"],
                "reason": None,
            },
            "b:1": {"platforms": None, "reason": "does not answer"},
        },
    }


def test_what_was_not_judged_is_told() -> None:
    """Not read, not understood, and not checked by a rule that failed."""

    def broken(source: object) -> Dockerfile:
        raise ValueError(source)

    tree = replace(
        snapshot({"Dockerfile": "FROM a\n"}),
        skipped=(Skipped("b/Dockerfile", "is a binary file"),),
    )
    project = Project.of(tree, dict.fromkeys(Kind, broken))
    crash = Crash("hardcoded-arch-path", "c/Dockerfile", "ValueError: /home/x")
    seen = View(tree, Facts(), Assessment.of(project, Analysis((), crashes=(crash,))))

    assert read(report.scan(seen))["skipped"] == [
        {"path": "b/Dockerfile", "reason": "is a binary file"},
        {
            "path": "Dockerfile",
            "reason": "the dockerfile reader failed: ValueError",
        },
        {
            "path": "c/Dockerfile",
            "reason": "was not checked by hardcoded-arch-path, which failed",
        },
    ]


def test_a_fix_tells_what_it_changed_and_what_is_left() -> None:
    """The diff is the one that `git apply` reads."""
    assert read(report.fix(view(OLD), [CHANGE])) == {
        "schema": 1,
        "changes": [
            {
                "rule": "hardcoded-arch-path",
                "path": "Dockerfile",
                "diff": "--- a\n+++ b\n",
            }
        ],
        "findings": [FINDING],
        "complete": True,
        "skipped": [],
        "images": read(report.scan(view(OLD)))["images"],
    }


def test_a_finding_without_a_fix_has_null() -> None:
    """No fix is not an empty one."""
    known = facts("alpine:3.4: linux/amd64\n")

    assert read(report.scan(view(OLD, known)))["findings"][0]["fix"] is None


def test_a_story_without_proof_has_null_for_every_part() -> None:
    """What is missing is null, and `missing` says why."""
    story = Story(proven=False, missing=("no runner",), attempts=(), proof=Proof())

    assert read(report.story(story)) == {
        "schema": 1,
        "proven": False,
        "missing": ["no runner"],
        "mistakes": [],
        "attempts": [],
        "proof": {"arm64": None, "amd64": None, "audit": None, "smoke": None},
    }


def test_a_story_is_told_whole() -> None:
    """Every attempt with its cause and changes, and all of the evidence."""
    failed = Attempt(
        "linux/arm64", False, 4.2, "missing-program", "x: not found", "Dockerfile", 3,
        (CHANGE,),
    )  # fmt: skip
    proof = Proof(
        (BUILT,),
        (replace(BUILT, platform="linux/amd64", native=False),),
        Audit(2, (WrongFile("/x", "x86-64", "ADD x /x"),)),
        (Smoke(True, "app", None, "up\n", 10.0),),
    )
    story = Story(True, (), (failed, Attempt("linux/arm64", True, 1.0)), proof)
    built = {
        "recipe": "app",
        "runner": "pi",
        "platform": "linux/arm64",
        "native": True,
        "builder": "classic",
        "image": "sha256:1",
        "seconds": 9.1,
    }

    assert read(report.story(story)) == {
        "schema": 1,
        "proven": True,
        "missing": [],
        "mistakes": [],
        "attempts": [
            {
                "platform": "linux/arm64",
                "passed": False,
                "seconds": 4.2,
                "cause": "missing-program",
                "quote": "x: not found",
                "path": "Dockerfile",
                "line": 3,
                "changes": [
                    {
                        "rule": "hardcoded-arch-path",
                        "path": "Dockerfile",
                        "diff": "--- a\n+++ b\n",
                    }
                ],
            },
            {
                "platform": "linux/arm64",
                "passed": True,
                "seconds": 1.0,
                "cause": None,
                "quote": None,
                "path": None,
                "line": None,
                "changes": [],
            },
        ],
        "proof": {
            "arm64": [built],
            "amd64": [{**built, "platform": "linux/amd64", "native": False}],
            "audit": {
                "files": 2,
                "wrong": [
                    {"file": "/x", "machine": "x86-64", "instruction": "ADD x /x"}
                ],
            },
            "smoke": [
                {
                    "passed": True,
                    "command": "app",
                    "exit_code": None,
                    "output": "up\n",
                    "seconds": 10.0,
                }
            ],
        },
    }
