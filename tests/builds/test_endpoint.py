"""Tests of reading where a runner is, and of what its commands get to see."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.builds import endpoint
from bot.builds.endpoint import Endpoint
from bot.errors import UserError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "unix:///run/docker.sock",
            Endpoint("/run/docker.sock", "unix:///run/docker.sock"),
        ),
        ("a=unix:///x.sock", Endpoint("a", "unix:///x.sock")),
        ("arm=ssh://me@host", Endpoint("arm", "ssh://me@host")),
        ("ssh://me@host:2222", Endpoint("host:2222", "ssh://me@host:2222")),
        (
            "tcp://127.0.0.1:2375",
            Endpoint("127.0.0.1:2375", "tcp://127.0.0.1:2375"),
        ),
        ("tcp://localhost:1", Endpoint("localhost:1", "tcp://localhost:1")),
        (
            "p=tcp://10.0.0.1:1?plaintext=yes",
            Endpoint("p", "tcp://10.0.0.1:1"),
        ),
        ("local", Endpoint("local", "unix:///var/run/docker.sock")),
    ],
)
def test_a_runner_is_one_line(text: str, expected: Endpoint) -> None:
    """The name is for reports; without one the address serves."""
    assert endpoint.parse(text, {}) == expected


def test_the_local_engine_is_the_docker_commands_own() -> None:
    """Who has set DOCKER_HOST means it for us too."""
    environ = {
        "DOCKER_HOST": "tcp://h:1",
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": "/c",
    }

    assert endpoint.parse("x=local", environ) == Endpoint("x", "tcp://h:1", "/c")


def test_certificates_are_read_from_a_directory(tmp_path: Path) -> None:
    """They lie there as the docker command wants them."""
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    found = endpoint.parse(f"a=tcp://h:2376?tls={tmp_path}", {})

    assert found == Endpoint("a", "tcp://h:2376", str(tmp_path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://x", "is not a Docker endpoint. Write a runner as"),
        ("nonsense", "is not a Docker endpoint"),
        ("unix://", "is not a Docker endpoint"),
        ("tcp://10.0.0.1:2375", "would be reached without TLS"),
        ("tcp://example.org:2375", "would be reached without TLS"),
        ("ssh://me:secret@host", "has a password in its URL"),
        ("tcp://h:1?tls=/nowhere", "where ca.pem is missing"),
        ("tcp://127.0.0.1:1?speed=high", "unknown option 'speed'"),
    ],
)
def test_a_runner_that_cannot_be_meant_is_refused(text: str, expected: str) -> None:
    """A typing error must not open a machine or show a password."""
    with pytest.raises(UserError) as refused:
        endpoint.parse(text, {})

    assert expected in str(refused.value)
    assert "secret" not in str(refused.value)


def _environment(where: Endpoint, environ: Mapping[str, str]) -> dict[str, str]:
    return endpoint.command_environment(where, Path("/private"), environ)


def test_the_docker_command_gets_no_secret_of_ours() -> None:
    """It is given Dockerfiles of strangers; our tokens are none of its business."""
    environ = {"PATH": "/bin", "MULTIARCH_PRIVATE_KEY": "x", "GITHUB_TOKEN": "y"}

    assert _environment(Endpoint("a", "tcp://h:1", "/certs"), environ) == {
        "PATH": "/bin",
        "DOCKER_HOST": "tcp://h:1",
        "DOCKER_CONFIG": "/private",
        "DOCKER_CLI_HINTS": "false",
        "DOCKER_SCAN_SUGGEST": "false",
        "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
        "BUILDX_GIT_INFO": "false",
        "GIT_DIR": "/dev/null",
        "NO_COLOR": "1",
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": "/certs",
    }
