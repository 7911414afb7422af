"""Ask a program something and wait for its answer, in bounded time.

As in ``bot.processes.program`` it has a process group of its own, which is ended
as a whole; and it has no terminal, so that it can ask nobody anything.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from bot.processes.group import end
from bot.processes.program import Command
from bot.processes.tether import tethered


@dataclass(frozen=True, slots=True)
class Answer:
    """How a program ended, and what it wrote."""

    code: int
    out: bytes
    err: bytes


def ask(command: Command, typed: bytes = b"") -> Answer:
    """Run *command* with *typed* as its input; TimeoutError where it takes too long."""
    with subprocess.Popen(  # noqa: S603 - no shell
        tethered(command.argv, command.env),
        env=dict(command.env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(typed, timeout=command.seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"no answer in {command.seconds:.0f} seconds") from None
        finally:
            end(process)
    return Answer(process.returncode, out, err)
