"""The story of the loop, as text, as JSON and as a commit message."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.proof import Attempt, Audit, Built, Change, Proof, Smoke, Story, WrongFile
from bot.report import json as report_json
from bot.report import story

CHANGE = Change(
    "base-image-without-arm64",
    "Dockerfile",
    "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1 +1 @@\n-FROM alpine:3.4\n"
    "+FROM alpine:3.6\n",
    "Use `alpine:3.6`",
)
FAILED = Attempt(
    "linux/arm64",
    passed=False,
    seconds=4.25,
    cause="base-image-without-platform",
    quote="no matching manifest for linux/arm64",
    path="Dockerfile",
    line=1,
    changes=(CHANGE,),
    why="The image is not published for linux/arm64.",
)
PASSED = Attempt("linux/arm64", passed=True, seconds=9.0)
BUILT = Built("app", "pi", "linux/arm64", True, "classic", "sha256:1", 9.0)
SMOKE = Smoke(passed=True, command="", exit_code=0, output="ok", seconds=0.4)
PROVEN = Story(
    proven=True,
    missing=(),
    attempts=(FAILED, PASSED),
    proof=Proof((BUILT,), None, Audit(3), (SMOKE,)),
)


def test_tells_every_error_its_cause_and_its_repair() -> None:
    """Whoever reads it can judge each step."""
    assert story.tell(PROVEN) == (
        "1. linux/arm64: failed after 4.2 s\n"
        "   cause: base-image-without-platform at Dockerfile:1\n"
        "   log: no matching manifest for linux/arm64\n"
        "   why: The image is not published for linux/arm64.\n"
        "   changed: Dockerfile: Use `alpine:3.6` (base-image-without-arm64)\n"
        "     -FROM alpine:3.4\n"
        "     +FROM alpine:3.6\n"
        "\n"
        "2. linux/arm64: passed after 9.0 s\n"
        "\n"
        "PROVEN\n"
        "  linux/arm64: app built in 9.0 s on pi (native, classic)\n"
        "  audit: 3 programs, 0 foreign\n"
        "  smoke run: the image's own command: starts (exit status 0 after 0.4 s)"
    )


def test_an_unproven_story_says_what_is_missing() -> None:
    """Nothing unproven looks like a proof."""
    wrong = WrongFile("usr/lib/ld.so", "x86-64", "RUN apk add glibc.apk")
    told = replace(
        PROVEN,
        proven=False,
        missing=("linux/amd64: no runner can build for it",),
        proof=Proof(audit=Audit(3, (wrong,))),
    )

    assert story.proof(told) == (
        "NOT PROVEN\n"
        "  audit: 3 programs, 1 foreign\n"
        "    usr/lib/ld.so: x86-64, brought by RUN apk add glibc.apk\n"
        "  missing: linux/amd64: no runner can build for it"
    )


def test_a_program_that_runs_on_is_told_as_such() -> None:
    """A server has no exit status when time is up."""
    running = replace(SMOKE, exit_code=None, seconds=20.0, command="serve")
    told = replace(PROVEN, proof=Proof(smoke=(running,)))

    assert story.proof(told) == (
        "PROVEN\n  smoke run: serve: starts (still running after 20 s)"
    )


def test_an_image_that_names_nothing_did_not_start() -> None:
    """Neither did it fail to: there was nothing to try."""
    told = replace(PROVEN, proof=Proof(smoke=(Smoke(False, "", None, "", 0.0),)))

    assert story.proof(told) == (
        "PROVEN\n  smoke run: the image names nothing to start"
    )


def test_the_commit_message_names_causes_and_files() -> None:
    """The history of the project tells why its lines changed."""
    assert story.message(PROVEN) == (
        "Make the build work on arm64\n"
        "\n"
        "* base-image-without-platform\n"
        "  Dockerfile (base-image-without-arm64)\n"
        "\n"
        "Proven by a build.\n"
    )


def test_a_file_name_steers_nothing_in_a_commit() -> None:
    """GitHub closes issues and calls people for what a message says."""
    path = "closes #1 @octo/team\n\nCo-authored-by: x <x@y>/Dockerfile"
    change = Change("rule", path, "")
    met = Attempt("linux/arm64", passed=False, seconds=1, cause="c", changes=(change,))
    told = story.message(Story(True, (), (met,), Proof()))

    name = "closes??1??octo/team??Co-authored-by??x??x?y?/Dockerfile"
    assert f"\n  {name} (rule)\n" in told


def test_the_json_has_the_fixed_shape() -> None:
    """Other tools read it: a key that moves breaks them."""
    told = json.loads(report_json.story(PROVEN))

    assert told == {
        "schema": 1,
        "proven": True,
        "missing": [],
        "mistakes": [],
        "attempts": [
            {
                "platform": "linux/arm64",
                "passed": False,
                "seconds": 4.25,
                "cause": "base-image-without-platform",
                "quote": "no matching manifest for linux/arm64",
                "path": "Dockerfile",
                "line": 1,
                "changes": [
                    {
                        "rule": "base-image-without-arm64",
                        "path": "Dockerfile",
                        "diff": CHANGE.diff,
                    }
                ],
            },
            {
                "platform": "linux/arm64",
                "passed": True,
                "seconds": 9.0,
                "cause": None,
                "quote": None,
                "path": None,
                "line": None,
                "changes": [],
            },
        ],
        "proof": {
            "arm64": [
                {
                    "recipe": "app",
                    "runner": "pi",
                    "platform": "linux/arm64",
                    "native": True,
                    "builder": "classic",
                    "image": "sha256:1",
                    "seconds": 9.0,
                }
            ],
            "amd64": None,
            "audit": {"files": 3, "wrong": []},
            "smoke": [
                {
                    "passed": True,
                    "command": "",
                    "exit_code": 0,
                    "output": "ok",
                    "seconds": 0.4,
                }
            ],
        },
    }
