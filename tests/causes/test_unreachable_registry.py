"""What ``unreachable-registry`` recognises, and whom it blames: nobody."""

from __future__ import annotations

import pytest

from bot.causes.unreachable_registry import CAUSE
from bot.model import Confidence
from tests.catalogue import clues, explained

MESSAGE = (
    "The registry `quay.io` did not answer; this is not a defect of the project. "
    "Look at the network of the runner if it stays so."
)
LINES = [
    'Get "https://quay.io/v2/": dial tcp 10.0.0.1:443: connection refused',
    "Get https://quay.io/v2/: net/http: TLS handshake timeout",
    'failed to do request: Head "https://quay.io/v2/a/manifests/1": EOF',
    'failed to fetch anonymous token: Get "https://quay.io/token?scope=a": dial tcp: x',
]


@pytest.mark.parametrize(
    "line",
    [
        "manifest unknown: manifest unknown",
        'Get "https://quay.io/v2/": unauthorized',
        'Get "https://example.com/file": dial tcp: no such host',
    ],
)
def test_leaves_other_failures_alone(line: str) -> None:
    """Calling a defect a passing trouble would build it again for ever."""
    assert explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n") == ()


@pytest.mark.parametrize(
    "line",
    [
        "received unexpected HTTP status: 500 Internal Server Error",
        "unexpected status from GET request to https://a.example.org/token: 503 Busy",
        "unexpected status code [manifests 3.6]: 503 Service Unavailable",
        "error parsing HTTP 502 response body: invalid character '<'",
    ],
)
def test_a_registry_that_fails_has_not_answered(line: str) -> None:
    """Neither the image nor its platforms are known then."""
    assert len(explained(CAUSE, f"Step 1/2 : FROM x\n{line}\n")) == 1


@pytest.mark.parametrize("line", LINES)
def test_says_that_it_is_no_defect(line: str) -> None:
    """The author is told what happened and that there is nothing to mend."""
    found = explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n")

    assert CAUSE.transient
    assert found == ((2, MESSAGE, "quay.io"),)


def test_what_the_build_survived_weighs_little() -> None:
    """A retry inside an earlier step succeeded; it did not stop the build."""
    log = f"Step 1/2 : RUN x\n{LINES[0]}\nStep 2/2 : RUN y\nfailed\n"

    assert [clue.confidence for clue in clues(CAUSE, log)] == [Confidence.LOW]
