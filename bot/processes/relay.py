"""Let whoever is at the other end of a connection speak with a program."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence

from bot.processes.group import end
from bot.processes.question import Answer
from bot.processes.tether import tethered

_LAST = 4096
"""Bytes of what a program said last, that are kept."""


def lead(argv: Sequence[str], env: Mapping[str, str], connection: int) -> Answer:
    """Give *connection* to a program as its input and output until it ends.

    It may take as long as both want. What it says besides is in the answer.
    """
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - no shell
            tethered(argv, env),
            env=dict(env),
            stdin=connection,
            stdout=connection,
            stderr=said,
            start_new_session=True,
        ) as process,
    ):
        try:
            code = process.wait()
        finally:
            end(process)
        said.seek(max(0, said.tell() - _LAST))
        return Answer(code, b"", said.read())
