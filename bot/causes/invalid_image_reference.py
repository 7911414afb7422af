"""An image name is incomplete: something that it is made of has no value.

## What it means

A variable that is part of the name, a tag for instance, is given for the
architectures that the project knows and for no other. The author gives it a
value for this platform too, or names the command that does.

## Log

```text
docker run --rm -v /workspace:/code:rw calico/go-build: make
invalid reference format: "calico/go-build:"
```

```text
docker: invalid reference format.
See 'docker run --help'.
```

```text
invalid argument "team/app:" for "-t, --tag" flag: invalid reference format
See 'docker build --help'.
```

```text
Step 1/2 : FROM alpine:
failed to parse stage name "alpine:": invalid reference format
```

```text
failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to parse stage name "alpine:": invalid reference format
```

```text
ERROR: failed to solve: base name ($BASE) should not be blank
```

## Not this

```text
manifest for alpine:3.44 not found: manifest unknown: manifest unknown
```

## Test

tests/causes/test_invalid_image_reference.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.echo import spoken
from bot.logs.failing import weight
from bot.model import BuildLog, Cause, Clue

_INVALID = re.compile(
    r"""
    (?:"(?P<before>[^"]*)"(?:[ ]for[ ]"[^"]*"[ ]flag)?:[ ])?
      invalid[ ]reference[ ]format (?::[ ]"(?P<after>[^"]*)")?
    | base[ ]name[ ]\((?P<blank>[^)]{0,400})\)[ ]should[ ]not[ ]be[ ](?:blank|empty)
    """,
    re.VERBOSE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every name that is none, once each."""
    told: set[str] = set()
    for line in log.lines:
        hit = _INVALID.search(spoken(line))
        if not hit:
            continue
        name = hit["before"] or hit["after"] or hit["blank"] or ""
        if name not in told:
            told.add(name)
            yield Clue(line, _message(name, log.platform), weight(line, log), name)


def _message(name: str, platform: str) -> str:
    named = f"`{name}`" if name else "One of the names that the build uses"
    return (
        f"{named} is no image name, so nothing can be fetched or built by it. "
        f"A variable in it seems to have no value for {platform}: give it one there, "
        "or in the command of this build in `.github/multiarch.yml`."
    )


CAUSE = Cause(
    name="invalid-image-reference",
    summary="an image name is incomplete: a variable in it has no value",
    search=search,
    rules=(),
    doc=__doc__,
)
