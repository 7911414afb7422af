"""Tests of reaching an engine over SSH."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.builds import tunnel
from bot.builds.endpoint import Endpoint
from bot.builds.engine import Engine
from bot.builds.probe import native
from bot.errors import EngineUnavailableError

BEFORE = (
    *("ssh", "-T", "-a", "-x", "-o", "ClearAllForwardings=yes"),
    *("-o", "PermitLocalCommand=no", "-o", "StrictHostKeyChecking=yes"),
    *("-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "LogLevel=ERROR"),
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


UNKNOWN = """\
No ED25519 host key is known for [arm.example.org]:22 and you have requested strict \
checking.\r
Host key verification failed.\r
"""
CHANGED = """\
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r
Host key verification failed.\r
"""


@pytest.mark.parametrize(
    ("said", "url", "expected"),
    [
        pytest.param("", "ssh://a", "", id="silence"),
        pytest.param(
            "Warning.\n\nssh: connect to host a port 22: Connection refused\r\n",
            "ssh://a",
            "ssh: connect to host a port 22: Connection refused",
            id="its own words",
        ),
        pytest.param(
            UNKNOWN,
            "ssh://a",
            "the key of a is not known here; run `ssh a` once as the user of the bot "
            "and compare the fingerprint, or add what `ssh-keyscan a` prints to "
            "~/.ssh/known_hosts",
            id="unknown",
        ),
        pytest.param(
            CHANGED,
            "ssh://me@a:2222",
            "the key of a is another one than it was, so somebody else may answer; if "
            "it was replaced, run `ssh-keygen -R '[a]:2222'` and `ssh -p 2222 a`",
            id="changed",
        ),
    ],
)
def test_says_why_ssh_failed(said: str, url: str, expected: str) -> None:
    """Who has to let a host in is told how; nothing is let in by itself."""
    argv = tunnel.command(Endpoint("a", url))

    assert tunnel.why(said, argv) == expected


async def test_what_ssh_says_reaches_whoever_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it a runner would just not answer."""
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\necho Host key verification failed. >&2\nexit 255\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    engine = Engine(Endpoint("far", "ssh://far.example.org"), 30.0)

    with pytest.raises(EngineUnavailableError) as told:
        await engine.call(native)
    assert str(told.value).startswith(
        "the Docker engine far does not answer: the key of far.example.org is not "
        "known here; run `ssh far.example.org` once"
    )


async def test_a_machine_without_ssh_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container of the bot may lack it."""
    monkeypatch.setenv("PATH", "/nowhere")
    engine = Engine(Endpoint("far", "ssh://far.example.org"), 30.0)

    with pytest.raises(EngineUnavailableError, match="ssh cannot be started: No such"):
        await engine.call(native)


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
