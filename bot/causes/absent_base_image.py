"""A base image does not exist under the name or tag that the build asks for.

## What it means

The registry knows no such image or tag, or does not show it without a login.
This fails on every architecture alike; the author corrects the name, or the
owner of the runner gives it a login.

## Log

```text
Step 1/9 : FROM alpine:3.44
manifest for alpine:3.44 not found: manifest unknown: manifest unknown
```

```text
Step 1/9 : FROM example/private:1
pull access denied for example/private, repository does not exist or may require 'docker login': denied: requested access to the resource is denied
```

```text
#2 [internal] load metadata for docker.io/library/alpine:3.44
#2 ERROR: docker.io/library/alpine:3.44: not found
failed to solve with frontend dockerfile.v0: failed to create LLB definition: docker.io/library/alpine:3.44: not found
```

```text
#2 [internal] load metadata for docker.io/example/private:1
#2 ERROR: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed
```

## Not this

```text
#3 [internal] load metadata for docker.io/library/alpine:3.4
#3 ERROR: no match for platform in manifest: not found
```

## Test

tests/causes/test_absent_base_image.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.buildkit import familiar
from bot.logs.echo import spoken
from bot.model import BuildLog, Cause, Clue, Confidence, LogLine

_ABSENT = re.compile(
    r"""
    manifest[ ]for[ ](?P<classic>\S+)[ ]not[ ]found
    | pull[ ]access[ ]denied(?:[ ]for[ ](?P<denied>[^\s,]+))?,[ ]repository
    | (?:ERROR|definition|metadata[ ]for[ ]\S+):[ ]
      (?P<buildkit>[\w.-]++[/:][\w./:-]*[\w.-]):[ ]not[ ]found$
    """,
    re.VERBOSE,
)
_FROM = re.compile(r"FROM (?:--\S+ )*(?P<image>\S+)")


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every image that is not there at all, once each."""
    told: set[str] = set()
    for line in log.lines:
        hit = _ABSENT.search(spoken(line))
        if not hit:
            continue
        image = familiar(hit["classic"] or hit["buildkit"] or "") or _asked(line)
        image = image or hit["denied"] or ""
        if image not in told:
            told.add(image)
            yield Clue(line, _message(image), Confidence.HIGH, image)


def _message(image: str) -> str:
    named = f"the image `{image}`" if image else "a base image"
    return (
        f"The registry does not show {named}, so no platform can be built. "
        "Correct its name or tag, or give the runner a login."
    )


def _asked(line: LogLine) -> str:
    hit = _FROM.match(line.step.instruction) if line.step else None
    return hit["image"] if hit else ""


CAUSE = Cause(
    name="absent-base-image",
    summary="a base image does not exist, or is not shown without a login",
    search=search,
    rules=(),
    doc=__doc__,
)
