"""An engine that emulates arm64, its registry, and the settings for both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.world import base_images, engines, registry

NAME = "emulating"


@contextmanager
def settings() -> Iterator[Mapping[str, str]]:
    """Start both; give the settings of a bot that builds there."""
    stored = base_images.stored()
    with (
        registry.serve(storage=stored) as images,
        engines.start_emulating(stored) as url,
    ):
        yield {
            "MULTIARCH_RUNNERS": f"{NAME}={url}",
            "MULTIARCH_REGISTRY_MIRRORS": f"docker.io={images.host}",
            "MULTIARCH_REGISTRY_PLAIN_HTTP": images.host,
        }
