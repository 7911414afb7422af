"""Tests of the command line of a build."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import build
from bot.builds.build import Order, Shop
from bot.builds.tools import Tool

TOOL = Tool("/docker", (28, 2), buildx=True)
FULL = Order(
    Path("/c"),
    Path("/c/Dockerfile"),
    "linux/arm64",
    args=("A=b c", "--secret=x"),
    labels=("l=1",),
    target="t",
    pull=True,
    no_cache=True,
    hosts=("h:1",),
)


@pytest.mark.parametrize(
    ("builder", "expected"),
    [
        ("classic", ("build", "--force-rm")),
        ("buildkit", ("build", "--progress=plain")),
        ("buildx", ("buildx", "build", "--load", "--progress=plain")),
    ],
)
def test_each_builder_has_its_own_words(
    builder: str, expected: tuple[str, ...]
) -> None:
    """What a project decides stands behind its option, never as one."""
    shop = Shop(builder, TOOL, {}, Path("/private"), 60.0)

    assert build.arguments(FULL, shop, "multiarch-run:x") == (
        "/docker",
        *expected,
        *("--platform", "linux/arm64", "--file", "/c/Dockerfile"),
        *("--iidfile", "/private/image-id", "--tag", "multiarch-run:x"),
        *("--label", "l=1", "--build-arg", "A=b c", "--build-arg", "--secret=x"),
        *("--add-host", "h:1", "--target", "t", "--pull", "--no-cache"),
        *("--", "/c"),
    )
