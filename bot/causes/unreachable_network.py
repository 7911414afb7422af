"""A step wanted something from the network and did not reach it.

## What it means

A name did not resolve, or a server did not answer in time. Nothing says that
it has to do with the architecture; the build is tried again.

## Log

```text
Step 2/9 : RUN apk add tini
WARNING: fetching https://dl-cdn.alpinelinux.org/alpine/v3.6/main: temporary error (try again later)
```

```text
#6 [2/2] RUN wget https://example.com/tool
#6 0.512 wget: bad address 'example.com'
```

```text
Step 2/9 : RUN apt-get update
E: Failed to fetch http://deb.example.org/debian/dists/bookworm/InRelease  Temporary failure resolving 'deb.example.org'
```

```text
Step 2/9 : RUN curl -fsSLO https://example.com/tool
curl: (28) Failed to connect to example.com port 443 after 133000 ms: Connection timed out
```

## Not this

```text
Step 2/9 : RUN curl -fsSLO https://example.com/tool-arm64
curl: (22) The requested URL returned error: 404
```

## Test

tests/causes/test_unreachable_network.py
"""  # noqa: E501  # a log is quoted as it is

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.logs import signatures
from bot.model import BuildLog, Cause, Clue

_UNREACHED = re.compile(
    r"""
    ^ (?!.*https?://[^/\s]+/(?:v2/|token\b))  # a registry is another matter
    .*? (?: \bcurl:[ ]\((?:5|6|7|18|28|35|52|56|92)\)[ ]
    | wget:[ ](?:bad[ ]address|unable[ ]to[ ]resolve|can't[ ]connect)
    | temporary[ ]error[ ]\(try[ ]again[ ]later\)
    | network[ ]error[ ]\(check[ ]Internet[ ]connection
    | Temporary[ ]failure[ ](?:in[ ]name[ ]resolution|resolving)
    | could[ ]not[ ]resolve[ ](?:host|')
    | Connection[ ](?:timed[ ]out|reset[ ]by[ ]peer)\b
    | network[ ]is[ ]unreachable
    | \b(?:i/o|TLS[ ]handshake)[ ]timeout\b
    | \bdial[ ]tcp:[ ]lookup[ ]\S+?(?:[ ]on[ ]\S+?)?:[ ]no[ ]such[ ]host
    | \b(?:EAI_AGAIN|ETIMEDOUT|ECONNRESET)\b
    | \b(?:ReadTimeoutError|NewConnectionError)\b
    | returned[ ]error:[ ]50[0234]\b
    | server[ ]returned[ ]error:[ ]HTTP/\S+[ ]50[0234]\b )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def search(log: BuildLog) -> Iterator[Clue]:
    """Report that a server was not reached."""
    message = (
        "A server was not reached; this is not a defect of the project. "
        "Look at the network of the runner if it stays so."
    )
    return signatures.first(_UNREACHED, log, message)


CAUSE = Cause(
    name="unreachable-network",
    summary="a step did not reach a server",
    search=search,
    rules=(),
    doc=__doc__,
    transient=True,
)
