"""Tests of finding the docker command that works, among several."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.builds import tools
from bot.builds.tools import Tool

BUILTIN = Tool("/a/docker", (20, 10), buildx=False)
BARE = Tool("/b/docker", (28, 2), buildx=False)
FULL = Tool("/c/docker", (28, 2), buildx=True)


@pytest.mark.parametrize(
    ("known", "modern", "expected"),
    [
        ((), True, {}),
        ((BARE,), True, {"classic": BARE}),
        ((BARE, BUILTIN), True, {"buildkit": BUILTIN, "classic": BUILTIN}),
        ((FULL,), True, {"buildx": FULL, "classic": FULL}),
        (
            (BARE, FULL, BUILTIN),
            True,
            {"buildx": FULL, "buildkit": BUILTIN, "classic": BUILTIN},
        ),
        ((FULL, BUILTIN), False, {"classic": BUILTIN}),
    ],
)
def test_each_builder_comes_from_a_command_that_has_it(
    known: tuple[Tool, ...],
    modern: bool,  # noqa: FBT001 - a parameter of the test
    expected: dict[str, Tool],
) -> None:
    """The newest command is not the best one if it lacks its plugin."""
    found = tools.builders(known, engine_has_buildkit=modern)

    assert list(found.items()) == list(expected.items())


def _script(folder: Path, version: str, *, reaches: bool, buildx: bool) -> Path:
    folder.mkdir()
    path = folder / "docker"
    path.write_text(
        f"""#!/bin/sh
case "$1" in
  --version) echo "Docker version {version}, build x" ;;
  version) {"echo 20.10" if reaches else "exit 1"} ;;
  buildx) {"echo github.com/docker/buildx v0.1" if buildx else "exit 1"} ;;
esac
"""
    )
    path.chmod(0o755)
    return path


async def test_commands_that_reach_the_engine_are_found_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command may be too old or too new for the engine, or no docker at all."""
    monkeypatch.setattr(tools, "_PLACES", ())
    old = _script(tmp_path / "old", "20.10.24+dfsg1", reaches=True, buildx=False)
    deaf = _script(tmp_path / "deaf", "17.3", reaches=False, buildx=False)
    new = _script(tmp_path / "new", "29.0.1", reaches=True, buildx=True)
    podman = _script(tmp_path / "podman", "of something", reaches=True, buildx=True)
    folders = [str(path.parent) for path in (old, deaf, new, podman, new)]
    path = os.pathsep.join([*folders, "/usr/bin", "/bin"])
    found = await tools.find({"PATH": path})

    assert [tool for tool in found if str(tmp_path) in tool.path] == [
        Tool(str(new), (29, 0), buildx=True),
        Tool(str(old), (20, 10), buildx=False),
    ]
