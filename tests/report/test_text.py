"""What people read at a terminal, whole."""

from __future__ import annotations

import pytest

from bot.analysis import Analysis, Crash
from bot.facts import Facts, Published
from bot.model import Edit, Finding, Fix, Match, Safety, Severity, Source
from bot.project import Project
from bot.proof import Change
from bot.report import text
from bot.report.excerpt import excerpt
from bot.snapshot import Skipped, Snapshot
from bot.view import Assessment, View

SOURCE = Source("app/Dockerfile", "FROM alpine:3.4\n\tRUN true\n")
SNAPSHOT = Snapshot(frozenset({SOURCE.path}), {SOURCE.path: SOURCE})
SPAN = SOURCE.span(5, 15)
FIX = Fix("Use alpine:3.6", (Edit(SPAN, "alpine:3.6"),), Safety.SAFE)


def finding(fix: Fix | None = FIX, message: str = "It has no arm64.") -> Finding:
    """Return a finding on the base image."""
    return Finding(
        "base-image-without-arm64", Severity.BREAKS, Match(SPAN, message, fix)
    )


def test_a_finding_shows_place_reason_fix_and_silencer() -> None:
    """Everything that is needed to act stands in one block."""
    shown = text.findings(SNAPSHOT, [finding()])

    assert shown == (
        "app/Dockerfile:1:6: breaks: base-image-without-arm64\n"
        "  |\n"
        "1 | FROM alpine:3.4\n"
        "  |      ^^^^^^^^^^\n"
        "  It has no arm64.\n"
        "  fix: Use alpine:3.6 (`multiarch fix` makes this change)\n"
        "  silence: # multiarch: allow base-image-without-arm64"
    )


def test_a_finding_without_a_fix_promises_none() -> None:
    """Nobody is sent to a command that does nothing."""
    assert "fix:" not in text.findings(SNAPSHOT, [finding(None)])


def test_carets_stand_under_the_text_behind_a_tab() -> None:
    """Makefiles are full of tabs; the rule must not slip."""
    span = SOURCE.span(17, 20)

    assert excerpt(SOURCE, span) == ("  |\n2 |     RUN true\n  |     ^^^")


def test_carets_stand_under_what_follows_the_invisible() -> None:
    """A mark of the byte order, a joiner and a variation take no column."""
    source = Source("Dockerfile", "\ufeff# a\u200d\ufe0fe\u0301 amd64\n")
    place = source.text.index("amd64")

    rule = excerpt(source, source.span(place, place + 5)).splitlines()[2]

    assert rule == "  |      ^^^^^"


def test_carets_stand_under_wide_characters() -> None:
    """An East Asian character takes two columns."""
    source = Source("Dockerfile", "# 日本 amd64\n")

    assert excerpt(source, source.span(5, 10)) == (
        "  |\n1 | # 日本 amd64\n  |        ^^^^^"
    )


def test_a_long_line_is_cut_around_the_place() -> None:
    """A line of a mebibyte must not fill the terminal."""
    source = Source("Dockerfile", "x" * 5000 + "amd64" + "y" * 5000)

    shown = excerpt(source, source.span(5000, 5005))

    assert max(len(line) for line in shown.splitlines()) < 200
    assert "amd64" in shown


@pytest.mark.parametrize("end", [15, 16, 26])
def test_a_span_over_lines_underlines_the_first(end: int) -> None:
    """The excerpt is one line, however far the span reaches."""
    assert excerpt(SOURCE, SOURCE.span(5, end)).endswith("^" * 10)


def test_text_from_outside_cannot_steer_the_terminal() -> None:
    """An escape sequence in a Dockerfile is shown, not obeyed."""
    source = Source("Dockerfile", "FROM a\x1b[2Jb\u202ec\n")

    assert "\x1b" not in excerpt(source, source.span(0, 4))
    assert "\u202e" not in excerpt(source, source.span(0, 4))
    assert "\x1b" not in text.findings(
        Snapshot(frozenset(), {SOURCE.path: SOURCE}), [finding(None, "\x1b[2J")]
    )


def test_says_what_was_not_read_and_what_nobody_knows() -> None:
    """Silence about a file or an image would look like health."""
    facts = Facts(
        {
            "a:1": Published(frozenset({"linux/amd64"})),
            "b:1": Published(None, "registry.example.org does not answer"),
        }
    )

    assert text.skipped([Skipped("Dockerfile", "is a binary file")]) == (
        "skipped: Dockerfile is a binary file."
    )
    assert text.unknown(facts) == (
        "unknown: b:1: registry.example.org does not answer."
    )


LINK = Skipped("D", "is a symbolic link to Dockerfile, which is read itself")
LATIN = Skipped("Dockerfile", "is not UTF-8 (byte 3)")
UNKNOWN = Facts({"a:1": Published(None, "nobody answers"), "b:1": Published(None, "")})


@pytest.mark.parametrize(
    ("found", "read", "skipped", "facts", "line"),
    [
        ((), 1, (), Facts(), "Nothing found in 1 build file."),
        (
            (finding(None),),
            2,
            (),
            Facts(),
            "1 finding in 2 build files; 0 can be fixed safely.",
        ),
        (
            (finding(), finding(None)),
            2,
            (),
            Facts(),
            "2 findings in 2 build files; 1 can be fixed safely.",
        ),
        ((), 1, (LINK,), Facts(), "Nothing found in 1 build file."),
        (
            (),
            0,
            (LATIN,),
            Facts(),
            "No build file could be judged; not judged: 1 file.",
        ),
        (
            (),
            1,
            (LATIN, LATIN),
            UNKNOWN,
            "Nothing found in 1 build file; not judged: 1 file, 2 images.",
        ),
    ],
)
def test_the_last_line_counts(
    found: tuple[Finding, ...],
    read: int,
    skipped: tuple[Skipped, ...],
    facts: Facts,
    line: str,
) -> None:
    """The sum is what is read first, and it does not call clean what nobody saw."""
    sources = {f"{number}": Source(f"{number}", "") for number in range(read)}
    tree = Snapshot(frozenset(sources), sources)
    seen = View(tree, facts, Assessment(Analysis(found), unread=skipped))

    assert text.summary(seen) == line


def test_a_rule_that_failed_is_told() -> None:
    """A file that a rule could not check is not a healthy one."""
    crash = Crash("x86-only-path", SOURCE.path, "ValueError: \x1b[2J")
    seen = View(SNAPSHOT, Facts(), Assessment(Analysis((), crashes=(crash,))))
    row = "skipped: app/Dockerfile was not checked by x86-only-path, which failed."

    assert (
        text.scan(seen)
        == f"{row}\n\nNothing found in 1 build file; not judged: 1 file."
    )
    assert text.fixed(seen, ()) == f"Nothing to change.\n\n{row}\n\nNot judged: 1 file."


def test_a_mistake_in_the_configuration_stands_at_its_place() -> None:
    """It is shown as a finding is, and counted in the last line."""
    config = Source(".github/multiarch.yml", "builds:\n  - dockerfail: Dockerfile\n")
    tree = Snapshot(frozenset({config.path}), {config.path: config})
    seen = View(tree, Facts(), Assessment.of(Project.of(tree), Analysis(())))

    assert text.scan(seen) == (
        ".github/multiarch.yml:2:5: configuration\n"
        "  |\n2 |   - dockerfail: Dockerfile\n  |     ^^^^^^^^^^\n"
        "  `dockerfail` is not a key of a build. It is ignored. "
        "Did you mean `dockerfile`?\n\n"
        "Nothing found in 1 build file; the configuration has 1 mistake."
    )


def test_a_fix_tells_its_changes_and_what_is_left() -> None:
    """First what was done, then what remains to be read."""
    seen = View(SNAPSHOT, Facts(), Assessment(Analysis((finding(None),))))
    change = Change("x86-only-path", "app/\x1bDockerfile", "")

    assert text.fixed(seen, [change]) == (
        "changed: app/\N{REPLACEMENT CHARACTER}Dockerfile (x86-only-path)\n\n"
        f"{text.findings(SNAPSHOT, [finding(None)])}"
    )
