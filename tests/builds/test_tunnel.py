"""Tests of reaching an engine over SSH."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import tunnel
from bot.builds.endpoint import Endpoint
from bot.builds.engine import Engine
from bot.builds.probe import native

BEFORE = (
    *("ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"),
    *("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"),
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ssh://host", ("--", "host", "docker system dial-stdio")),
        (
            "ssh://me@host:2222",
            ("-l", "me", "-p", "2222", "--", "host", "docker system dial-stdio"),
        ),
        (
            "ssh://host/run/my docker.sock",
            (
                "--",
                "host",
                "docker --host 'unix:///run/my docker.sock' system dial-stdio",
            ),
        ),
    ],
)
def test_the_machines_own_ssh_is_asked(url: str, expected: tuple[str, ...]) -> None:
    """Keys and known hosts stay where the operator keeps them."""
    assert tunnel.command(Endpoint("a", url)) == (*BEFORE, *expected)


@pytest.mark.engine
async def test_an_engine_answers_through_ssh(
    local_engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program in the place of ssh does what the far end would do."""
    ssh = tmp_path / "ssh"
    ssh.write_text(
        f"""#!/bin/sh
while [ "$1" != -- ]; do shift; done
[ "$2" = far.example.org ] || exit 255
DOCKER_HOST={local_engine} exec sh -c "$3"
"""
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    engine = Engine(Endpoint("far", "ssh://me@far.example.org"), 30.0)
    first = await engine.call(native)
    second = await engine.call(native)

    assert first == second
    assert first.startswith("linux/")
