"""Git checkouts to scan, generated: the same ones on every machine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from random import Random

from tests.bench.dockerfiles import dockerfile
from tests.bench.makefiles import makefile

SEED = 20180417
IGNORED = ".git\n**/*.md\nnode_modules\n!bin\ndist/*\n!dist/amd64/tool\n"
IGNORING = 0.3
"""The part of the services that have an ignore file."""


def of_dockerfiles(folder: Path, count: int) -> Path:
    """Make a checkout of so many services with a Dockerfile each."""
    chance = Random(SEED)  # noqa: S311 - the same files each time
    files: dict[str, str] = {}
    for index in range(count):
        name, text = dockerfile(chance)
        place = f"services/{index // 50:02}/{index:04}-{name}"
        files[f"{place}/Dockerfile"] = text
        files[f"{place}/main.go"] = "package main\n"
        if chance.random() < IGNORING:
            files[f"{place}/.dockerignore"] = IGNORED
    return _checkout(folder, files)


def of_makefiles(folder: Path, count: int) -> Path:
    """Make a checkout of so many projects with a Makefile each."""
    chance = Random(SEED)  # noqa: S311 - the same files each time
    files: dict[str, str] = {}
    for index in range(count):
        project = makefile(chance, f"part{index:03}")
        place = f"projects/{index:03}"
        files |= {f"{place}/{path}": text for path, text in project.items()}
    return _checkout(folder, files)


def _checkout(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", "-A")
    who = ("-c", "user.name=A. Maintainer", "-c", "user.email=maintainer@example.org")
    _git(folder, *who, "commit", "-q", "-m", "Version 1")
    return folder


def _git(folder: Path, *words: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    command = ("git", "-C", str(folder), *words)
    subprocess.run(command, check=True, env=environment)
