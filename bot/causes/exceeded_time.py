"""The build was stopped because it took longer than a build may.

## What it means

It hangs, or it is long: an emulated build takes ten times as long as a native
one. Whoever runs the bot can allow more time or add a native runner.

## Log

```text
Step 3/9 : RUN make
stopped: the build took longer than 3600 s
```

```text
#6 [2/2] RUN make
#6 0.312 cc -c a.c
stopped: it took longer than 3600 s
```

## Not this

```text
Step 3/9 : RUN make test
server stopped: the build took longer than usual
```

## Test

tests/causes/test_exceeded_time.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model import BuildLog, Cause, Clue, Confidence

_STOPPED = re.compile(r"stopped: (?:the build|it) took longer than (?P<limit>\d+) s")


def search(log: BuildLog) -> Iterator[Clue]:
    """Report that time was up, in the words of the bot's own runner."""
    for line in reversed(log.lines):
        if hit := _STOPPED.fullmatch(line.text):
            message = (
                f"The build was stopped after {hit['limit']} seconds. "
                "Allow more time for it, or build on a native runner."
            )
            yield Clue(line, message, Confidence.HIGH)
            return


CAUSE = Cause(
    name="exceeded-time",
    summary="the build took longer than a build may",
    search=search,
    rules=(),
    doc=__doc__,
)
