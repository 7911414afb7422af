"""Which Dockerfiles make an image that a project's owner wants built. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from bot import architecture, references
from bot.kinds import Kind, kind_of
from bot.parse.dockerfile import Dockerfile

_NOT_OURS = frozenset(
    {"vendor", "testdata", "node_modules", "third_party", "third-party", ".git"}
)
_TEMPLATES = (".j2", ".tmpl", ".tpl", ".erb", ".in", ".template", ".mustache")
_TRIES = frozenset(
    {"test", "tests", "testing", "testfiles", "e2e", "example", "examples", "fixtures"}
)
_ASIDE = frozenset(
    {
        *("fixture", "sample", "samples", "demo", "demos", "tutorial", "tutorials"),
        *("doc", "docs", "hack", "contrib", "benchmarks", "_vendor", "3rdparty"),
        *("lib", "libs", "deps", "extern", "external"),
    }
)
"""Folders that hold what serves a project and is not its product."""
_ASIDE_NAMES = frozenset(
    {
        *("test", "tests", "testing", "e2e", "fuzz", "lint", "ci", "cicd"),
        *("dev", "devel", "devcontainer", "docs", "example", "dapper"),
    }
)
_WORD = re.compile(r"[._-]")


def is_possible(file: Dockerfile, platform: str) -> bool:
    """Tell whether *file* is the project's own and can be built for *platform*."""
    path = file.source.path
    own = references.architecture_of(path)
    if own is not None and own is not architecture.of_platform(platform):
        return False
    if _NOT_OURS & set(path.split("/")[:-1]) or path.endswith(_TEMPLATES):
        return False
    return not references.is_for_windows(file)


def is_aside(path: str) -> bool:
    """Tell whether the name of *path* says test, example or tool."""
    folder, name = posixpath.split(path)
    if not _ASIDE_NAMES.isdisjoint(_WORD.split(name.lower())):
        return True
    return any(_is_aside_folder(part) for part in folder.lower().split("/"))


def has_steps(paths: Iterable[str]) -> bool:
    """Tell whether the tree has scripts that may make what an image copies."""
    return any(
        path.endswith((".sh", ".mk")) or kind_of(path) is Kind.MAKEFILE
        for path in paths
    )


def _is_aside_folder(part: str) -> bool:
    if part in _ASIDE or part.startswith("."):
        return True
    return not _TRIES.isdisjoint(_WORD.split(part))
