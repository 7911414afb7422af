"""The App's variables hold its keys; no program that it starts is shown them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.builds import tools
from bot.builds.endpoint import Endpoint, command_environment
from bot.builds.engine import Engine
from bot.builds.probe import native
from bot.cli import main
from bot.errors import EngineUnavailableError
from tests.checkouts import checkout
from tests.rehearsing import planted, run

SECRETS = {
    "MULTIARCH_PRIVATE_KEY": "a-key",
    "MULTIARCH_WEBHOOK_SECRET": "a-secret",
    "MULTIARCH_DATABASE_URL": "postgresql://me:a-password@host/jobs",
    "GITHUB_TOKEN": "a-token",
    "AWS_SECRET_ACCESS_KEY": "an-access-key",
    "HTTPS_PROXY": "http://me:a-proxy-password@proxy",
}
ALLOWED = {
    "git": {
        *("PATH", "LANG", "LC_ALL", "TMPDIR", "HOME", "XDG_CONFIG_HOME"),
        *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
        *("GIT_TERMINAL_PROMPT", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_PAGER"),
        *("GIT_OPTIONAL_LOCKS", "GIT_ALLOW_PROTOCOL", "GIT_NO_LAZY_FETCH"),
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "EMAIL"),
        *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"),
        *("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"),
    },
    "ssh": {"PATH", "LANG", "LC_ALL", "TMPDIR", "HOME", "SSH_AUTH_SOCK"},
    "docker": {
        *("PATH", "LANG", "LC_ALL", "TMPDIR", "DOCKER_HOST", "DOCKER_CONFIG"),
        *("DOCKER_CLI_HINTS", "DOCKER_SCAN_SUGGEST", "NO_COLOR", "GIT_DIR"),
        *("BUILDX_NO_DEFAULT_ATTESTATIONS", "BUILDX_GIT_INFO"),
    },
}
OF_THE_SHELL = {"PWD", "SHLVL", "_", "OLDPWD"}


def _git(folder: Path) -> None:
    tree = checkout(planted(folder / "tree", {"Dockerfile": "FROM scratch\n"}))
    (folder / "armed").touch()
    main(["scan", str(tree), "--offline"])
    main(["fix", str(tree), "--offline", "--branch", "arm64"])


def _ssh(folder: Path) -> None:
    (folder / "armed").touch()
    with pytest.raises(EngineUnavailableError):
        run(Engine(Endpoint("far", "ssh://far.example.org"), 30.0).call(native))


def _docker(folder: Path) -> None:
    (folder / "armed").touch()
    run(tools.find(command_environment(Endpoint("a", "unix:///a"), folder, os.environ)))


@pytest.mark.parametrize(
    ("name", "start"), [("git", _git), ("ssh", _ssh), ("docker", _docker)]
)
def test_a_program_sees_a_short_list(
    name: str,
    start: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The program in its place writes down all that it is given."""
    for variable, value in SECRETS.items():
        monkeypatch.setenv(variable, value)
    seen = tmp_path / "seen"
    planted(
        tmp_path / "bin",
        {
            name: f"""#!/bin/sh
[ ! -e {tmp_path}/armed ] || env >> {seen}
[ {name} != git ] || exec /usr/bin/git "$@"
exit 255
"""
        },
    )
    (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    start(tmp_path)
    text = seen.read_text()
    names = {line.partition("=")[0] for line in text.splitlines()}

    assert "PATH" in names
    assert names - OF_THE_SHELL <= ALLOWED[name]
    assert not any(value in text for value in SECRETS.values())
