"""The build was stopped because it printed more than a build may.

## What it means

A loop prints the same words without end, or a tool prints a file as it is. The bot
reads the beginning and the end of what a build prints, and stops it when it comes to
more than anybody would read.

## Log

```text
Step 3/9 : RUN yes
stopped: it printed more than 256 MiB
```

```text
#6 [2/2] RUN yes
#6 0.312 y
stopped: it printed more than 256 MiB
```

## Not this

```text
Step 3/9 : RUN make test
server stopped: it printed more than 3 MiB
```

## Test

tests/causes/test_endless_output.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model import BuildLog, Cause, Clue, Confidence

_STOPPED = re.compile(r"stopped: it printed more than (?P<limit>\d+) MiB")


def search(log: BuildLog) -> Iterator[Clue]:
    """Report that there was too much to read, in the words of the bot's own runner."""
    for line in reversed(log.lines):
        if hit := _STOPPED.fullmatch(line.text):
            message = (
                f"The build was stopped after it had printed {hit['limit']} MiB. "
                "Look at the end of the log for what repeats itself, and let it print "
                "less or into a file."
            )
            yield Clue(line, message, Confidence.HIGH)
            return


CAUSE = Cause(
    name="endless-output",
    summary="the build printed more than a build may",
    search=search,
    rules=(),
    doc=__doc__,
)
