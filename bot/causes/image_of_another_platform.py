"""The build made an image of another platform than the one that was asked for.

## What it means

A base image or the whole build is pinned: `FROM --platform=linux/amd64`, or
`docker build --platform linux/amd64` in a script. Even where every program in
the image is right, its label is not, and machines of the asked platform do not
pull it. Only a stage that nothing ships may be pinned.

## Log

```text
Step 2/2 : COPY tool /tool
Successfully built 2d5a95d086b2
the image that was built is for linux/amd64, not for linux/arm64
```

```text
Step 3/3 : COPY x /x
failed to get destination image "sha256:2d5a95d086b2055611d8a22ca644188d2a9505293673ae06cca1090f95b95024": image with reference sha256:2d5a95d086b2055611d8a22ca644188d2a9505293673ae06cca1090f95b95024 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64
```

## Not this

```text
Step 1/2 : FROM mysql:5.7
image with reference mysql:5.7 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64
```

## Test

tests/causes/test_image_of_another_platform.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.echo import spoken
from bot.model import BuildLog, Cause, Clue, Confidence

# The classic builder notices where it goes on from its own, nameless image.
_ANOTHER = re.compile(
    r"""
    the[ ]image[ ]that[ ]was[ ]built[ ]is[ ]for[ ](?P<made>\S+),[ ]not[ ]for[ ]\S+
    | failed[ ]to[ ]get[ ]destination[ ]image[ ]"sha256:
      .{0,400}?[ ]does[ ]not[ ]match[ ]the[ ]specified[ ]platform
      (?:.{0,400}?actual:[ ](?P<actual>\S+))?
    """,
    re.VERBOSE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report the platform that the image is for, once."""
    for line in log.lines:
        if hit := _ANOTHER.search(spoken(line)):
            made = hit["made"] or hit["actual"] or "another platform"
            message = f"The image is for {made}, not for {log.platform}."
            yield Clue(line, message, Confidence.HIGH)
            return


CAUSE = Cause(
    name="image-of-another-platform",
    summary="the image that was built is for another platform",
    search=search,
    rules=(),
    doc=__doc__,
)
