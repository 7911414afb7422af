"""ADD or COPY wants a file that exists but that the ignore file keeps out.

## What it means

The workspace holds the file; the build context does not. Often the ignore
file lists what is let in, architecture by architecture, and this one is
missing. The newer builders say `excluded by .dockerignore` for every absent
file alike, so the workspace decides.

## Log

```text files=dist/arm64/calico
Step 3/14 : ADD dist/arm64/calico /opt/cni/bin/calico
ADD failed: file not found in build context or excluded by .dockerignore: stat dist/arm64/calico: file does not exist
```

```text files=dist/arm64/calico
Step 3/14 : ADD dist/$ARCHITECTURE/calico /opt/cni/bin/calico
lstat dist/arm64/calico: no such file or directory
```

```text files=app/dist/arm64/calico
#7 [2/9] ADD dist/arm64/calico /opt/cni/bin/calico
#7 ERROR: failed to calculate checksum of ref 7c::9f: "/dist/arm64/calico": not found
```

## Not this

```text files=dist/arm64/other
Step 3/14 : ADD dist/arm64/calico /opt/cni/bin/calico
ADD failed: file not found in build context or excluded by .dockerignore: stat dist/arm64/calico: file does not exist
```

## Test

tests/causes/test_ignored_copy_source.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

from collections.abc import Iterator

from bot.logs.missing_sources import missing_sources
from bot.model import BuildLog, Cause, Clue, Confidence


def search(log: BuildLog) -> Iterator[Clue]:
    """Report every missing source that the workspace does hold."""
    for missing in missing_sources(log):
        present = missing.present(log)
        if present and not missing.foreign(log.platform):
            message = (
                f"`{present}` exists, but the ignore file keeps it out of the build "
                "context. Let it in."
            )
            yield Clue(missing.line, message, Confidence.HIGH, missing.path)


CAUSE = Cause(
    name="ignored-copy-source",
    summary="a copied file exists but is kept out of the build context",
    search=search,
    rules=("ignored-arch-path",),
    doc=__doc__,
)
