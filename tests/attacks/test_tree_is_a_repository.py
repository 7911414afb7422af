"""A project brings git settings that name a command; nothing here may run it."""

from __future__ import annotations

import argparse
import json
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from bot import local
from bot.cli import fix, main
from bot.errors import UserError
from tests.attacks.traps import DOCKERFILE, TRAPS, Trap, looks_bare
from tests.checkouts import git
from tests.pipeline.conftest import NAME, Town, described, github, town
from tests.rehearsing import ScriptedRunner

__all__ = ["described", "github", "town"]

EVERY = pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """Return the file that is there once a command was run."""
    return tmp_path / "mark"


@pytest.fixture
def offline(tmp_path: Path) -> tuple[str, ...]:
    """Return the words that keep a command from the network."""
    both = ["linux/amd64", "linux/arm64"]
    known = {"alpine:3.4": ["linux/amd64"], "alpine:3.6": both}
    (tmp_path / "images.json").write_text(json.dumps(known))
    return ("--offline", "--images", str(tmp_path / "images.json"))


def ran(mark: Path) -> bool:
    """Tell whether the command was run."""
    return mark.exists()


@EVERY
def test_a_plain_git_runs_the_command(trap: Trap, tmp_path: Path, mark: Path) -> None:
    """Else nothing that follows here would show anything."""
    tree = trap.set_up(tmp_path / "tree", mark)
    with suppress(subprocess.CalledProcessError):
        git(tree, *trap.spring)

    assert ran(mark)


@EVERY
def test_a_scan_runs_nothing(
    trap: Trap,
    tmp_path: Path,
    mark: Path,
    offline: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Who only wants to know what is in a tree has not trusted it; it is read."""
    tree = trap.set_up(tmp_path / "tree", mark)
    status = main(["scan", str(tree), *offline])

    assert not ran(mark)
    assert (status, capsys.readouterr().out.splitlines()[0]) == (
        1,
        "Dockerfile:1:6: breaks: base-image-without-arm64",
    )


@EVERY
@pytest.mark.parametrize(
    "words", ["", "--force", "--diff", "--branch arm64", "--branch arm64 --force"]
)
def test_a_fix_runs_nothing(
    trap: Trap,
    words: str,
    tmp_path: Path,
    mark: Path,
    offline: tuple[str, ...],
) -> None:
    """To look whether something could be lost, or to commit, takes no command."""
    tree = trap.set_up(tmp_path / "tree", mark)
    main(["fix", str(tree), *offline, *words.split()])

    assert not ran(mark)


@EVERY
def test_a_proof_runs_nothing(
    trap: Trap, tmp_path: Path, mark: Path, offline: tuple[str, ...]
) -> None:
    """Builds run on an engine; the tree is laid out here, and that is all."""
    tree = trap.set_up(tmp_path / "tree", mark)
    parser = argparse.ArgumentParser()
    fix.configure(parser)
    given = parser.parse_args([str(tree), *offline, "--branch", "arm64"])
    with suppress(UserError):
        local.prove(given, lambda given, settings: (ScriptedRunner({}),))

    assert not ran(mark)


async def test_a_push_runs_nothing(town: Town, mark: Path) -> None:
    """The archive of such a commit is a repository as soon as it is unpacked."""
    files = {"Dockerfile": DOCKERFILE, **looks_bare(f"touch {mark}")}
    head = await town.github.commit("alice", NAME, files)
    await town.work()

    assert not ran(mark)
    assert town.verdict(head) == ("completed", "A proven fix is ready", "failure", 1)


async def test_a_fork_runs_nothing(town: Town, mark: Path) -> None:
    """Anybody may open a pull request; a maintainer's word builds it."""
    files = {"Dockerfile": DOCKERFILE, **looks_bare(f"touch {mark}")}
    await town.github.fork("zoe", NAME)
    await town.github.commit("zoe", "zoe/app", files, branch="topic")
    pull = await town.github.open_pull("zoe", NAME, "zoe:topic")
    await town.jobs()
    await town.github.comment("alice", NAME, pull["number"], "/multiarch fix")
    await town.work()

    assert not ran(mark)
    assert ("linux/arm64", "FROM alpine:3.6") in town.runner.builds
