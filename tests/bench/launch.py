"""Run a command and count what it costs: ``launch.py PROGRAM ARGUMENT…``.

A process of its own, and a small one: the kernel counts the memory of whoever
starts a program as the program's own (getrusage(2), exec in Linux).
"""

from __future__ import annotations

import json
import os
import sys
import time


def main(command: list[str]) -> None:
    """Print seconds, those of the processor, KiB and exit status, as JSON."""
    nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    began = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=[nowhere])
    _, status, used = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    processor = used.ru_utime + used.ru_stime
    print(json.dumps([seconds, processor, used.ru_maxrss, code]))  # noqa: T201 - to its starter


if __name__ == "__main__":
    main(sys.argv[1:])
