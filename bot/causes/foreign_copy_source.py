"""ADD or COPY wants a file of another architecture, and it is not there.

## What it means

The path of the source names an architecture that is not being built. On an
amd64 machine the file happened to exist, because the step before the build
made it; on arm64 that step made the arm64 file, under another name.

## Log

```text
Step 6/9 : ADD bin/calico-typha-amd64 /code
ADD failed: file not found in build context or excluded by .dockerignore: stat bin/calico-typha-amd64: file does not exist
```

```text
Step 6/9 : ADD bin/calico-typha-amd64 /code
ADD failed: stat /var/lib/docker/tmp/docker-builder358921546/bin/calico-typha-amd64: no such file or directory
```

```text
Step 6/9 : ADD bin/calico-typha-amd64 /code
lstat bin/calico-typha-amd64: no such file or directory
```

```text
#8 [4/6] ADD bin/calico-typha-amd64 /code
#8 ERROR: failed to calculate checksum of ref 3q1xb2n7kq::i9x8: "/bin/calico-typha-amd64": not found
------
 > [4/6] ADD bin/calico-typha-amd64 /code:
------
Dockerfile:14
--------------------
  13 |     RUN mkdir /code
  14 | >>> ADD bin/calico-typha-amd64 /code
  15 |     WORKDIR /code
--------------------
ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref 3q1xb2n7kq::i9x8: "/bin/calico-typha-amd64": not found
```

```text
#8 [4/6] ADD dist/amd64/calico /opt/cni/bin/calico
#8 ERROR: failed to walk /var/lib/docker/tmp/buildkit-mount1034/dist/amd64: lstat /var/lib/docker/tmp/buildkit-mount1034/dist/amd64: no such file or directory
```

```text
#8 [4/6] ADD dist/amd64/calico /opt/cni/bin/calico
#8 ERROR: "/dist/amd64/calico" not found: not found
failed to solve with frontend dockerfile.v0: failed to build LLB: failed to compute cache key: "/dist/amd64/calico" not found: not found
```

## Not this

```text
Step 6/9 : ADD dist/arm64/calico /code
ADD failed: file not found in build context or excluded by .dockerignore: stat dist/arm64/calico: file does not exist
```

```text
Step 6/9 : COPY --from=builder /out/tool-amd64 /usr/bin/tool
COPY failed: stat out/tool-amd64: file does not exist
```

## Test

tests/causes/test_foreign_copy_source.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

from collections.abc import Iterator

from bot.logs.missing_sources import missing_sources
from bot.model import BuildLog, Cause, Clue, Confidence


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every missing source whose path names another architecture."""
    for missing in missing_sources(log):
        if foreign := missing.foreign(log.platform):
            message = (
                f"`{missing.path}` names {foreign.value}, and a build for "
                f"{log.platform} does not make it. Copy what it makes instead."
            )
            yield Clue(missing.line, message, Confidence.HIGH, missing.path)


CAUSE = Cause(
    name="foreign-copy-source",
    summary="a file of another architecture is copied and not there",
    search=search,
    rules=("hardcoded-arch-path",),
    doc=__doc__,
)
