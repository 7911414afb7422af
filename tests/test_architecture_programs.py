"""Who may start programs, and who may see the environment that holds our keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import ROOT, files
from tests.test_boundaries import importers

_MODULES = frozenset(
    {
        *("subprocess", "multiprocessing", "pty", "webbrowser", "_posixsubprocess"),
        *("asyncio.subprocess", "concurrent.futures.process", "_multiprocessing"),
    }
)
"""Modules that start programs, or processes of our own."""
_OF_THE_SYSTEM = frozenset({"fork", "forkpty", "system", "popen", "startfile"})
"""Functions of ``os`` that do; other things have the same names."""
_NAMES = frozenset(
    {
        *("posix_spawn", "posix_spawnp", "fork_exec", "ProcessPoolExecutor"),
        *(f"exec{how}" for how in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
        *(f"spawn{how}" for how in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
        *("create_subprocess_exec", "create_subprocess_shell"),
        *("subprocess_exec", "subprocess_shell"),
    }
)
"""Functions that do, whatever object they are taken from."""
_SEES_THE_ENVIRONMENT = {
    *("bot/cli/fix.py", "bot/cli/scan.py", "bot/cli/serve.py", "bot/cli/work.py"),
    *("bot/local.py", "bot/builds/pool.py", "bot/builds/runner.py"),
    *("bot/builds/tunnel.py", "bot/git/program.py", "bot/git/owners.py"),
}
"""They read a setting, or hand it to what makes a short list of it."""


def starts(text: str) -> set[str]:
    """Return by what names *text*, a module, could start a program."""
    return set(_starts(ast.parse(text)))


def _starts(tree: ast.AST) -> Iterator[str]:
    known = dict(_aliases(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (one.name for one in node.names if _starts_by(one.name))
            case ast.ImportFrom(module=str(module)):
                whole = (f"{module}.{one.name}" for one in node.names)
                yield from (name for name in whole if _starts_by(name))
            case ast.Attribute():
                first, dot, rest = ast.unparse(node).partition(".")
                name = f"{known.get(first, first)}{dot}{rest}"
                if _starts_by(name):
                    yield name


def _aliases(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.asname, one.name) for one in node.names if one.asname)


def _starts_by(name: str) -> bool:
    parts = name.split(".")
    whole = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    of_the_system = parts[0] in {"os", "posix"} and parts[-1] in _OF_THE_SYSTEM
    return bool(_MODULES & whole) or parts[-1] in _NAMES or of_the_system


def _places(claim: str) -> set[str]:
    known = [*files("bot"), *files("handlers")]
    return {str(path.relative_to(ROOT)) for path in known if claim in path.read_text()}


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess as s",
        "from subprocess import run",
        "import multiprocessing.pool",
        "from concurrent.futures import ProcessPoolExecutor",
        "from os import execvp",
        "from asyncio import create_subprocess_exec",
        "import os as o\no.fork()",
        "import os\nos.posix_spawn('a', [], {})",
        "import asyncio\nasyncio.create_subprocess_shell('a')",
        "import asyncio\nasyncio.subprocess.PIPE",
        "loop.subprocess_exec(a, 'b')",
        "import os\nstart = os.popen",
    ],
)
def test_sees_each_way_to_start_a_program(text: str) -> None:
    """A watch that looks the wrong way is none."""
    assert starts(text)


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.environ.get('system')",
        "from concurrent.futures import ThreadPoolExecutor",
        "from bot.processes import program\nprogram.run(a, b)",
        "def execute(pull: Pull) -> None: pull.fork",
    ],
)
def test_takes_nothing_else_for_one(text: str) -> None:
    """What is forbidden without a reason is soon forbidden no more."""
    assert starts(text) == set()


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in [*files("bot"), *files("handlers")]
        if path.parent != ROOT / "bot/processes"
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_one_place_starts_programs(path: Path) -> None:
    """There each gets a short environment, and nothing of it is left behind."""
    assert starts(path.read_text()) == set()


def test_few_places_see_the_environment() -> None:
    """It holds the App's key until the settings are read."""
    assert _places("os.environ") | _places("getenv") <= _SEES_THE_ENVIRONMENT


def test_only_a_users_own_checkout_is_shown_to_git() -> None:
    """What the App downloads is read without it: see ``workspace.read_unpacked``."""
    users = {"bot/git", "bot/workspace.py", "bot/delivery.py"}
    own = {"bot/cli/fix.py", "bot/cli/scan.py", "bot/local.py"}

    assert importers("bot.git") == users
    assert importers("bot.delivery") == {"bot/cli", "bot/local.py"}
    assert _places("workspace.read(") | _places("workspace.read,") == own
