"""The command ``multiarch``: where everything is put together."""

from __future__ import annotations

import sys
import traceback

from bot.cli import main as run
from bot.terminal import Exit


def main() -> None:
    """Run the command line and leave with its exit status."""
    try:
        status = run(sys.argv[1:])
    except Exception:  # noqa: BLE001 - Python's own status 1 would mean findings
        traceback.print_exc()
        sys.stderr.write(
            "multiarch: this is a defect of multiarch; please report it.\n"
        )
        status = Exit.BROKEN
    sys.exit(status)


if __name__ == "__main__":
    main()
