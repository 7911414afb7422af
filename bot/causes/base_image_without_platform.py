"""A base image is not published for the platform that was asked for.

## What it means

The reference names a single manifest, or an index in which the platform is
missing. Some builders stop there; others take the image of another
architecture, warn, and fail at the first program of it that they run. The
warning is read as the failure it is.

## Log

```text
Step 1/9 : FROM alpine:3.4
3.4: Pulling from library/alpine
no matching manifest for linux/arm64/v8 in the manifest list entries
```

```text
#2 [internal] load metadata for docker.io/library/alpine:3.4
#2 ERROR: no match for platform in manifest: not found
------
 > [internal] load metadata for docker.io/library/alpine:3.4:
------
Dockerfile:1
--------------------
   1 | >>> FROM alpine:3.4
   2 |     RUN apk add tini
--------------------
ERROR: failed to solve: alpine:3.4: failed to resolve source metadata for docker.io/library/alpine:3.4: no match for platform in manifest: not found
```

```text
#3 [internal] load metadata for docker.io/library/alpine:3.4
#3 ERROR: no match for platform in manifest sha256:b733d4a32c4da6a00a84df2ca32791bb03df95400243648d8c539e7b4cce329c: not found
failed to solve with frontend dockerfile.v0: failed to create LLB definition: no match for platform in manifest sha256:b733d4a32c4da6a00a84df2ca32791bb03df95400243648d8c539e7b4cce329c: not found
```

```text
#5 [1/2] FROM docker.io/library/mysql:5.7@sha256:4bc6bc963e6d8443453676cae56536f4b8156d78bae03c0145cbe47c2aad73bb
#5 DONE 1.2s
 - InvalidBaseImagePlatform: Base image mysql:5.7 was pulled with platform "linux/amd64", expected "linux/arm64" (line 1)
```

```text
Step 1/2 : FROM mysql:5.7
 ---> [Warning] The requested image's platform (linux/amd64) does not match the detected host platform (linux/arm64/v8) and no specific platform was requested
Step 2/2 : RUN mysqld --version
standard_init_linux.go:228: exec user process caused: exec format error
```

## Not this

```text
Step 1/9 : FROM alpine:3.44
manifest for alpine:3.44 not found: manifest unknown: manifest unknown
```

## Test

tests/causes/test_base_image_without_platform.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs.buildkit import familiar
from bot.logs.echo import spoken
from bot.model import BuildLog, Cause, Clue, Confidence, LogLine, Step

_UNPUBLISHED = re.compile(
    r"""
    no[ ]matching[ ]manifest[ ]for[ ]\S+[ ]in[ ]the[ ]manifest[ ]list[ ]entries
    | no[ ]supported[ ]platform[ ]found[ ]in[ ]manifest[ ]list\b  # up to 17.05
    | no[ ]match[ ]for[ ]platform[ ]in[ ]manifest\b
    | InvalidBaseImagePlatform:[ ]Base[ ]image[ ](?P<pulled>\S+)[ ]was[ ]pulled
    | image[ ]with[ ]reference[ ](?!sha256:)(?P<found>\S+)[ ]was[ ]found[ ]but[ ]
      .{0,400}?does[ ]not[ ](?:match|provide)[ ]the[ ]specified[ ]platform
    | The[ ]requested[ ]image's[ ]platform[ ]\(\S+\)[ ]does[ ]not[ ]match[ ]the
    """,
    re.VERBOSE,
)
_PULLING = re.compile(r"(?P<tag>\S+): Pulling from (?P<repository>\S+)")
_FROM = re.compile(r"FROM (?:--\S+ )*(?P<image>\S+)|.*? --from=(?P<other>\S+)")
_SOLVING = re.compile(r"failed to solve: (?P<image>[^\s:]\S*): ")


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every image that was not there for the platform, once each."""
    told: set[str] = set()
    pulled: dict[Step | None, str] = {}
    for line in log.lines:
        if pulling := _PULLING.match(line.text):
            name = f"docker.io/{pulling['repository']}:{pulling['tag']}"
            pulled[line.step] = familiar(name)
        hit = _UNPUBLISHED.search(spoken(line))
        if not hit:
            continue
        image = hit["pulled"] or hit["found"] or _image(line, pulled.get(line.step, ""))
        if image not in told:
            told.add(image)
            yield Clue(line, _message(image, log.platform), Confidence.HIGH, image)


def _message(image: str, platform: str) -> str:
    named = f"The image `{image}`" if image else "A base image"
    return (
        f"{named} is not published for {platform}, so the build cannot start from "
        "it. Use a tag that is, or an image that takes its place."
    )


def _image(line: LogLine, pulled: str) -> str:
    """Return the image of *line*; *pulled* is what its step was pulling, if any."""
    if hit := _SOLVING.search(line.text):
        return familiar(hit["image"])
    hit = _FROM.match(line.step.instruction) if line.step else None
    image = (hit["image"] or hit["other"]) if hit else ""
    return image if image and "$" not in image else pulled or image


CAUSE = Cause(
    name="base-image-without-platform",
    summary="a base image is not published for the platform",
    search=search,
    rules=("base-image-without-arm64",),
    doc=__doc__,
)
