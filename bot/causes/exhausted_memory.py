"""The kernel stopped a program because the runner's memory was used up.

## What it means

Compilers and linkers are the usual victims. Nothing in the repository is
wrong for this architecture; the runner needs more memory, or fewer jobs at a
time.

## Log

```text
Step 4/9 : RUN make -j8
c++: fatal error: Killed signal terminated program cc1plus
```

```text
#6 [2/2] RUN go build ./...
#6 92.11 github.com/team/app: /usr/lib/go/pkg/tool/linux_arm64/link: signal: killed
```

```text
Step 4/9 : RUN npm run build
The command '/bin/sh -c npm run build' returned a non-zero code: 137
```

## Not this

```text
Step 4/9 : RUN make test
The command '/bin/sh -c make test' returned a non-zero code: 1
```

## Test

tests/causes/test_exhausted_memory.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs import signatures
from bot.model import BuildLog, Cause, Clue

_KILLED = re.compile(
    r"""
    Killed[ ]signal[ ]terminated[ ]program
    | signal:[ ]killed
    | returned[ ]a[ ]non-zero[ ]code:[ ]137\b
    | did[ ]not[ ]complete[ ]successfully:[ ]exit[ ]code:[ ]137\b
    | executor[ ]failed[ ]running[ ]\[.*\]:[ ]exit[ ]code:[ ]137\b
    | ^Killed$
    | runtime:[ ]out[ ]of[ ]memory
    | (?:[Cc]annot|[Cc]ould[ ]not)[ ]allocate[ ]memory
    """,
    re.VERBOSE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report that a program was killed, as the kernel does without memory."""
    message = (
        "The runner ran out of memory; this is not a defect of the project. "
        "Give it more, or let fewer programs compile at once."
    )
    return signatures.first(_KILLED, log, message)


CAUSE = Cause(
    name="exhausted-memory",
    summary="the runner's memory was used up",
    search=search,
    rules=(),
    doc=__doc__,
    transient=True,
)
