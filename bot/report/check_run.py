"""The check run of a head: what was found, what was built, what to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.analysis import Analysis
from bot.config import Mistake
from bot.facts import Facts
from bot.model import Severity
from bot.proof import Story
from bot.publishing import CheckReport, Conclusion
from bot.report import annotation, evidence
from bot.report.markdown import bounded, code, plain, prose
from bot.snapshot import Snapshot

_SKIPPED = 50
_UNKNOWN = 50


@dataclass(frozen=True, slots=True)
class Inspected:
    """A tree at one commit with everything that is known about it."""

    snapshot: Snapshot
    facts: Facts
    analysis: Analysis
    mistakes: tuple[Mistake, ...] = ()

    @property
    def worst(self) -> Severity | None:
        """Return the gravest severity among the findings."""
        found = {one.severity for one in self.analysis.findings}
        return next((one for one in Severity if one in found), None)

    @property
    def whole(self) -> bool:
        """Tell whether every file and every image could be judged."""
        unread = [one for one in self.snapshot.skipped if not one.is_judged]
        images = self.facts.images.values()
        unknown = any(one.platforms is None for one in images)
        return not (unread or unknown or self.analysis.crashes)


def render(seen: Inspected, story: Story | None = None) -> CheckReport:
    """Return the finished check run; *story* is there once builds were made."""
    notes = annotation.of(seen.snapshot, seen.analysis.findings, seen.mistakes)
    return CheckReport(
        title=_title(seen, story),
        summary=bounded(_summary(seen, story)),
        conclusion=_conclusion(seen, story),
        text=bounded(_text(seen, story)),
        annotations=notes,
    )


def building(seen: Inspected) -> CheckReport:
    """Return the check run while the project is being built."""
    words = "The files are read; the project is being built for arm64 now."
    return _unfinished(seen, "Building for arm64", words)


def waiting(seen: Inspected, runner: str) -> CheckReport:
    """Return the check run while *runner* does not answer."""
    words = (
        f"The runner {code(runner)} does not answer, so nothing could be built. "
        "The build is tried again by itself; nothing has to be done in this "
        "repository."
    )
    return _unfinished(seen, "Waiting for a runner", words)


def given_up(seen: Inspected, runner: str) -> CheckReport:
    """Return the check run after *runner* has not answered for too long."""
    words = (
        f"The runner {code(runner)} did not answer, so nothing could be built and "
        "nothing is proven. Whoever runs it should look at it; then ask for this "
        "check again."
    )
    report = render(seen)
    return CheckReport(
        title="No runner answered",
        summary=bounded([words, report.summary]),
        conclusion=_milder(report.conclusion),
        text=report.text,
        annotations=report.annotations,
    )


def offered(report: CheckReport, number: int) -> CheckReport:
    """Return *report* with the pull request that carries the fix."""
    words = f"The fix is in pull request #{number}; merge it to have it."
    return replace(report, summary=bounded([words, report.summary]))


def hindered(report: CheckReport, why: str) -> CheckReport:
    """Return *report* with the reason why the fix could not be offered."""
    title = "A fix is proven but not offered"
    summary = bounded([prose(why), report.summary])
    return replace(report, title=title, summary=summary)


def superseded() -> CheckReport:
    """Return the check run of a head that is no longer the newest."""
    return CheckReport(
        title="Superseded by a newer push",
        summary="A newer commit was pushed, so this one was not looked at further.",
        conclusion=Conclusion.CANCELLED,
    )


def crashed(delivery: str) -> CheckReport:
    """Return the check run after an error that is ours."""
    return CheckReport(
        title="Multiarch could not finish",
        summary=(
            "An error in Multiarch itself ended this check; the repository is not "
            "to blame. Ask for the check again, and if that does not help, tell "
            f"whoever runs Multiarch the job {code(delivery)}."
        ),
        conclusion=Conclusion.NEUTRAL,
    )


def _unfinished(seen: Inspected, title: str, words: str) -> CheckReport:
    report = render(seen)
    return CheckReport(
        title=title,
        summary=bounded([words, report.summary]),
        text=report.text,
        annotations=report.annotations,
    )


def _milder(conclusion: Conclusion | None) -> Conclusion:
    found = Conclusion.FAILURE
    return found if conclusion is found else Conclusion.NEUTRAL


def _conclusion(seen: Inspected, story: Story | None) -> Conclusion:
    failed = story is not None and any(not one.passed for one in story.attempts)
    if seen.worst is Severity.BREAKS or failed:
        return Conclusion.FAILURE
    if seen.worst or seen.mistakes or (story is not None and not story.proven):
        return Conclusion.NEUTRAL
    return Conclusion.SUCCESS


def _title(seen: Inspected, story: Story | None) -> str:
    count = len(seen.analysis.findings)
    found = f"{count} finding" if count == 1 else f"{count} findings"
    if story is None and not count and not seen.whole:
        return "Nothing found in what could be judged"
    if story is None:
        return found if count else "Nothing keeps this from arm64"
    changed = any(one.changes for one in story.attempts)
    if story.proven:
        return "A proven fix is ready" if changed else "Proven on arm64"
    return f"Not proven on arm64, {found}" if count else "Not proven on arm64"


def _summary(seen: Inspected, story: Story | None) -> list[str]:
    blocks = [_verdict(seen, story)]
    if story is not None:
        if any(not one.passed for one in story.attempts):
            blocks += ["### Errors met", evidence.errors(story)]
        blocks += ["### Proof", evidence.proof(story.proof)]
        if story.proof.audit and story.proof.audit.wrong:
            blocks.append(evidence.foreign(story.proof.audit))
        if story.missing:
            blocks += ["### What is missing", evidence.missing(story)]
    return blocks


def _verdict(seen: Inspected, story: Story | None) -> str:
    left = annotation.left_out(seen.analysis.findings, seen.mistakes)
    rows = [_words(seen, story)]
    if seen.mistakes:
        rows.append("The configuration has mistakes; defaults stand in for them.")
    if not seen.whole:
        rows.append("What could not be judged is listed with its reason.")
    if left == 1:
        rows.append("1 more remark is not shown as an annotation.")
    elif left:
        rows.append(f"{left} more remarks are not shown as annotations.")
    return " ".join(rows)


def _words(seen: Inspected, story: Story | None) -> str:
    if story is not None and story.proven:
        if any(one.changes for one in story.attempts):
            return "With the changes named below, the project builds and runs on arm64."
        return "The project builds and runs on arm64 as it is."
    if seen.analysis.findings:
        return (
            "The annotations name what ties this project to one architecture, "
            "and how to change it."
        )
    if story is not None:
        return "The project is not proven to build and run on arm64."
    if not seen.whole:
        return "No build file that could be judged ties this to one architecture."
    return "No build file ties this project to one architecture."


def _text(seen: Inspected, story: Story | None) -> list[str]:
    blocks: list[str] = []
    unknown = [
        f"- {code(image)}: {plain(known.reason)}"
        for image, known in sorted(seen.facts.images.items())
        if known.platforms is None
    ]
    skipped = [
        f"- {code(one.path)} {plain(one.reason)}" for one in seen.snapshot.skipped
    ]
    crashes = [
        f"- {code(one.rule)} on {code(one.path)}" for one in seen.analysis.crashes
    ]
    blocks += _section("Images that nobody could tell about", unknown, _UNKNOWN)
    blocks += _section("Files that were not read, or not in full", skipped, _SKIPPED)
    blocks += _section("Rules that failed and are left out", crashes, _SKIPPED)
    if story is not None:
        blocks += [*evidence.diffs(story), *evidence.outputs(story.proof.smoke or ())]
    return blocks


def _section(title: str, rows: list[str], most: int) -> list[str]:
    if not rows:
        return []
    left = len(rows) - most
    shown = rows[:most] + ([f"- and {left} more"] if left > 0 else [])
    return [f"### {title}", "\n".join(shown)]
