"""What the check run of a head says, from its start to its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.analysis import Analysis, Crash
from bot.config import Mistake
from bot.facts import Facts, Published
from bot.model import Finding
from bot.proof import Story
from bot.publishing import CheckReport, Conclusion
from bot.report import annotation, check_run
from bot.report.check_run import Inspected
from bot.report.markdown import LIMIT
from bot.snapshot import Skipped
from tests.report.expecting import expected
from tests.report.rendered import Shown
from tests.report.stories import (
    BASE,
    DOCKERFILE,
    EVIL,
    FINDINGS,
    HEALTHY,
    HOSTILE,
    PROVEN,
    SNAPSHOT,
    TINI,
    UNPROVEN,
)

MISTAKE = Mistake(DOCKERFILE.span(0, 4), "`FROM` is no key.")


UNJUDGED = (
    "No build file that could be judged ties this to one architecture. "
    "What could not be judged is listed with its reason."
)
LATIN = Skipped("Dockerfile", "is not UTF-8 (byte 3)")


def inspected(*findings: Finding, mistakes: tuple[Mistake, ...] = ()) -> Inspected:
    """Return what was seen of a tree with *findings*."""
    return Inspected(SNAPSHOT, Facts(), Analysis(findings), mistakes)


def test_a_healthy_project_hears_one_sentence() -> None:
    """Nothing is found, so nothing is to be read."""
    assert check_run.render(inspected()) == CheckReport(
        title="Nothing keeps this from arm64",
        summary="No build file ties this project to one architecture.",
        conclusion=Conclusion.SUCCESS,
    )


@pytest.mark.parametrize(
    "seen",
    [
        Inspected(replace(SNAPSHOT, skipped=(LATIN,)), Facts(), Analysis(())),
        Inspected(SNAPSHOT, Facts({"a:1": Published(None, "gone")}), Analysis(())),
        Inspected(
            SNAPSHOT, Facts(), Analysis((), crashes=(Crash("rule", "D", "KeyError"),))
        ),
    ],
)
def test_a_project_that_was_not_judged_is_not_called_healthy(seen: Inspected) -> None:
    """Nobody looked, so nobody can say that nothing is wrong."""
    actual = check_run.render(seen)

    assert (actual.title, actual.summary, actual.conclusion) == (
        "Nothing found in what could be judged",
        UNJUDGED,
        Conclusion.SUCCESS,
    )


def test_findings_are_annotations() -> None:
    """The text points at them and does not repeat them."""
    assert check_run.render(inspected(*FINDINGS)) == CheckReport(
        title="3 findings",
        summary=(
            "The annotations name what ties this project to one architecture, "
            "and how to change it."
        ),
        conclusion=Conclusion.FAILURE,
        annotations=annotation.of(SNAPSHOT, FINDINGS),
    )


@pytest.mark.parametrize(
    ("story", "title", "words"),
    [
        (
            HEALTHY,
            "Proven on arm64",
            "The project builds and runs on arm64 as it is.",
        ),
        (
            PROVEN,
            "A proven fix is ready",
            "With the changes named below, the project builds and runs on arm64.",
        ),
    ],
)
def test_a_proof_says_first_whether_something_changes(
    story: Story, title: str, words: str
) -> None:
    """Whoever reads one line reads this one."""
    report = check_run.render(inspected(), story)

    assert report.title == title
    assert report.summary.partition("\n")[0] == words


def test_an_unproven_story_is_told_in_full() -> None:
    """Errors, proof, foreign programs, what is missing, and the changes."""
    facts = Facts(
        {
            "quay.io/app:1": Published(None, "quay.io does not answer"),
            "alpine:3.4": Published(frozenset({"linux/amd64"})),
        }
    )
    snapshot = replace(SNAPSHOT, skipped=(Skipped("big/Dockerfile", "is too large"),))
    analysis = Analysis(FINDINGS, crashes=(Crash("rule", "Dockerfile", "KeyError"),))
    seen = Inspected(snapshot, facts, analysis, (MISTAKE,))

    actual = check_run.render(seen, UNPROVEN)

    title = "Not proven on arm64, 3 findings"
    assert (actual.title, actual.conclusion) == (title, Conclusion.FAILURE)
    assert actual.summary == expected("check_run_summary")
    assert actual.text == expected("check_run_text")
    assert actual.annotations == annotation.of(snapshot, FINDINGS, [MISTAKE])


@pytest.mark.parametrize(
    ("seen", "story", "title", "conclusion"),
    [
        (inspected(TINI), None, "1 finding", Conclusion.NEUTRAL),
        (
            inspected(mistakes=(MISTAKE,)),
            None,
            "Nothing keeps this from arm64",
            Conclusion.NEUTRAL,
        ),
        (inspected(), HEALTHY, "Proven on arm64", Conclusion.SUCCESS),
        (inspected(BASE), PROVEN, "A proven fix is ready", Conclusion.FAILURE),
        (inspected(), PROVEN, "A proven fix is ready", Conclusion.FAILURE),
        (
            inspected(),
            Story(False, ("no recipe",), (), HEALTHY.proof),
            "Not proven on arm64",
            Conclusion.NEUTRAL,
        ),
    ],
)
def test_the_conclusion_is_about_the_head_itself(
    seen: Inspected, story: Story | None, title: str, conclusion: Conclusion
) -> None:
    """A proven fix does not make the commit green that needs it."""
    actual = check_run.render(seen, story)

    assert (actual.title, actual.conclusion) == (title, conclusion)


def test_an_unproven_project_without_findings_says_so() -> None:
    """No finding is no proof."""
    story = Story(False, ("no recipe",), (), UNPROVEN.proof)

    first = check_run.render(inspected(), story).summary.split("\n\n")[0]

    assert first == "The project is not proven to build and run on arm64."


def test_an_unfinished_check_shows_what_is_known() -> None:
    """Findings do not wait for a build."""
    building = check_run.building(inspected(BASE))
    waiting = check_run.waiting(inspected(), "rack-7")

    assert building == CheckReport(
        title="Building for arm64",
        summary=(
            "The files are read; the project is being built for arm64 now.\n\n"
            "The annotations name what ties this project to one architecture, "
            "and how to change it."
        ),
        annotations=annotation.of(SNAPSHOT, [BASE]),
    )
    assert waiting == CheckReport(
        title="Waiting for a runner",
        summary=(
            "The runner `rack-7` does not answer, so nothing could be built. "
            "The build is tried again by itself; nothing has to be done in this "
            "repository.\n\nNo build file ties this project to one architecture."
        ),
    )


@pytest.mark.parametrize(
    ("seen", "conclusion"),
    [
        (inspected(), Conclusion.NEUTRAL),
        (inspected(TINI), Conclusion.NEUTRAL),
        (inspected(BASE), Conclusion.FAILURE),
    ],
)
def test_without_a_runner_nothing_is_proven(
    seen: Inspected, conclusion: Conclusion
) -> None:
    """A green check would be a lie, and a red one nobody's fault."""
    actual = check_run.given_up(seen, "rack-7")

    assert (actual.title, actual.conclusion) == ("No runner answered", conclusion)
    assert actual.summary.split("\n\n")[0] == (
        "The runner `rack-7` did not answer, so nothing could be built and nothing "
        "is proven. Whoever runs it should look at it; then ask for this check again."
    )


def test_ends_that_are_nobodys_fault() -> None:
    """A newer push, or an error of ours."""
    assert check_run.superseded() == CheckReport(
        title="Superseded by a newer push",
        summary="A newer commit was pushed, so this one was not looked at further.",
        conclusion=Conclusion.CANCELLED,
    )
    assert check_run.crashed("72d3162e") == CheckReport(
        title="Multiarch could not finish",
        summary=(
            "An error in Multiarch itself ended this check; the repository is not "
            "to blame. Ask for the check again, and if that does not help, tell "
            "whoever runs Multiarch the job `72d3162e`."
        ),
        conclusion=Conclusion.NEUTRAL,
    )


def test_what_finds_no_place_is_counted() -> None:
    """Nobody has to guess whether that was all."""
    more = check_run.render(inspected(*[TINI] * 501))
    many = check_run.render(inspected(*[TINI] * 502))
    images = {f"a:{number}": Published(None, "x") for number in range(60)}
    seen = replace(inspected(), facts=Facts(images))

    assert more.summary.endswith(" 1 more remark is not shown as an annotation.")
    assert many.summary.endswith(" 2 more remarks are not shown as annotations.")
    assert check_run.render(seen).text.endswith("\n- and 10 more")


def test_the_texts_are_bounded() -> None:
    """GitHub takes 65,535 characters and refuses the check run otherwise."""
    images = {f"{'a' * 200}:{number}": Published(None, EVIL) for number in range(999)}
    story = replace(UNPROVEN, attempts=UNPROVEN.attempts * 400)

    actual = check_run.render(replace(inspected(), facts=Facts(images)), story)

    assert len(actual.summary) <= LIMIT
    assert len(actual.text) <= LIMIT


def test_hostile_text_stays_text() -> None:
    """Everything that comes from outside, in every place where it can."""
    seen = Inspected(
        replace(SNAPSHOT, skipped=(Skipped(EVIL, EVIL),)),
        Facts({EVIL: Published(None, EVIL)}),
        Analysis((), crashes=(Crash(EVIL, EVIL, EVIL),)),
    )
    report = check_run.render(seen, HOSTILE)

    for text in (report.summary, report.text):
        shown = Shown(text)
        assert set(shown.tags) <= {
            *("h3", "p", "strong", "code", "pre", "ul", "li", "details", "summary"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        }
        assert shown.calls == shown.comments == []
