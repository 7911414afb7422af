r"""A package is installed that was only ever made for x86.

## What it does

Finds the installation of packages that no other architecture has, among them
the glibc packages for Alpine that are downloaded file by file.

## Why it breaks

The installer does not find the package on arm64, or installs x86 programs
that nothing can run: the trigger of the package fails, or a program does so
later, in a container that was thought finished.

## Bad

```dockerfile
FROM alpine:3.6
RUN wget https://example.com/2.23-r3/glibc-bin-2.23-r3.apk && \
    apk add glibc-bin-2.23-r3.apk libgcc && \
    rm -f glibc-bin-2.23-r3.apk
```

## Good

```dockerfile
FROM alpine:3.6
RUN apk add libgcc
```

## Fix safety

The fix takes the package's download, its name in the installation and its
name in the clean-up away, and commands that then have nothing to do. Safe
for a package of which the file uses only what every architecture has
elsewhere; else unsafe, since something may depend on it.

## Not reported

Installations inside a `case` or `if` on the architecture, stages pinned to
one, and Dockerfiles named for one.

## Test

tests/rules/test_x86_only_package.py
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.facts import Facts
from bot.judgement.deliberate import is_judged, is_pinned
from bot.judgement.installed import Installed, installed
from bot.model import Fix, Match, Rule, Safety, Severity
from bot.parse.dockerfile import Dockerfile
from bot.project import Project


def check(file: Dockerfile, project: Project, facts: Facts) -> Iterator[Match]:
    """Report every x86-only package that a stage installs."""
    if not is_judged(file):
        return
    for stage in file.stages:
        if is_pinned(stage):
            continue
        for found in installed(file, stage):
            yield Match(
                found.word.span,
                f"`{found.subject}` exists for x86 only, "
                "so its programs cannot run on arm64.",
                _fix(file, found),
                found.subject,
            )


def _fix(file: Dockerfile, found: Installed) -> Fix | None:
    edits = found.removal(file)
    if edits is None:
        return None
    spared = found.package.is_dispensable and not _depends(file, found)
    safety = Safety.SAFE if spared else Safety.UNSAFE
    return Fix(f"Do not install `{found.subject}`", edits, safety)


def _depends(file: Dockerfile, found: Installed) -> bool:
    """Tell whether *file* uses a program of the package that nothing replaces."""
    text = file.source.text
    for known in found.package.brings:
        text = text.replace(known, "")
    return any(prefix in text for prefix in found.package.prefixes)


RULE = Rule(
    name="x86-only-package",
    summary="a package is installed that exists for x86 only",
    reads=Dockerfile,
    severity=Severity.BREAKS,
    check=check,
    doc=__doc__,
)
