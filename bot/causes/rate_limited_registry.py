"""The registry serves nobody at this address any more, for a while.

## What it means

Public registries count pulls per address or account. Nothing in the
repository is wrong; the build is tried again later. Whoever runs the bot can
give it a registry account or a mirror.

## Log

```text
Step 1/9 : FROM alpine:3.6
toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit
```

```text
#2 [internal] load metadata for docker.io/library/alpine:3.6
#2 ERROR: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/alpine/manifests/3.6: 429 Too Many Requests
```

## Not this

```text
Step 2/9 : RUN make test
test_429_is_answered_with_too_many_requests passed
```

## Test

tests/causes/test_rate_limited_registry.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs import signatures
from bot.model import BuildLog, Cause, Clue

_LIMITED = re.compile(
    r"""
    \b(?:toomanyrequests|TOOMANYREQUESTS)\b
    | You[ ]have[ ]reached[ ]your[ ](?:unauthenticated[ ])?pull[ ]rate[ ]limit
    | :[ ]429[ ]Too[ ]Many[ ]Requests
    """,
    re.VERBOSE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report that a registry counts and has counted enough."""
    message = (
        "The registry limits how often images are pulled; this is not a defect of the "
        "project. A login, or a mirror, raises the limit."
    )
    return signatures.first(_LIMITED, log, message)


CAUSE = Cause(
    name="rate-limited-registry",
    summary="a registry refuses further pulls for a while",
    search=search,
    rules=(),
    doc=__doc__,
    transient=True,
)
