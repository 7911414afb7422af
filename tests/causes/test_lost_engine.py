"""What ``lost-engine`` recognises, and whom it blames: nobody."""

from __future__ import annotations

import pytest

from bot.causes.lost_engine import CAUSE
from tests.catalogue import explained

MESSAGE = "The engine stopped answering; this is not a defect of the project."


@pytest.mark.parametrize(
    "line",
    [
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.",
        "tar: unexpected EOF in archive",
        "parse error: unexpected EOF",
        "grpc: rpc error: code = Unavailable in a test",
    ],
)
def test_leaves_what_a_step_says_alone(line: str) -> None:
    """A program that finds no engine inside a build never will."""
    assert explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n") == ()


@pytest.mark.parametrize(
    "line",
    [
        'error during connect: Post "http://%2Frun%2Fdocker.sock/v1.41/build": EOF',
        "cannot write /tmp/id because server did not provide an image ID",
        "ERROR: failed to receive status: rpc error: code = Unavailable desc = closing",
        "rpc error: code = Unavailable desc = transport is closing",
        "ERROR: unexpected EOF",
        "unexpected EOF",
    ],
)
def test_says_that_it_is_no_defect(line: str) -> None:
    """The docker command says it in its own voice, at the start of a line."""
    assert CAUSE.transient
    assert explained(CAUSE, f"Step 1/2 : RUN x\n{line}\n") == ((2, MESSAGE, ""),)
