"""Tests of the base images that the classic builder takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import pool
from bot.builds.options import Options
from bot.recipe import Recipe

pytestmark = pytest.mark.engine

RECIPES = {
    "Dockerfile": Recipe("thing", dockerfile="Dockerfile"),
    "command": Recipe("thing", command="docker build -t thing ."),
}


@pytest.mark.parametrize("kind", sorted(RECIPES))
async def test_the_base_image_of_another_build_is_not_taken(
    local_engine: str, tmp_path: Path, kind: str
) -> None:
    """An engine that proves both platforms has either image under the name."""
    options = Options(builder="classic", prepare="busybox")
    (runner,) = pool.runners([f"here={local_engine}"], options)
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.7\nENV A=b\n")
    audits = []
    for platform in ("linux/amd64", "linux/arm64", "linux/amd64"):
        recipe = RECIPES["Dockerfile"] if "arm" in platform else RECIPES[kind]
        result = await runner.build(tmp_path, recipe, platform, print)
        assert result.built is not None
        audits.append(await runner.audit(result.built.image, platform))
        await runner.discard(result.built.image)

    assert [audit.wrong for audit in audits] == [(), (), ()]
    assert all(audit.files for audit in audits)
