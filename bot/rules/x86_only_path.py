"""A command starts a program at a place where only an x86 package puts it.

## What it does

Finds programs of x86-only packages, by their full path, in a file that does
not install the package.

## Why it breaks

The shell does not find the program and ends with exit code 127.

## Bad

```dockerfile
FROM alpine:3.6
RUN /usr/glibc-compat/sbin/ldconfig /lib
```

## Good

```dockerfile
FROM alpine:3.6
RUN /sbin/ldconfig /lib
```

## Fix safety

Safe: the base system has a program that does the same, at the same place on
every architecture.

## Not reported

While the file installs the package, which is then the thing to mend; images
whose name says that they bring it (`alpine-glibc`); commands inside a `case`
or `if` on the architecture; Dockerfiles and stages named for one.

## Test

tests/rules/test_x86_only_path.py
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bot.facts import Facts
from bot.judgement.commands import runs
from bot.judgement.deliberate import is_guarded, is_judged, is_pinned
from bot.judgement.installed import brought
from bot.model import Edit, Fix, Match, Rule, Safety, Severity
from bot.parse.dockerfile import Dockerfile, Stage
from bot.parse.shell import Token
from bot.project import Project
from bot.x86_packages import PACKAGES

_REPLACED = {path: new for package in PACKAGES for path, new in package.brings.items()}


def check(file: Dockerfile, project: Project, facts: Facts) -> Iterator[Match]:
    """Report every start of a program that nothing brings any more."""
    if not is_judged(file) or not any(path in file.source.text for path in _REPLACED):
        return
    missing = _REPLACED.keys() - brought(file)
    for stage in file.stages if missing else ():
        if is_pinned(stage) or "glibc" in stage.image.text:
            continue
        for word in _programs(file, stage, missing):
            new = _REPLACED[word.value]
            yield Match(
                word.span,
                f"`{word.value}` comes with a package for x86 only, "
                "so the image for arm64 does not have it.",
                Fix(f"Use `{new}`", (Edit(word.span, new),), Safety.SAFE),
                word.value,
            )


def _programs(
    file: Dockerfile, stage: Stage, missing: AbstractSet[str]
) -> Iterator[Token]:
    for run in runs(file, stage.instructions):
        for command in run.commands:
            first = command.words[0] if command.words else None
            if first and first.value in missing and not is_guarded(command):
                yield first


RULE = Rule(
    name="x86-only-path",
    summary="a program is started where only an x86 package puts it",
    reads=Dockerfile,
    severity=Severity.BREAKS,
    check=check,
    doc=__doc__,
)
