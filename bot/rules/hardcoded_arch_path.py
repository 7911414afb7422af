"""A path that ADD, COPY or RUN uses names one architecture.

## What it does

Finds amd64 in the sources and destinations of `ADD` and `COPY`, in the paths of
`RUN` that such a copy has made, and in the `RUN` of another stage that makes
what is copied from it.

## Why it breaks

The step before the build makes `bin/tool-arm64` on arm64, and the builder
does not find `bin/tool-amd64`. Or it does find an old one: then the image is
built with a program that cannot run.

## Bad

```dockerfile
FROM alpine:3.6
ADD bin/tool-amd64 /code
RUN ln -s /code/tool-amd64 /usr/bin/tool
```

```make Makefile
ARCH ?= amd64
image:
        docker build -t tool .
```

## Good

```dockerfile
FROM alpine:3.6
ARG ARCHITECTURE=amd64
ADD bin/tool-$ARCHITECTURE /code
RUN ln -s /code/tool-$ARCHITECTURE /usr/bin/tool
```

```make Makefile
ARCH ?= amd64
image:
        docker build --build-arg ARCHITECTURE=$(ARCH) -t tool .
```

## Fix safety

One fix over all files: the argument in every stage that needs it, every use,
and every caller. Safe where each caller has a variable for the architecture,
or where all use BuildKit, which sets TARGETARCH. Unsafe where nothing says
who builds the file, where another stage makes the file in a way that cannot be
followed, or where a Makefile has a rule for the file on amd64 alone. There is
no fix for a spelling that the argument does not have (x86_64), or where a
start command uses the path.

## Not reported

Words inside a `case` or `if` on the architecture, paths of another image,
names with several architectures, a path whose arm64 sister is copied too,
vendored directories, and Dockerfiles or stages named for one architecture.

## Test

tests/rules/test_hardcoded_arch_path.py
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.facts import Facts
from bot.judgement.arch_path import ArchPath, sister
from bot.judgement.arch_paths import arch_paths
from bot.judgement.argument import Argument, argument_for
from bot.judgement.deliberate import is_judged
from bot.model import Edit, Fix, Match, Rule, Safety, Severity
from bot.parse.dockerfile import Dockerfile
from bot.parse.make_functions import matches
from bot.project import Project

_MOST = 200
"""Places of one file; one fix mends them all, so none may be left out."""


def check(file: Dockerfile, project: Project, facts: Facts) -> Iterator[Match]:
    """Report every path that is there for amd64 only."""
    if not is_judged(file):
        return
    places = arch_paths(file)
    if not 0 < len(places) <= _MOST:
        return
    fix = _fix(file, project, places)
    for place in places:
        yield Match(
            place.word.span,
            _message(place),
            fix if place.is_served else None,
            place.word.text,
        )


def _message(place: ArchPath) -> str:
    said = (
        f"`{place.word.text}` names {place.mention.architecture.value}, "
        "so a build for another architecture misses it or takes the wrong file."
    )
    if place.is_served:
        return said
    return f"{said} No build argument fits there: give the file one name for all."


def _fix(file: Dockerfile, project: Project, places: Sequence[ArchPath]) -> Fix | None:
    served = [place for place in places if place.is_served]
    if not served or any(place.blocks for place in places):
        return None
    argument = argument_for(file, project)
    edits = (
        *_declarations(file, served, argument),
        *(place.edit(file, argument.name) for place in served),
        *argument.passing(),
    )
    sure = all(place.is_sure for place in served) and _are_made(served, project)
    safety = argument.safety if sure else min(argument.safety, Safety.UNSAFE)
    return Fix(argument.title, tuple(dict.fromkeys(edits)), safety)


def _are_made(places: Iterable[ArchPath], project: Project) -> bool:
    """Tell whether no Makefile has a rule for one of *places* on amd64 alone."""
    return all(
        _is_made(posixpath.normpath(sister(place)), project)
        for place in places
        if posixpath.normpath(place.word.text) in project.targets
    )


def _is_made(path: str, project: Project) -> bool:
    patterns = (target for target in project.targets if "%" in target)
    return path in project.targets or any(matches(each, path) for each in patterns)


def _declarations(
    file: Dockerfile, places: Iterable[ArchPath], argument: Argument
) -> Iterator[Edit]:
    for _, group in groupby(places, key=lambda place: place.stage.index):
        first = min(group, key=lambda place: place.start)
        yield from argument.declaring(file, first.stage, first.start)


RULE = Rule(
    name="hardcoded-arch-path",
    summary="a path that the image is built from names one architecture",
    reads=Dockerfile,
    severity=Severity.BREAKS,
    check=check,
    doc=__doc__,
)
