"""A base image is not published for linux/arm64.

## What it does

Asks what the registry said about the image of every stage, with build
arguments at their defaults, and of every image that `COPY --from` names.

## Why it breaks

The arm64 builder finds no manifest for its platform and stops, or takes the
amd64 image and fails at the first program of it that it runs.

## Bad

```dockerfile
FROM alpine:3.4
RUN apk add tini
```

```facts
alpine:3.4: linux/amd64
alpine:3.4 -> alpine:3.6
```

## Good

```dockerfile
FROM alpine:3.6
RUN apk add tini
```

```facts
alpine:3.4: linux/amd64
alpine:3.6: linux/amd64 linux/arm64
```

## Fix safety

The fix is the smallest upgrade: the nearest tag of the same image and variant
that has arm64. Safe within one major version; beyond it, or where a caller
gives the version, unsafe; so it is where the registry did not tell about a nearer
tag. Where no tag has arm64 there is no fix to offer.

## Not reported

Images of which nobody could say anything (a scan lists them), stages pinned
with `--platform`, images chosen by an argument for the architecture that nobody
is seen to give, and Dockerfiles for Windows or named for another architecture.

## Test

tests/rules/test_base_image_without_arm64.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.architecture import Architecture
from bot.facts import Answer, Facts
from bot.judgement.deliberate import is_vendored
from bot.judgement.reference import Reference, Values, references
from bot.model import Edit, Fix, Match, Rule, Safety, Severity
from bot.parse.dockerfile import Dockerfile
from bot.project import Project, is_for
from bot.references import is_for_windows

_PLATFORM = "linux/arm64"
_MAJOR = re.compile(r"[a-z]*(\d+)")


def check(file: Dockerfile, project: Project, facts: Facts) -> Iterator[Match]:
    """Report every image that is known not to have arm64."""
    path = file.source.path
    if is_vendored(path) or is_for(path) not in {None, Architecture.ARM64}:
        return
    if is_for_windows(file):
        return
    called = bool(project.every_caller(path))
    for reference in references(file, Values.of(path, project, _PLATFORM)):
        if reference.by_architecture and not called:
            continue  # whoever builds for arm64 gives it, in a way nobody here sees
        if facts.published(reference.image, _PLATFORM) is Answer.NO:
            yield Match(
                reference.word.span,
                f"`{reference.image}` is not published for {_PLATFORM}, "
                "so the build cannot start there.",
                _upgrade(reference, file, project, facts),
                reference.image,
            )


def _upgrade(
    reference: Reference, file: Dockerfile, project: Project, facts: Facts
) -> Fix | None:
    upgrade = facts.upgrade(reference.image, _PLATFORM)
    if upgrade is None:
        return None
    written = reference.rewritten(upgrade.reference)
    if written is None:
        return None
    edit = Edit(written.span, written.text)
    given = {
        argument.name
        for call in project.every_caller(file.source.path)
        for argument in call.arguments
    }
    same_major = _major(reference.image) == _major(upgrade.reference)
    told = reference.variable in given or reference.is_shared
    is_safe = same_major and not told and upgrade.is_nearest
    which = "the nearest" if upgrade.is_nearest else "a newer"
    return Fix(
        f"Use `{upgrade.reference}`, {which} tag with {_PLATFORM}",
        (edit,),
        Safety.SAFE if is_safe else Safety.UNSAFE,
    )


def _major(image: str) -> str:
    tag = image.rpartition("/")[2].partition(":")[2]
    hit = _MAJOR.match(tag)
    return hit[1] if hit else tag


RULE = Rule(
    name="base-image-without-arm64",
    summary="a base image is not published for linux/arm64",
    reads=Dockerfile,
    severity=Severity.BREAKS,
    check=check,
    doc=__doc__,
)
