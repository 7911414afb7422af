"""What DBOS says of jobs, and what of it nobody needs to read."""

from __future__ import annotations

import logging

import pytest
from dbos import error

from bot.jobs import quiet

STOPPED = "Asyncio task cancelled for workflow or step <function x at 0x7f>"


def record(message: str, cause: BaseException | None = None) -> logging.LogRecord:
    """Return a line of DBOS's log."""
    info = None if cause is None else (type(cause), cause, None)
    return logging.LogRecord("dbos", logging.WARNING, "x", 1, message, None, info)


@pytest.mark.parametrize(
    ("line", "news"),
    [
        (record(STOPPED), False),
        (record("failed", error.DBOSAwaitedWorkflowCancelledError("a")), False),
        (record("failed", OSError("the disk is full")), True),
        (record(f"Not so: {STOPPED}"), True),
        (record("Asyncio task cancelled"), True),
    ],
)
def test_only_what_is_meant_to_happen_is_left_out(
    line: logging.LogRecord, *, news: bool
) -> None:
    """Whatever else DBOS has to say is a defect, or somebody's business."""
    assert quiet.is_news(line) == news
