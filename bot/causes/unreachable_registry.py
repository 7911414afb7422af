"""The registry of a base image does not answer, or answers with its own error.

## What it means

The engine could not connect to the registry, or the registry failed. Nothing
in the repository is wrong; the build is tried again.

## Log

```text
Step 1/9 : FROM alpine:3.6
Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)
```

```text
#2 [internal] load metadata for quay.io/team/app:1
#2 ERROR: failed to do request: Head "https://quay.io/v2/team/app/manifests/1": dial tcp: lookup quay.io: no such host
```

```text
Step 1/9 : FROM alpine:3.6
received unexpected HTTP status: 503 Service Unavailable
```

```text
#2 [internal] load metadata for quay.io/team/app:1
#2 ERROR: unexpected status from HEAD request to https://quay.io/v2/team/app/manifests/1: 502 Bad Gateway
```

## Not this

```text
Step 1/9 : FROM alpine:3.44
manifest for alpine:3.44 not found: manifest unknown: manifest unknown
```

## Test

tests/causes/test_unreachable_registry.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs import signatures
from bot.model import BuildLog, Cause, Clue

_SILENT = re.compile(
    r"""
    (?:Get|Head|Post|failed[ ]to[ ]do[ ]request:[ ]\w+) [ ]
        "?https?://(?P<subject>[^/"\s]+)/(?:v2/|token\b)\S*:[ ]
        (?: dial[ ] | net/http:[ ] | EOF | read[ ] | context[ ]deadline
          | .{0,1000}?(?:timeout|connection[ ]re(?:set|fused)) )
    | received[ ]unexpected[ ]HTTP[ ]status:[ ]5\d\d
    | unexpected[ ]status(?:[ ]code)?[ ](?>.{0,1000}?(?:/v2/|/token|\]))
      .{0,1000}?:[ ]5\d\d[ ]
    | error[ ]parsing[ ]HTTP[ ]5\d\d[ ]response[ ]body
    """,
    re.VERBOSE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report that a registry was asked and gave no usable answer."""
    message = (
        "The registry{} did not answer; this is not a defect of the project. "
        "Look at the network of the runner if it stays so."
    )
    return signatures.first(_SILENT, log, message)


CAUSE = Cause(
    name="unreachable-registry",
    summary="the registry of a base image does not answer",
    search=search,
    rules=(),
    doc=__doc__,
    transient=True,
)
