"""Start the outside world by hand: ``python -m tests.world up``."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from tests.world import arm_host, base_images, engines, registry
from tests.world.packages import Missing
from tests.world.places import scratch


def main() -> int:
    """Start everything, say where it is, and keep it until interrupted."""
    options = _options()
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as stack:
        try:
            urls = _start(stack)
        except Missing as missing:
            sys.stderr.write(f"The world cannot start: {missing}\n")
            return 2
        text = "".join(f"{name}={url}\n" for name, url in urls.items())
        sys.stdout.write(text)
        sys.stdout.flush()
        if options.write:
            options.write.write_text(text)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


def _start(stack: ExitStack) -> Mapping[str, str]:
    began = time.monotonic()
    stored = base_images.stored()
    storage = stack.enter_context(scratch("images.copy")) / "storage"
    base_images.copy_to(storage)
    plain = stack.enter_context(registry.serve(storage=storage))
    tls = stack.enter_context(registry.serve(registry.TLS, stored))
    local = stack.enter_context(engines.start(stored))
    arm = stack.enter_context(arm_host.start(tls.port))
    return {
        "MULTIARCH_WORLD_REGISTRY": plain.url,
        "MULTIARCH_WORLD_REGISTRY_TLS": tls.url,
        "MULTIARCH_WORLD_AUTHORITY": str(tls.certificate),
        "MULTIARCH_WORLD_ENGINE": local,
        "MULTIARCH_WORLD_ARM64": arm,
        "MULTIARCH_WORLD_SECONDS": f"{time.monotonic() - began:.1f}",
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.world", description=__doc__)
    parser.add_argument("verb", choices=("up",))
    parser.add_argument("--write", type=Path, help="also write the addresses here")
    return parser.parse_args()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
