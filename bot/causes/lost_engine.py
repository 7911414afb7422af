"""The connection to the engine ended while it was building.

## What it means

The engine was stopped or restarted, or the network between the bot and it broke.
Nothing in the repository is wrong; the build is tried again.

## Log

```text
Step 2/9 : RUN make
error during connect: Post "https://10.0.0.7:2376/v1.41/build": EOF
```

```text
#5 [2/2] RUN make
cannot write /tmp/image-id because server did not provide an image ID
```

```text
#5 [2/2] RUN make
ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF
```

## Not this

```text
Step 2/9 : RUN docker info
Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
```

## Test

tests/causes/test_lost_engine.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs import signatures
from bot.model import BuildLog, Cause, Clue

_LOST = re.compile(
    r"""
    ^ (?:ERROR:[ ])? (?:
        error[ ]during[ ]connect:[ ]
      | cannot[ ]write[ ]\S+[ ]because[ ]server[ ]did[ ]not[ ]provide[ ]an[ ]image[ ]ID
      | (?:failed[ ]to[ ]receive[ ]status:[ ])? rpc[ ]error:[ ]code[ ]=[ ]Unavailable\b
      | unexpected[ ]EOF $
    )
    """,
    re.VERBOSE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report that the engine went away in the middle."""
    message = "The engine stopped answering; this is not a defect of the project."
    return signatures.first(_LOST, log, message)


CAUSE = Cause(
    name="lost-engine",
    summary="the connection to the engine ended during the build",
    search=search,
    rules=(),
    doc=__doc__,
    transient=True,
)
