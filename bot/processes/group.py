"""End a program and whatever it has started, for callers that may wait."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess

_GRACE = 3.0


def end(process: subprocess.Popen[bytes]) -> None:
    """End the process group of *process*: first with a word, then by force."""
    for word in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, word)
        if process.returncode is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)
