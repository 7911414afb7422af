"""Leave out of the log what DBOS says of jobs that end as they are meant to."""

from __future__ import annotations

import logging

from dbos import error

_STOPPED = "Asyncio task cancelled for workflow or step "
"""What it says of a job that is stopped: the next worker goes on with it."""


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether *record* says more than that a job was superseded or stopped."""
    cause = record.exc_info[1] if record.exc_info else None
    if isinstance(cause, error.DBOSAwaitedWorkflowCancelledError):
        return False
    return not record.getMessage().startswith(_STOPPED)
