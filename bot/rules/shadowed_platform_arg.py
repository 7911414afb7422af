"""A default of ``ARG TARGETARCH`` hides the value that BuildKit would set.

## What it does

Finds `ARG` lines that give a default to one of the arguments that BuildKit
sets by itself: TARGETPLATFORM, TARGETOS, TARGETARCH, TARGETVARIANT and the
four of the build machine.

## Why it breaks

The default wins over BuildKit's own value. An arm64 build then fetches or
compiles for amd64, passes, and ships an image that cannot run. A default of
BUILDPLATFORM lets an arm64 machine work with amd64 tools.

## Bad

```dockerfile
FROM golang:1.25
ARG TARGETARCH=amd64
RUN GOARCH=$TARGETARCH go build ./...
```

## Good

```dockerfile
FROM golang:1.25
ARG TARGETARCH
RUN GOARCH=$TARGETARCH go build ./...
```

## Fix safety

Safe, unless a caller passes the argument or uses the classic builder, which
sets none of them and needs the default: then unsafe, and the fix says so.

## Not reported

A default that refers to the argument itself (`${TARGETARCH:-amd64}`), one that
BuildKit would set as well (`TARGETOS=linux`), Dockerfiles for Windows and those
named for one architecture.

## Test

tests/rules/test_shadowed_platform_arg.py
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.facts import Facts
from bot.judgement.deliberate import is_judged
from bot.model import Edit, Fix, Match, Rule, Safety, Severity, Span
from bot.parse.dockerfile import Dockerfile, Word
from bot.parse.expansion import names
from bot.parse.scope import automatic
from bot.project import Builder, Project

_SET = tuple(automatic(each, each) for each in ("linux/amd64", "linux/arm64"))
_AUTOMATIC = frozenset(_SET[0])


def check(file: Dockerfile, project: Project, facts: Facts) -> Iterator[Match]:
    """Report every automatic argument that has a default of its own."""
    if not is_judged(file):
        return
    for instruction in file.instructions:
        if instruction.name != "ARG":
            continue
        for key, default in instruction.assignments:
            if default is None or key.text not in _AUTOMATIC:
                continue
            if not _follows(key, default) and _differs(key, default):
                yield _match(file, project, key, default)


def _follows(key: Word, default: Word) -> bool:
    """Tell whether the default is made from automatic values itself."""
    return bool({*names(default.text), key.text} & _AUTOMATIC - {key.text}) or (
        key.text in names(default.text)
    )


def _differs(key: Word, default: Word) -> bool:
    """Tell whether some platform would get another value from BuildKit."""
    written = default.text.strip("\"'")
    return any(values[key.text] != written for values in _SET)


def _match(file: Dockerfile, project: Project, key: Word, default: Word) -> Match:
    span = Span(key.span.path, key.span.start, default.span.end)
    return Match(
        span,
        f"The default `{default.text}` hides the {key.text} that BuildKit sets, "
        f"so {_harm(key)}.",
        _fix(file, project, key, default),
        key.text,
    )


def _harm(key: Word) -> str:
    if key.text.startswith("BUILD"):
        return "a build on another machine runs programs that are not made for it"
    return "every platform gets the same value"


def _fix(file: Dockerfile, project: Project, key: Word, default: Word) -> Fix:
    edit = Edit(Span(key.span.path, key.span.end, default.span.end), "")
    calls = project.every_caller(file.source.path)
    if any(given.name == key.text for call in calls for given in call.arguments):
        why = "; a caller passes a value of its own, which stays in force"
    elif any(call.builder is Builder.CLASSIC for call in calls):
        why = "; the classic builder, which a caller uses, then sets nothing"
    else:
        return Fix(f"Let BuildKit set `{key.text}`", (edit,), Safety.SAFE)
    return Fix(f"Let BuildKit set `{key.text}`{why}", (edit,), Safety.UNSAFE)


RULE = Rule(
    name="shadowed-platform-arg",
    summary="a default hides the platform argument that BuildKit sets",
    reads=Dockerfile,
    severity=Severity.BREAKS,
    check=check,
    doc=__doc__,
)
