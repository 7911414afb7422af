"""How results are ordered, stamped, silenced, and kept from each other's crashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.analysis import Analysis, Crash, analyse, diagnose
from bot.facts import Facts
from bot.model import (
    BuildLog,
    Cause,
    Clue,
    Confidence,
    Diagnosis,
    Finding,
    LogLine,
    Match,
    Rule,
    Severity,
    Span,
)
from bot.parse.dockerfile import Dockerfile
from bot.parse.dockerignore import Dockerignore
from bot.project import Project
from bot.rules import RULES
from tests.catalogue import snapshot

LOG = BuildLog((LogLine(1, "first"), LogLine(2, "second")))
PROJECT = Project.of(snapshot({"b/Dockerfile": "FROM b\n", "Dockerfile": "FROM a\n"}))


def each_from(file: Dockerfile, project: Project, facts: Facts) -> Iterator[Match]:
    """Report the first instruction of a file."""
    yield Match(file.instructions[0].span, "found")


def raises(file: Dockerfile, project: Project, facts: Facts) -> Iterator[Match]:
    """Report one thing and then fail."""
    yield Match(file.instructions[0].span, "lost")
    raise ValueError(file.source.path)


RULE = Rule("each-from", "", Dockerfile, Severity.HINT, each_from, None)
BAD = Rule("bad", "", Dockerfile, Severity.HINT, raises, None)


def found(path: str, rule: str = "each-from") -> Finding:
    """Return what `RULE` says about the file at *path*."""
    return Finding(rule, Severity.HINT, Match(Span(path, 0, 6), "found"))


def cause(name: str, line: int, confidence: Confidence) -> Cause:
    """Return a cause that always believes in one line."""
    clue = Clue(LOG.lines[line], "", confidence)
    return Cause(name, "", lambda _: [clue], ("rule",), None, transient=True)


def test_a_rule_reads_its_own_kind() -> None:
    """A rule for ignore files never sees a Dockerfile."""

    def never(file: Dockerignore, project: Project, facts: Facts) -> Iterator[Match]:
        raise AssertionError(file)

    other = Rule("other", "", Dockerignore, Severity.HINT, never, None)

    assert analyse(PROJECT, Facts(), [other]) == Analysis(())


def test_findings_are_in_the_order_of_the_files() -> None:
    """Two runs over one tree say the same in the same order."""
    assert analyse(PROJECT, Facts(), [RULE]) == Analysis(
        (found("Dockerfile"), found("b/Dockerfile"))
    )


def test_a_rule_that_raises_loses_its_own_result_only() -> None:
    """The report stands, and says what is missing from it."""
    assert analyse(PROJECT, Facts(), [BAD, RULE]) == Analysis(
        (found("Dockerfile"), found("b/Dockerfile")),
        crashes=(
            Crash("bad", "Dockerfile", "ValueError: Dockerfile"),
            Crash("bad", "b/Dockerfile", "ValueError: b/Dockerfile"),
        ),
    )


def test_what_the_author_allows_is_set_aside() -> None:
    """It is not a finding, and still known."""
    text = "# multiarch: allow each-from for now\nFROM a\n"
    project = Project.of(snapshot({"Dockerfile": text}))

    analysis = analyse(project, Facts(), [RULE])

    assert (analysis.findings, len(analysis.allowed)) == ((), 1)


def test_a_bundle_does_not_change_what_is_allowed() -> None:
    """Who keeps one place as it is must not find it changed with the others."""
    text = (
        "FROM a\nADD x-amd64 /x\n"
        "# multiarch: allow hardcoded-arch-path\nADD y-amd64 /y\n"
    )
    project = Project.of(snapshot({"Dockerfile": text}))

    (told,) = analyse(project, Facts(), RULES).findings

    assert (told.match.subject, told.match.fix) == ("x-amd64", None)


def test_the_surest_diagnosis_comes_first() -> None:
    """Confidence counts before position; position decides between equals."""
    causes = [
        cause("late guess", 1, Confidence.LOW),
        cause("early guess", 0, Confidence.LOW),
        cause("certain", 1, Confidence.HIGH),
    ]

    names = [diagnosis.cause for diagnosis in diagnose(LOG, causes)]

    assert names == ["certain", "early guess", "late guess"]


def test_what_can_be_repaired_comes_before_passing_trouble() -> None:
    """A download that is tried again and succeeds complains in the same step."""
    fault = replace(cause("fault", 1, Confidence.HIGH), transient=False)
    causes = [cause("hiccup", 0, Confidence.HIGH), fault]

    assert [found.cause for found in diagnose(LOG, causes)] == ["fault", "hiccup"]


def test_a_diagnosis_carries_what_its_cause_knows() -> None:
    """The loop asks the diagnosis alone."""
    (diagnosis,) = diagnose(LOG, [cause("one", 0, Confidence.HIGH)])

    clue = Clue(LOG.lines[0], "", Confidence.HIGH)
    assert diagnosis == Diagnosis("one", clue, ("rule",), transient=True)
