"""An ignore file lets the files of other architectures in, but not those of arm64.

## What it does

Finds lines that let an amd64 path in again, where the file keeps the arm64
counterpart out. Also asks what the Dockerfiles copy for either architecture,
and finds the line that keeps only the arm64 file out.

## Why it breaks

The arm64 file is made and lies in the workspace, and yet the builder says
that it does not exist: it never reaches the build context.

## Bad

```dockerignore .dockerignore
*
!scripts/install.sh
!dist/amd64/tool
!dist/amd64/other
```

## Good

```dockerignore .dockerignore
*
!scripts/install.sh
!dist/amd64/tool
!dist/amd64/other
!dist/arm64/tool
!dist/arm64/other
```

## Fix safety

Safe where lines are added: files are let into the context that an arm64 build
needs and that no other build looks at. Unsafe where a line has to go, since
it was written on purpose once.

## Not reported

Lines with several architectures, files with hundreds of such lines, vendored
directories, and the ignore file of a Dockerfile named for one architecture.

## Test

tests/rules/test_ignored_arch_path.py
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.architecture import Architecture, mentions, respell
from bot.facts import Facts
from bot.judgement.copied import copied_past
from bot.judgement.deliberate import is_for_one_architecture, is_vendored
from bot.model import Edit, Fix, Match, Rule, Safety, Severity, Span
from bot.parse.dockerignore import Dockerignore, Pattern
from bot.project import Project

_MOST = 300


@dataclass(frozen=True, slots=True)
class _Missing:
    """A line that lets an amd64 path in, and the path it leaves out."""

    pattern: Pattern
    line: str

    @property
    def path(self) -> str:
        """Return the arm64 path as the build asks for it."""
        return self.line.removeprefix("!").lstrip("/")


def check(file: Dockerignore, project: Project, facts: Facts) -> Iterator[Match]:
    """Report every line that lets a file in for amd64 alone."""
    path = file.source.path
    if is_for_one_architecture(path) or is_vendored(path):
        return
    missing = _missing(file)
    if missing:
        yield from _let_in(file, missing)
    yield from _kept_out(file, project, {each.path for each in missing})


def _let_in(file: Dockerignore, missing: Sequence[_Missing]) -> Iterator[Match]:
    fix = Fix(
        "Let the arm64 files into the build context too",
        tuple(_insertions(file, missing)),
        Safety.SAFE,
    )
    for each in missing:
        yield Match(
            each.pattern.span,
            f"`{each.path}` is kept out of the build context: "
            "the line lets only the amd64 file in.",
            fix,
            each.path,
        )


def _kept_out(file: Dockerignore, project: Project, known: set[str]) -> Iterator[Match]:
    """Report the lines that keep an arm64 source out whose amd64 twin gets in."""
    for path, twin in dict.fromkeys(
        (each.arm64, each.amd64) for each in copied_past(file, project)
    ):
        pattern = file.decided_by(path)
        if path in known or not file.ignores(path) or file.ignores(twin):
            continue
        if pattern and _names(pattern, Architecture.ARM64):
            yield Match(
                pattern.span,
                f"`{path}` is kept out of the build context, "
                f"while `{twin}` gets in and is copied on amd64.",
                Fix(
                    "Let the arm64 files into the build context",
                    (Edit(_line(file, pattern), ""),),
                    Safety.UNSAFE,
                ),
                path,
            )


def _names(pattern: Pattern, architecture: Architecture) -> bool:
    return {each.architecture for each in mentions(pattern.raw)} == {architecture}


def _line(file: Dockerignore, pattern: Pattern) -> Span:
    """Return the whole line of *pattern* with the newline that ends it."""
    start = file.source.start_of(file.source.line(pattern.span.start))
    end = file.source.text.find("\n", pattern.span.end)
    return file.source.span(start, len(file.source.text) if end < 0 else end + 1)


def _missing(file: Dockerignore) -> list[_Missing]:
    """Return the lines that let amd64 in and leave arm64 out.

    A file with more such lines than people write is a program's work.
    """
    let_in = {pattern.pattern for pattern in file.patterns if pattern.negated}
    pairs = [
        (pattern, counterpart)
        for pattern in file.patterns
        if pattern.negated and (counterpart := _counterpart(pattern.pattern))
    ]
    if len(pairs) > _MOST:
        return []
    return [
        _Missing(pattern, line.strip())
        for pattern, counterpart in pairs
        if counterpart not in let_in and file.ignores(counterpart)
        if (line := _counterpart(pattern.raw))
    ]


def _counterpart(text: str) -> str | None:
    """Return *text* for arm64, if amd64 is the one architecture it names."""
    found = mentions(text)
    if {mention.architecture for mention in found} != {Architecture.AMD64}:
        return None
    for mention in reversed(found):
        word = respell(mention, Architecture.ARM64)
        if word is None:
            return None
        text = text[: mention.start] + word + text[mention.end :]
    return text


def _insertions(file: Dockerignore, missing: Sequence[_Missing]) -> Iterator[Edit]:
    """Yield the new lines, behind each block of lines that lets amd64 in."""
    newline = "\r\n" if "\r\n" in file.source.text else "\n"
    block: list[_Missing] = []
    for each in missing:
        if block and not _adjoin(file, block[-1].pattern, each.pattern):
            yield _insertion(block, newline)
            block = []
        block.append(each)
    yield _insertion(block, newline)


def _adjoin(file: Dockerignore, one: Pattern, two: Pattern) -> bool:
    line = file.source.line
    return line(two.span.start) == line(one.span.start) + 1


def _insertion(block: Sequence[_Missing], newline: str) -> Edit:
    last = block[-1].pattern.span
    text = "".join(f"{newline}{each.line}" for each in block)
    return Edit(Span(last.path, last.end, last.end), text)


RULE = Rule(
    name="ignored-arch-path",
    summary="an ignore file lets files in for amd64 alone",
    reads=Dockerignore,
    severity=Severity.BREAKS,
    check=check,
    doc=__doc__,
)
