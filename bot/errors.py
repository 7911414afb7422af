"""The two kinds of error: for the author, and for whoever runs the bot."""

from __future__ import annotations


class UserError(Exception):
    """Something the author can mend; the text is written for them.

    Say what is so, why it matters and what to do next, one sentence each.
    """


class OverdueError(Exception):
    """A job has used up the time that it may take."""


class CostlyError(UserError):
    """A project's files ask for more time or memory than judging them may take."""


class EngineUnavailableError(Exception):
    """A runner does not answer; the work is worth trying again later."""
