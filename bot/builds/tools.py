"""Find a ``docker`` command that works, and the best builder it offers.

Several commands may be installed: a new one without the buildx plugin has no
BuildKit at all, an old one has it built in. So each is asked.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.processes import program
from bot.processes.program import Command

BUILDERS = ("buildx", "buildkit", "classic")
"""The best first."""
_SECONDS = 60.0
_PLACES = ("/usr/local/bin", "/usr/bin", "/opt/homebrew/bin")
_VERSION = re.compile(r"version v?(\d+)\.(\d+)")
_FIRST_WITH_BUILDKIT = (18, 9)
_FIRST_WITH_BUILDX_ONLY = (23, 0)


@dataclass(frozen=True, slots=True)
class Tool:
    """One docker command: its path, its version, and what it brings."""

    path: str
    version: tuple[int, int]
    buildx: bool

    @property
    def builtin(self) -> bool:
        """Tell whether BuildKit is built into the command itself."""
        return _FIRST_WITH_BUILDKIT <= self.version < _FIRST_WITH_BUILDX_ONLY


async def find(env: Mapping[str, str]) -> tuple[Tool, ...]:
    """Return the docker commands that reach the engine of *env*, newest first."""
    asked = await asyncio.gather(*(_ask(path, env) for path in _candidates(env)))
    working = [tool for tool in asked if tool is not None]
    return tuple(sorted(working, key=lambda tool: tool.version, reverse=True))


def builders(tools: Iterable[Tool], *, engine_has_buildkit: bool) -> dict[str, Tool]:
    """Return the builders that *tools* offer on an engine, the best first."""
    known = tuple(tools)
    # From 23.0 on the command warns against the classic builder in each log.
    quiet = sorted(known, key=lambda tool: not tool.builtin)
    offers = (
        ("buildx", [tool for tool in known if tool.buildx and engine_has_buildkit]),
        ("buildkit", [tool for tool in known if tool.builtin and engine_has_buildkit]),
        ("classic", quiet),
    )
    return {name: able[0] for name, able in offers if able}


def _candidates(env: Mapping[str, str]) -> tuple[str, ...]:
    folders = [*env.get("PATH", "").split(os.pathsep), *_PLACES]
    paths = [Path(folder) / "docker" for folder in folders if folder]
    real = [path.resolve() for path in paths if os.access(path, os.X_OK)]
    return tuple(dict.fromkeys(str(path) for path in real if path.is_file()))


async def _ask(path: str, env: Mapping[str, str]) -> Tool | None:
    said = await _output((path, "--version"), env)
    version = _VERSION.search(said or "")
    if version is None:
        return None
    reached = await _output((path, "version", "--format", "{{.Server.Version}}"), env)
    if not (reached or "").strip():
        return None
    buildx = await _output((path, "buildx", "version"), env)
    found = (int(version[1]), int(version[2]))
    return Tool(path, found, "buildx" in (buildx or ""))


async def _output(argv: tuple[str, ...], env: Mapping[str, str]) -> str | None:
    """Return what a successful command prints, None where it fails."""
    pieces: list[bytes] = []
    try:
        ended = await program.run(
            Command(argv, env, _SECONDS), pieces.append, lambda _: None
        )
    except OSError:
        return None
    text = b"".join(pieces).decode("utf-8", errors="replace")
    return text if ended.code == 0 else None
