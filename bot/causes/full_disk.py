"""The runner has no room left on its disk.

## What it means

Images and layers fill the disk of a build machine. Nothing in the repository
is wrong; the runner needs to be cleaned, then the build is tried again.

## Log

```text
Step 2/9 : RUN make
write /usr/lib/libtool.so: no space left on device
```

```text
#6 [2/2] RUN apt-get install -y texlive
#6 1.812 E: You don't have enough free space in /var/cache/apt/archives/.
```

## Not this

```text
Step 2/9 : RUN df
Filesystem     1K-blocks  Used Available Use% Mounted on
```

## Test

tests/causes/test_full_disk.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs import signatures
from bot.model import BuildLog, Cause, Clue

_FULL = re.compile(
    r"""
    no[ ]space[ ]left[ ]on[ ]device
    | You[ ]don't[ ]have[ ]enough[ ]free[ ]space[ ]in[ ]
    | [Dd]isk[ ]quota[ ]exceeded
    | \bENOSPC\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report that something could not be written for want of room."""
    message = (
        "The runner's disk is full; this is not a defect of the project. "
        "Its owner makes room; then the build can be tried again."
    )
    return signatures.first(_FULL, log, message)


CAUSE = Cause(
    name="full-disk",
    summary="the runner has no room left on its disk",
    search=search,
    rules=(),
    doc=__doc__,
    transient=True,
)
