"""ADD or COPY wants a file that is not in the build context.

## What it means

The path names no architecture, or the right one, and the workspace is not
known to hold the file: the step that makes it did not run, or made it
elsewhere, or the ignore file keeps it out.

## Log

```text
Step 6/9 : ADD bin/calico-felix /code
ADD failed: file not found in build context or excluded by .dockerignore: stat bin/calico-felix: file does not exist
```

```text
Step 6/9 : COPY dist/arm64/*.so /lib
COPY failed: no source files were specified
```

```text
#8 [4/6] COPY bin/calico-felix /code
#8 ERROR: failed to calculate checksum of ref 3q::i9: "/bin/calico-felix": not found
```

## Not this

```text
Step 6/9 : RUN make
lstat bin/calico-felix: no such file or directory
```

## Test

tests/causes/test_missing_copy_source.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

from collections.abc import Iterator

from bot.logs.missing_sources import missing_sources
from bot.model import BuildLog, Cause, Clue, Confidence


def search(log: BuildLog) -> Iterator[Clue]:
    """Report the missing sources that nothing more precise explains."""
    for missing in missing_sources(log):
        if not missing.foreign(log.platform) and not missing.present(log):
            message = (
                f"`{missing.path}` is not in the build context. If a step before the "
                "build makes it, name that step in `.github/multiarch.yml`."
            )
            yield Clue(missing.line, message, Confidence.MEDIUM, missing.path)


CAUSE = Cause(
    name="missing-copy-source",
    summary="a copied file is not in the build context",
    search=search,
    rules=("ignored-arch-path", "hardcoded-arch-path"),
    doc=__doc__,
)
