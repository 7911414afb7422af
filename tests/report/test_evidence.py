"""The parts of a story: errors, proof, programs, changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.analysis import Analysis
from bot.facts import Facts
from bot.isolation import Isolation
from bot.proof import Attempt, Audit, Built, Change, Proof, Smoke, Story, WrongFile
from bot.report import check_run, evidence, pull_request, reply
from bot.report.check_run import Inspected
from tests.report.rendered import Shown
from tests.report.stories import (
    ARM,
    DIFF,
    FOREIGN,
    HEALTHY,
    MET,
    PASSED,
    SMOKE,
    SNAPSHOT,
)

HEAD = (
    "| Build | Platform | Error met | Cause | Change |\n| --- | --- | --- | --- | --- |"
)

OPEN = Isolation("2026-11-28", ("ADD reaches what the runner serves",))


def story(*attempts: Attempt) -> Story:
    """Return a story of *attempts*."""
    return Story(True, (), attempts, Proof())


def rendered_check(story: Story) -> str:
    """Return the summary of the check run."""
    seen = Inspected(SNAPSHOT, Facts({}, {}), Analysis((), ()))
    return check_run.render(seen, story).summary


def rendered_pull(story: Story) -> str:
    """Return the body of the pull request."""
    return pull_request.render(pull_request.Offer(story)).body


def rendered_reply(story: Story) -> str:
    """Return the reply to a command."""
    return reply.fixed(story, None)


def test_a_healthy_project_has_no_table() -> None:
    """An empty table looks like a fault."""
    assert evidence.errors(HEALTHY) == "No build failed."


@pytest.mark.parametrize(
    ("attempt", "row"),
    [
        (
            replace(MET, path=None, line=None, changes=()),
            (
                "| 1 | `linux/arm64` | `no matching manifest for linux/arm64 in the "
                "manifest list entries` | `base-image-without-platform`: The image "
                "`alpine:3.4` is not published for linux/arm64. | none |"
            ),
        ),
        (
            Attempt("linux/arm64", passed=False, seconds=1),
            "| 1 | `linux/arm64` | the build failed | not known to Multiarch | none |",
        ),
        (
            replace(PASSED, changes=(Change("rule", "Makefile", DIFF),)),
            (
                "| 1 | `linux/arm64` | none: the build passed "
                "| found by reading the files | `Makefile` (`rule`) |"
            ),
        ),
        (
            replace(
                PASSED,
                changes=tuple(Change(f"r{n}", "Makefile", DIFF) for n in range(12)),
            ),
            "| 1 | `linux/arm64` | none: the build passed "
            "| found by reading the files | "
            + "".join(f"`Makefile` (`r{n}`)<br>" for n in range(10))
            + "2 more |",
        ),
        (
            replace(
                MET,
                quote="no",
                path=None,
                cause="c",
                why="`x` is missing. Bring it.",
                changes=(
                    Change("rule", "Makefile", DIFF, "Give `$(ARCH)`"),
                    Change("rule", "Dockerfile", DIFF, "Give `$(ARCH)`"),
                    Change("base", "Dockerfile", DIFF, "Use `a:2`"),
                ),
            ),
            (
                "| 1 | `linux/arm64` | `no` | `c`: `x` is missing. Bring it. "
                "| Give `$(ARCH)`: `Makefile`, `Dockerfile` (`rule`)<br>"
                "Use `a:2`: `Dockerfile` (`base`) |"
            ),
        ),
        (
            replace(MET, quote="a | b", path="x|y", cause="c", why="", changes=()),
            r"| 1 | `linux/arm64` | `a \| b` at `x\|y` line 1 | `c` | none |",
        ),
    ],
)
def test_each_build_that_failed_or_changed_something_is_a_row(
    attempt: Attempt, row: str
) -> None:
    """Error, cause, change: the whole way from left to right."""
    assert evidence.errors(story(attempt)) == f"{HEAD}\n{row}"


def test_a_long_way_is_cut() -> None:
    """The table must leave room for the proof."""
    lines = evidence.errors(story(*[MET] * 45)).split("\n")

    assert len(lines) == 2 + 30 + 2
    assert lines[-2:] == ["", "(15 more builds are not listed.)"]


def test_every_part_of_a_proof_that_is_missing_is_named() -> None:
    """Silence would be taken for a yes."""
    assert evidence.proof(Proof()) == (
        "- **arm64 build**: missing.\n"
        "- **amd64 build**: missing.\n"
        "- **Audit**: missing.\n"
        "- **Smoke run**: missing."
    )


def test_what_builds_were_kept_away_from_is_said_once_for_a_runner() -> None:
    """Whoever merges may ask what the code of others could do there."""
    arm = replace(ARM, isolation=Isolation("2026-11-28"))
    amd = replace(arm, platform="linux/amd64", runner="old", isolation=OPEN)
    told = evidence.proof(Proof((arm, arm), (amd,)))

    assert told.endswith(
        "- **Isolation**: `rack-7` built in a Docker engine that serves this "
        "repository alone; from inside a build only public addresses can be reached "
        "(tried on 2026-11-28).\n"
        "- **Isolation**: `old` built in a Docker engine that serves this repository "
        "alone; something answered from inside a build that builds must not reach, so "
        "no fork is built there; whoever runs Multiarch finds in its log what."
    )
    assert told.count("Isolation") == 2


def test_every_recipe_has_its_own_evidence() -> None:
    """A project builds several images, and each is proven for itself."""
    tools = Built("tools", "qemu", "linux/arm64", False, "buildkit", "sha256:2", 60.0)
    runs = (
        replace(SMOKE, command="/tools --version", exit_code=None, seconds=10.0),
        Smoke(False, "", 127, "", 0.1),
    )

    actual = evidence.proof(Proof((ARM, tools), (), Audit(3, (FOREIGN,)), runs))

    assert actual == (
        "- **arm64 build**: `typha` built in 12.3 s on `rack-7` (native, classic).\n"
        "- **arm64 build**: `tools` built in 60.0 s on `qemu` (emulated, buildkit).\n"
        "- **amd64 build**: missing.\n"
        "- **Audit**: 1 of 3 programs in the image is not for `linux/arm64`.\n"
        "- **Smoke run**: `/tools --version` starts (still running after 10 s).\n"
        "- **Smoke run**: the image's own command does not start "
        "(exit status 127 after 0.1 s)."
    )


def test_what_an_image_does_not_hold_is_not_praised() -> None:
    """All of no programs being right is no evidence, and nothing has started."""
    skipped = Smoke(False, "", None, "Nothing to start.", 0.0)

    actual = evidence.proof(Proof((ARM,), None, Audit(0), (skipped,)))

    assert actual.splitlines()[2:] == [
        "- **Audit**: there is no program in the image.",
        "- **Smoke run**: the image names nothing to start.",
    ]


def test_foreign_programs_are_listed_with_who_brought_them() -> None:
    """The instruction is where the author has to look."""
    few = evidence.foreign(Audit(9, (FOREIGN,)))
    many = evidence.foreign(Audit(99, (FOREIGN,) * 40))

    assert few == (
        "| Program | Made for | Brought by |\n"
        "| --- | --- | --- |\n"
        "| `/usr/glibc-compat/lib/libc.so` | `x86-64` | `RUN apk add glibc.apk` |"
    )
    assert many.endswith("\n\n(10 more programs are not listed.)")
    assert Shown(many).tags.count("td") == 30 * 3


def test_changes_are_folded_away() -> None:
    """A story is read first; its diffs are there for who wants them."""
    assert list(evidence.diffs(story(MET, PASSED))) == [
        (
            "<details>\n"
            "<summary>docker-image/Dockerfile: base-image-without-arm64</summary>\n\n"
            f"```diff\n{DIFF}```\n\n"
            "</details>"
        )
    ]


def test_only_output_that_says_something_is_shown() -> None:
    """Most programs are silent when they start."""
    quiet = replace(SMOKE, output=" \n")

    assert list(evidence.outputs([quiet, SMOKE])) == [
        (
            "<details>\n<summary>What the smoke run printed</summary>\n\n"
            "```text\nhello\n```\n\n</details>"
        )
    ]


@pytest.mark.parametrize("render", [rendered_check, rendered_pull, rendered_reply])
def test_a_long_story_keeps_its_tables(render: Callable[[Story], str]) -> None:
    """Two hundred failures with the longest words: cut, but never left out whole."""
    long = "x" * 4000
    changes = (Change("rule", long, DIFF * 50),) * 20
    met = Attempt("linux/arm64", False, 1, "cause", long, long, 1, changes)
    wrong = (WrongFile(long, "x86-64", long),) * 200
    proof = Proof(audit=Audit(200, wrong))
    text = render(Story(False, (long,) * 200, (met,) * 200, proof))

    assert len(text) < 65_400
    assert HEAD in text
    assert "more builds are not listed.)" in text
    assert "| Program | Made for | Brought by |" in text
    assert "- and 1" in text
