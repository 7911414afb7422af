"""What is changed after a setback: from a log to findings to edits."""

from __future__ import annotations

from bot import logs
from bot.analysis import analyse
from bot.facts import Facts
from bot.model import Finding, Safety
from bot.project import Project
from bot.proof import Audit, Built, Change, Smoke, Trial, WrongFile
from bot.repair import FOREIGN_PROGRAM, UNKNOWN, Setback, repaired, setback
from bot.rules import RULES
from tests.catalogue import Files, facts, snapshot

ARM64 = "linux/arm64"
FACTS = facts(
    "alpine:3.4: linux/amd64\nalpine:3.4 -> alpine:3.6\n"
    "debian:8: linux/amd64\ndebian:8 -> debian:9\n"
)
BUILT = Built("app", "arm", ARM64, True, "classic", "sha256:1", 1.0)
TWO_BASES = {"Dockerfile": "FROM alpine:3.4 AS a\nFROM debian:8\nADD x-amd64 /x\n"}
NO_PLATFORM = (
    "Step {1}/3 : FROM {0}\n"
    "no matching manifest for linux/arm64 in the manifest list entries\n"
)
UNEXPLAINED = (
    "No known cause explains this. Read the log of the build; where it names "
    "something made for another machine, that is the place to change."
)
LDCONFIG = (
    "Step 2/2 : RUN {0}\n"
    '/usr/glibc-compat/sbin/ldconfig: line 1: syntax error: unexpected "("\n'
)
RUN = "apk add --allow-untrusted glibc-bin-2.23-r3.apk"


def judged(files: Files, known: Facts = FACTS) -> tuple[Project, tuple[Finding, ...]]:
    """Return a project and what the rules find in it."""
    project = Project.of(snapshot(files))
    return project, analyse(project, known, RULES).findings


def failed(text: str, dockerfile: str = "Dockerfile", *files: str) -> Trial:
    """Return a trial whose build failed with the log *text*."""
    return Trial(None, logs.read(text, ARM64, dockerfile, files), 1.0)


def chosen(trial: Trial, files: Files) -> tuple[str, list[tuple[str, str, int]]]:
    """Return the cause, and rule, path and line of what is to be repaired."""
    project, found = judged(files)
    why = setback(trial, project, found)
    sources = project.snapshot.sources
    return why.cause, [
        (one.rule, span.path, sources[span.path].line(span.start))
        for one in why.findings
        for span in [one.match.span]
    ]


def test_an_unknown_log_blames_nothing() -> None:
    """The last words of the build are quoted, and nothing is changed for them."""
    project, found = judged(TWO_BASES)
    why = setback(failed("Step 1/1 : RUN x\ngcc: killed\n\n"), project, found)

    assert why == Setback(UNKNOWN, "gcc: killed", None, (), why=UNEXPLAINED)


def test_an_unknown_failure_still_has_its_place() -> None:
    """The author opens the file at the instruction that failed."""
    files = {"Dockerfile": "FROM alpine:3.6\nRUN make\nRUN make test\n"}
    project, found = judged(files)
    log = "Step 2/3 : RUN make\nfine\nStep 3/3 : RUN make test\nassert 1 == 2\n"
    why = setback(failed(log), project, found)

    assert (why.cause, why.quote, why.findings) == (UNKNOWN, "assert 1 == 2", ())
    assert why.place is not None
    assert project.snapshot.sources["Dockerfile"].line(why.place.start) == 3


def test_a_build_that_said_nothing_is_unknown_too() -> None:
    """An engine may end without a word."""
    project, found = judged(TWO_BASES)

    assert setback(failed(""), project, found) == Setback(
        UNKNOWN, "", None, (), why=UNEXPLAINED
    )


def test_quotes_what_was_said_before_make_gave_up() -> None:
    """That a command ended with status 2 helps nobody."""
    project, found = judged(TWO_BASES)
    text = "x: oddity\nmake[1]: *** [a] Error 1\nthe command ended with status 2\n"

    assert setback(failed(text), project, found).quote == "x: oddity"


def test_repairs_what_the_log_speaks_of() -> None:
    """Of two base images, only the one that failed."""
    assert chosen(failed(NO_PLATFORM.format("debian:8", 2)), TWO_BASES) == (
        "base-image-without-platform",
        [("base-image-without-arm64", "Dockerfile", 2)],
    )


def test_a_log_may_name_less_than_the_file_does() -> None:
    """A builder strips a leading folder; it is the same file all the same."""
    files = {"Dockerfile": "FROM a\nADD bin/x-amd64 /x\nADD bin/y-amd64 /y\n"}
    text = "Step 2/3 : ADD b /x\nADD failed: stat y-amd64: file does not exist\n"

    assert chosen(failed(text), files) == (
        "foreign-copy-source",
        [("hardcoded-arch-path", "Dockerfile", 3)],
    )


def test_what_the_log_speaks_of_counts_more_than_where_it_failed() -> None:
    """BuildKit and scripts blame one step with the words of another."""
    files = {"Dockerfile": "FROM a\nADD x-amd64 /x\nADD y-amd64 /y\n"}
    text = "Step 2/3 : ADD x-amd64 /x\nADD failed: stat y-amd64: file does not exist\n"

    assert chosen(failed(text), files) == (
        "foreign-copy-source",
        [("hardcoded-arch-path", "Dockerfile", 3)],
    )


def test_points_at_the_instruction_and_quotes_the_log() -> None:
    """The author sees where it happened and in which words."""
    project, found = judged(TWO_BASES)
    why = setback(failed(NO_PLATFORM.format("debian:8", 2)), project, found)

    assert why.place is not None
    assert project.snapshot.sources["Dockerfile"].cut(why.place) == "FROM debian:8"
    assert why.quote == (
        "no matching manifest for linux/arm64 in the manifest list entries"
    )


def test_never_repairs_a_file_that_has_nothing_to_do_with_it() -> None:
    """A rule's findings elsewhere are no answer to this step's error."""
    files = {
        "a/Dockerfile": f"FROM alpine:3.6\nRUN {RUN}\n",
        "b/Dockerfile": "FROM alpine:3.6\nRUN ./install\n",
    }
    trial = failed(LDCONFIG.format("./install"), "b/Dockerfile")

    assert chosen(trial, files) == ("foreign-program-as-script", [])


def test_repairs_another_step_of_the_same_file() -> None:
    """A program may be run by one step and brought by another."""
    files = {"Dockerfile": f"FROM alpine:3.6\nRUN {RUN}\nRUN ./install\n"}
    cause, found = chosen(failed(LDCONFIG.format("./install")), files)

    assert cause == "foreign-program-as-script"
    assert {(rule, line) for rule, _, line in found} == {("x86-only-package", 2)}


def test_a_transient_cause_changes_nothing() -> None:
    """A busy registry says nothing about the files."""
    project, found = judged(TWO_BASES)
    text = "Step 1/3 : FROM alpine:3.4\ntoomanyrequests: Rate exceeded\n"
    why = setback(failed(text), project, found)

    assert (why.cause, why.findings, why.transient) == (
        "rate-limited-registry",
        (),
        True,
    )


def test_a_known_cause_without_a_repair_is_told() -> None:
    """Nothing can be changed, but the author learns what it was."""
    project, _ = judged(TWO_BASES)
    why = setback(failed(NO_PLATFORM.format("debian:8", 2)), project, ())

    assert (why.cause, why.findings) == ("base-image-without-platform", ())
    assert why.place is not None


def test_a_foreign_program_leads_to_its_instruction() -> None:
    """The findings on the instruction that brought it, and no others."""
    files = {
        "Dockerfile": f"FROM alpine:3.4\nRUN {RUN}\nADD x-amd64 /x\n",
    }
    log = logs.read("", ARM64, "Dockerfile")
    wrong = (
        WrongFile("/lib/a", "x86-64", f"RUN {RUN}"),
        WrongFile("/lib/b", "x86-64", f"RUN {RUN}"),
    )
    trial = Trial(BUILT, log, 1.0, Audit(5, wrong))
    project, found = judged(files)
    why = setback(trial, project, found)

    assert (why.cause, why.quote) == (FOREIGN_PROGRAM, "/lib/a and 1 more: x86-64")
    assert {one.rule for one in why.findings} == {"x86-only-package"}
    assert why.place is not None
    assert project.snapshot.sources["Dockerfile"].line(why.place.start) == 2


def test_a_foreign_program_is_repaired_in_the_stage_it_comes_from() -> None:
    """The copy between stages is right; what the first one took is not."""
    files = {
        "Dockerfile": "FROM alpine:3.6 AS a\nADD x-amd64 /x\n"
        "FROM alpine:3.6\nCOPY --from=a /x /x\n",
    }
    log = logs.read("", ARM64, "Dockerfile")
    trial = Trial(BUILT, log, 1.0, Audit(1, (WrongFile("/x", "386", "COPY /x /x"),)))

    assert chosen(trial, files) == (
        FOREIGN_PROGRAM,
        [("hardcoded-arch-path", "Dockerfile", 2)],
    )


def test_a_foreign_program_of_the_base_image_has_no_place() -> None:
    """An instruction that is in no file of ours cannot be repaired by us."""
    project, found = judged(TWO_BASES)
    wrong = (WrongFile("/bin/sh", "x86-64", "ADD file:1 in /"),)
    log = logs.read("", ARM64, "Dockerfile")
    why = setback(Trial(BUILT, log, 1.0, Audit(1, wrong)), project, found)

    assert why == Setback(
        FOREIGN_PROGRAM,
        "/bin/sh: x86-64",
        None,
        (),
        why=(
            "The image builds, but holds a program that is made for another machine "
            "and cannot run on linux/arm64. Leave out what brings that, or bring what "
            "is made for linux/arm64."
        ),
    )


def test_what_is_not_proven_is_said_as_it_is() -> None:
    """Nobody started anything, so nothing failed to start."""
    log = failed("").log
    skipped = Smoke(False, "", None, "Nothing to start.", 0.0)
    project, found = judged(TWO_BASES)
    silent = setback(Trial(BUILT, log, 1.0, Audit(1), skipped), project, found)
    unread = setback(Trial(BUILT, log, 1.0, unaudited="zstd"), project, found)

    assert silent == Setback(
        "nothing-to-start",
        "Nothing to start.",
        None,
        (),
        why=(
            "The image holds programs but names none to start, so nothing shows that "
            "one of them runs. Name one in `.github/multiarch.yml` (`smoke`)."
        ),
    )
    assert unread == Setback(
        "image-not-audited",
        "zstd",
        None,
        (),
        why=(
            "The image builds but could not be read for the audit, so nothing shows "
            "for which machine its programs are made. What is quoted stands in the "
            "way."
        ),
    )


def test_what_the_build_survived_is_not_repaired_for_passing_trouble() -> None:
    """The surest diagnosis counts, though another could be acted upon."""
    log = (
        f"{LDCONFIG.format(RUN)}Step 3/3 : RUN wget x\ntoomanyrequests: Rate exceeded\n"
    )
    files = {"Dockerfile": f"FROM alpine:3.6\nRUN {RUN}\nRUN wget x\n"}

    assert chosen(failed(log), files) == ("rate-limited-registry", [])


def test_a_smoke_run_does_not_fail_for_want_of_a_network() -> None:
    """It has none, so trying again would only fail again."""
    words = "curl: (6) Could not resolve host: example.com"
    log = failed("").log
    crash = Smoke(False, "/app", 139, f"{words}\n", 0.1)
    project, found = judged(TWO_BASES)
    why = setback(Trial(BUILT, log, 1.0, Audit(1), crash), project, found)

    assert (why.cause, why.quote, why.transient) == ("smoke-run-failed", words, False)


def test_the_output_of_a_smoke_run_is_read_like_a_log() -> None:
    """What a program says as it fails to start has causes too."""
    project, found = judged({"Dockerfile": "FROM alpine:3.6\n"})
    log = logs.read("", ARM64, "Dockerfile")
    words = "exec /app: exec format error"
    known = Smoke(False, "/app", 1, f"\n{words}\n", 0.1)
    other = Smoke(False, "/app", 1, "no configuration\n", 0.1)

    assert setback(Trial(BUILT, log, 1.0, Audit(1), known), project, found) == Setback(
        "exec-format-error",
        words,
        None,
        (),
        why=(
            "`/app` is not a linux/arm64 program, so the kernel refuses to run it. "
            "Bring the one that is made for linux/arm64."
        ),
    )
    assert setback(Trial(BUILT, log, 1.0, Audit(1), other), project, found) == Setback(
        "smoke-run-failed",
        "no configuration",
        None,
        (),
        why=(
            "The image builds, but what it starts ends with an error. Start it by "
            "hand to see why, or name in `.github/multiarch.yml` what shows that it "
            "works (`smoke`)."
        ),
    )


def test_a_repair_is_told_rule_by_rule() -> None:
    """Each rule's own change to a file, though they are made together."""
    files = {"Dockerfile": "FROM alpine:3.4\nADD x-amd64 /x\n"}
    project, found = judged(files)
    after, changes = repaired(project.snapshot, found, Safety.UNSAFE)

    base = "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,2 +1,2 @@\n"
    assert changes[0] == Change(
        "base-image-without-arm64",
        "Dockerfile",
        f"{base}-FROM alpine:3.4\n+FROM alpine:3.6\n ADD x-amd64 /x\n",
        "Use `alpine:3.6`, the nearest tag with linux/arm64",
    )
    assert [change.rule for change in changes] == [
        "base-image-without-arm64",
        "hardcoded-arch-path",
    ]
    assert after.sources["Dockerfile"].text.startswith("FROM alpine:3.6\n")
    assert "amd64 /x" not in after.sources["Dockerfile"].text


def test_a_floor_keeps_less_safe_repairs_out() -> None:
    """Only what is right on every reading is changed by itself."""
    files = {"Dockerfile": "FROM alpine:3.6\nADD x-amd64 /x\n"}
    project, found = judged(files)
    safeties = {one.match.fix.safety for one in found if one.match.fix}

    assert safeties == {Safety.UNSAFE}
    assert repaired(project.snapshot, found, Safety.SAFE) == (project.snapshot, ())
