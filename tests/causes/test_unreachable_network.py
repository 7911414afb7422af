"""What ``unreachable-network`` recognises, and whom it blames: nobody."""

from __future__ import annotations

import pytest

from bot.causes.unreachable_network import CAUSE
from bot.model import Confidence
from tests.catalogue import clues, explained

MESSAGE = (
    "A server was not reached; this is not a defect of the project. "
    "Look at the network of the runner if it stays so."
)
LINES = [
    "curl: (6) Could not resolve host: example.com",
    "wget: bad address 'example.com'",
    "fetch: temporary error (try again later)",
    "Temporary failure in name resolution",
    "dial tcp 10.0.0.1:80: i/o timeout",
    "net/http: TLS handshake timeout",
    "go: example.com/a@v1: dial tcp: lookup a.example.com: no such host",
    "W: Failed to fetch http://deb.example.org/  Could not resolve 'deb.example.org'",
    "npm ERR! code EAI_AGAIN",
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.",
    "connect: Network is unreachable",
    "read: connection reset by peer",
    "curl: (22) The requested URL returned error: 503",
    "wget: server returned error: HTTP/1.1 502 Bad Gateway",
]


@pytest.mark.parametrize(
    "line",
    [
        "curl: (22) The requested URL returned error: 404",
        'Get "https://quay.io/v2/": dial tcp: lookup quay.io: no such host',
        "wget: server returned error: HTTP/1.1 404 Not Found",
    ],
)
def test_leaves_other_failures_alone(line: str) -> None:
    """Calling a defect a passing trouble would build it again for ever."""
    assert explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n") == ()


@pytest.mark.parametrize("line", LINES)
def test_says_that_it_is_no_defect(line: str) -> None:
    """The author is told what happened and that there is nothing to mend."""
    found = explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n")

    assert CAUSE.transient
    assert found == ((2, MESSAGE, ""),)


def test_what_the_build_survived_weighs_little() -> None:
    """A retry inside an earlier step succeeded; it did not stop the build."""
    log = f"Step 1/2 : RUN x\n{LINES[0]}\nStep 2/2 : RUN y\nfailed\n"

    assert [clue.confidence for clue in clues(CAUSE, log)] == [Confidence.LOW]
