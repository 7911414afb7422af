"""The story of the loop as parts of a Markdown text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from bot.proof import Attempt, Audit, Built, Change, Proof, Smoke, Story
from bot.repair import UNKNOWN
from bot.report.markdown import code, details, fence, plain, prose, table

_ERRORS = 30
"""How many builds are listed one by one."""
_DIFFS = 50
_PLACES = 10
_WRONG = 30
"""How many foreign programs are listed one by one."""
_OUTPUT = 2000
_ROOM = 12_000
"""Characters of one table: a text that GitHub takes must hold three of them."""

_IGNORED = (
    "What these lines of the configuration were meant to say is not in this proof."
)

Row = tuple[str, ...]


def errors(story: Story) -> str:
    """Return the table of errors met, why they happened, what was changed."""
    met = [
        (number, item)
        for number, item in enumerate(story.attempts, start=1)
        if not item.passed or item.changes
    ]
    if not met:
        return "No build failed."
    rows = [
        (str(number), code(item.platform), _met(item), _cause(item), _changes(item))
        for number, item in met[:_ERRORS]
    ]
    header = ("Build", "Platform", "Error met", "Cause", "Change")
    shown = _fitting(rows)
    listed = table(header, shown)
    left = len(met) - len(shown)
    return f"{listed}\n\n({left} more builds are not listed.)" if left > 0 else listed


def proof(evidence: Proof, platform: str = "linux/arm64") -> str:
    """Return what was proven, part by part; what is missing is named."""
    rows = [
        *_builds("arm64 build", evidence.arm64),
        *_builds("amd64 build", evidence.amd64),
        *_audit(evidence.audit, platform),
        *_smoke(evidence.smoke),
        *_isolation((*(evidence.arm64 or ()), *(evidence.amd64 or ()))),
    ]
    return "\n".join(f"- {row}" for row in rows)


def missing(story: Story) -> str:
    """Return what keeps the story from being proven, as a list."""
    return _items([plain(item) for item in story.missing])


def mistakes(story: Story) -> str:
    """Return what cannot be meant in the owner's configuration, as a list."""
    return f"{_IGNORED}\n\n{_items([prose(item) for item in story.mistakes])}"


def _items(said: Sequence[str]) -> str:
    rows = [(f"- {item}",) for item in said]
    shown = [row for (row,) in _fitting(rows)]
    left = len(rows) - len(shown)
    return "\n".join([*shown, f"- and {left} more"] if left else shown)


def diffs(story: Story) -> Iterator[str]:
    """Yield every change of the story as a folded diff."""
    changes = [change for item in story.attempts for change in item.changes]
    for change in changes[:_DIFFS]:
        yield details(f"{change.path}: {change.rule}", fence(change.diff, "diff"))
    if len(changes) > _DIFFS:
        yield f"({len(changes) - _DIFFS} more changes are not shown.)"


def foreign(audit: Audit) -> str:
    """Return the programs of a wrong architecture, and who brought them."""
    rows = _fitting(
        [
            (code(one.file), code(one.machine), code(one.instruction))
            for one in audit.wrong[:_WRONG]
        ]
    )
    listed = table(("Program", "Made for", "Brought by"), rows)
    left = len(audit.wrong) - len(rows)
    return f"{listed}\n\n({left} more programs are not listed.)" if left else listed


def outputs(proofs: Iterable[Smoke]) -> Iterator[str]:
    """Yield what images printed when they were started."""
    for smoke in proofs:
        if smoke.output.strip():
            shown = fence(smoke.output, "text", _OUTPUT)
            yield details("What the smoke run printed", shown)


def changed(changes: tuple[Change, ...]) -> str:
    """Return what *changes* do, in which files, and the rules that made them."""
    files: dict[tuple[str, str], dict[str, None]] = {}
    for one in changes:
        files.setdefault((one.title, one.rule), {})[one.path] = None
    told = [_change(*what, tuple(paths)) for what, paths in files.items()]
    return _listed(told, "<br>")


def _change(title: str, rule: str, paths: tuple[str, ...]) -> str:
    what = f"{prose(title)}: " if title else ""
    return f"{what}{_listed([code(path) for path in paths], ', ')} ({code(rule)})"


def _listed(items: list[str], between: str) -> str:
    left = len(items) - _PLACES
    shown = [*items[:_PLACES], f"{left} more"] if left > 0 else items
    return between.join(shown)


def _fitting(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the first rows that leave room for the other parts of a text."""
    lengths = accumulate(sum(map(len, row)) + 3 * len(row) for row in rows)
    return rows[: sum(length <= _ROOM for length in lengths)]


def _met(item: Attempt) -> str:
    if item.passed:
        return "none: the build passed"
    where = f" at {code(item.path)} line {item.line}" if item.path else ""
    return f"{code(item.quote) if item.quote else 'the build failed'}{where}"


def _cause(item: Attempt) -> str:
    if item.passed:
        return "found by reading the files"
    if item.cause in {None, UNKNOWN}:
        return prose(item.why) if item.why else "not known to Multiarch"
    return f"{code(item.cause)}: {prose(item.why)}" if item.why else code(item.cause)


def _changes(item: Attempt) -> str:
    return changed(item.changes) if item.changes else "none"


def _builds(name: str, found: tuple[Built, ...] | None) -> Iterator[str]:
    if not found:
        yield f"**{name}**: missing."
        return
    for one in found:
        how = "native" if one.native else "emulated"
        yield (
            f"**{name}**: {code(one.recipe)} built in {one.seconds:.1f} s "
            f"on {code(one.runner)} ({how}, {plain(one.builder)})."
        )


def _isolation(built: tuple[Built, ...]) -> Iterator[str]:
    """Say what the builds were kept away from, once for each runner."""
    known = {one.runner: one.isolation for one in built if one.isolation is not None}
    for runner, isolation in known.items():
        yield (
            f"**Isolation**: {code(runner)} built in a Docker engine that serves "
            f"this repository alone; {plain(isolation.public)}."
        )


def _audit(audit: Audit | None, platform: str) -> Iterator[str]:
    if audit is None:
        yield "**Audit**: missing."
    elif audit.wrong:
        are = "is" if len(audit.wrong) == 1 else "are"
        yield (
            f"**Audit**: {len(audit.wrong)} of {_programs(audit)} "
            f"in the image {are} not for {code(platform)}."
        )
    elif not audit.files:
        yield "**Audit**: there is no program in the image."
    elif audit.files == 1:
        yield f"**Audit**: the one program in the image is for {code(platform)}."
    else:
        whole = f"all {_programs(audit)} in the image are for {code(platform)}"
        yield f"**Audit**: {whole}."


def _programs(audit: Audit) -> str:
    return "1 program" if audit.files == 1 else f"{audit.files} programs"


def _smoke(found: tuple[Smoke, ...] | None) -> Iterator[str]:
    if not found:
        yield "**Smoke run**: missing."
        return
    for one in found:
        if one.skipped:
            yield "**Smoke run**: the image names nothing to start."
            continue
        what = code(one.command) if one.command else "the image's own command"
        verdict = "starts" if one.passed else "does not start"
        yield f"**Smoke run**: {what} {verdict} ({_end(one)})."


def _end(smoke: Smoke) -> str:
    if smoke.exit_code is None:
        return f"still running after {smoke.seconds:.0f} s"
    return f"exit status {smoke.exit_code} after {smoke.seconds:.1f} s"
