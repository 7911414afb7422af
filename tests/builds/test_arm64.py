"""Tests of the whole way on a real arm64 engine: build, audit, start."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import pool
from bot.builds.options import Options
from bot.recipe import Recipe

pytestmark = pytest.mark.arm64

PLATFORM = "linux/arm64"


async def test_a_command_builds_for_arm64_on_arm64(
    arm64_engine: str, tmp_path: Path
) -> None:
    """There and only there a foreign program shows itself by failing."""
    (runner,) = pool.runners([f"arm={arm64_engine}"], Options(prepare="busybox"))
    (tmp_path / "Dockerfile").write_text(
        "FROM alpine:3.6\nARG ARCH=amd64\nADD bin/x-$ARCH /bin/x\nCMD x\n"
    )
    script = """
        mkdir bin && printf '#!/bin/sh\\necho on $(uname -m)\\n' > bin/x-$TARGETARCH
        chmod +x bin/*
        docker build -t thing --build-arg ARCH=$TARGETARCH .
    """
    recipe = Recipe("thing", command=script)
    result = await runner.build(tmp_path, recipe, PLATFORM, print)
    assert result.built is not None
    audit = await runner.audit(result.built.image, PLATFORM)
    smoke = await runner.smoke(result.built.image, PLATFORM, "")
    await runner.discard(result.built.image)

    assert result.built.native
    assert audit.files > 0
    assert audit.wrong == ()
    assert (smoke.passed, smoke.output) == (True, "on aarch64")


async def test_an_image_without_arm64_fails_in_the_engines_words(
    arm64_engine: str, tmp_path: Path
) -> None:
    """The first error of the story, from a real engine."""
    (runner,) = pool.runners([arm64_engine], Options(builder="classic"))
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.4\nRUN true\n")
    recipe = Recipe("thing", dockerfile="Dockerfile")
    result = await runner.build(tmp_path, recipe, PLATFORM, print)

    assert result.built is None
    assert "no matching manifest for linux/arm64" in result.log.lines[-1].text
