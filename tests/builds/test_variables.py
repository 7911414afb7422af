"""Tests of the variables that say what a build is for."""

from __future__ import annotations

from bot.builds import variables


def test_a_platform_is_spelled_as_buildkit_does() -> None:
    """Commands and arguments use the names that Dockerfiles know."""
    assert variables.of_platform("linux/arm/v7", "linux/amd64") == {
        "TARGETPLATFORM": "linux/arm/v7",
        "TARGETOS": "linux",
        "TARGETARCH": "arm",
        "TARGETVARIANT": "v7",
        "BUILDPLATFORM": "linux/amd64",
        "BUILDOS": "linux",
        "BUILDARCH": "amd64",
        "BUILDVARIANT": "",
    }


def test_only_known_variables_are_expanded() -> None:
    """An argument's own dollar signs are Docker's business."""
    known = {"TARGETARCH": "arm64"}

    assert variables.expand("a-$TARGETARCH-${TARGETARCH}-$X-$$-$", known) == (
        "a-arm64-arm64-$X-$$-$"
    )
