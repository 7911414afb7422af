"""The command ``multiarch``: where everything is put together."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path

from bot.cli import main as run
from bot.terminal import Exit


def main() -> None:
    """Run the command line and leave with its exit status."""
    _open_streams()
    try:
        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = _interrupted()
    except Exception:  # noqa: BLE001 - Python's own status 1 would mean findings
        traceback.print_exc()
        sys.stderr.write(
            "multiarch: this is a defect of multiarch; please report it.\n"
        )
        status = Exit.BROKEN
    sys.exit(status)


def _open_streams() -> None:
    """Stand in for what the caller has closed: Python has None there."""
    sys.stdout, sys.stderr = (
        stream or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - stays
        for stream in (sys.stdout, sys.stderr)
    )


def _interrupted() -> int:
    """End by the signal itself: a shell's loop stops for nothing less."""
    sys.stderr.write("multiarch: interrupted.\n")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.raise_signal(signal.SIGINT)
    return Exit.BROKEN


if __name__ == "__main__":
    main()
