"""Tests of what strangers' programs may do, in words and on a real engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from docker import APIClient
from docker.types import Mount

from bot.builds import pool
from bot.builds.confinement import host_config, smoke_config
from bot.builds.options import Limits, Options
from bot.builds.runner import DockerRunner
from bot.recipe import Recipe

PLATFORM = "linux/amd64"
RAW, ADMINISTER, MAKE_DEVICES = 1 << 13, 1 << 21, 1 << 27


@pytest.fixture
def runner(local_engine: str) -> DockerRunner:
    """Give a runner of this machine."""
    return pool.runners([local_engine], Options(prepare="busybox"))[0]


async def smoke(runner: DockerRunner, tree: Path, command: str) -> tuple[bool, str]:
    """Start busybox with *command*; return if it started, and what it said."""
    (tree / "Dockerfile").write_text("FROM busybox\nENV A=b\n")
    recipe = Recipe("x", dockerfile="Dockerfile")
    result = await runner.build(tree, recipe, PLATFORM, print)
    assert result.built is not None
    said = await runner.smoke(result.built.image, PLATFORM, command)
    await runner.discard(result.built.image)
    return said.passed and said.exit_code == 0, said.output


EVERYWHERE = {
    "CapDrop": ["ALL"],
    "SecurityOpt": ["no-new-privileges"],
    "Ulimits": [{"Name": "core", "Soft": 0, "Hard": 0}],
    "CpuPeriod": 100_000,
    "ShmSize": 3 * 1024**2,
}
LIMITS = Limits(
    *(1.0, 1.0, 1.0, 1.0),
    memory="5m",
    smoke_memory="6m",
    pids=7,
    smoke_pids=8,
    cpus=1.5,
    smoke_cpus=0.5,
    shared_memory="3m",
)


def client() -> APIClient:
    """Return a client that asks nobody anything."""
    return APIClient(base_url="http://127.0.0.1:1", version="1.41")


def test_a_recipes_container_has_these_bounds_and_no_others() -> None:
    """Whatever is not named here is the engine's default: no device, no namespace."""
    part = Mount("/w/part", "/there", type="bind")
    config = host_config(client(), LIMITS, ["/a:/b"], [part])

    assert config == {
        **EVERYWHERE,
        "NetworkMode": "default",
        "Binds": ["/a:/b"],
        "Mounts": [part],
        "Memory": 5 * 1024**2,
        "MemorySwap": 5 * 1024**2,
        "PidsLimit": 7,
        "CpuQuota": 150_000,
        "CapAdd": [
            *("CHOWN", "FOWNER", "FSETID", "DAC_OVERRIDE"),
            *("SETUID", "SETGID", "SETFCAP", "SYS_CHROOT", "KILL"),
        ],
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "16m"}},
    }
    assert "Mounts" not in host_config(client(), LIMITS)


def test_an_image_is_started_with_these_bounds_and_no_others() -> None:
    """It gets no network and nothing of the machine's disk."""
    assert smoke_config(client(), LIMITS) == {
        **EVERYWHERE,
        "NetworkMode": "none",
        "Memory": 6 * 1024**2,
        "MemorySwap": 6 * 1024**2,
        "PidsLimit": 8,
        "CpuQuota": 50_000,
        "CapAdd": [
            *("CHOWN", "FOWNER", "DAC_OVERRIDE", "SETUID", "SETGID", "KILL"),
            *("SYS_CHROOT", "NET_BIND_SERVICE"),
        ],
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "4m"}},
    }


@pytest.mark.engine
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(
            "mkdir -m 700 /d && chown 70:70 /d && touch /d/x && chmod 600 /d/x",
            id="a directory for the user of the database",
        ),
        pytest.param("cd / && chroot / sh -c true", id="chroot to become a user"),
        pytest.param("sh -c 'sleep 9 & kill $!'", id="ending a child"),
        pytest.param(
            "echo me:x:70:70::/:/bin/sh >> /etc/passwd; su me -c 'test $(id -u) = 70'",
            id="becoming another user",
        ),
        pytest.param("timeout 1 nc -l -p 80; test $? -ne 1", id="a port below 1024"),
    ],
)
async def test_what_healthy_entrypoints_do_still_works(
    runner: DockerRunner, tmp_path: Path, command: str
) -> None:
    """An image that starts everywhere else must start here."""
    passed, output = await smoke(runner, tmp_path, command)

    assert (passed, output) == (True, output)


@pytest.mark.engine
async def test_an_image_is_started_with_little(
    runner: DockerRunner, tmp_path: Path
) -> None:
    """No raw sockets, no devices, no new privileges, no core files, one processor."""
    passed, output = await smoke(
        runner,
        tmp_path,
        "grep -hE 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; ulimit -c; "
        "ls /sys/class/net",
    )
    lines = output.split("\n")
    held = [int(line.split()[1], 16) for line in lines if line.startswith("Cap")]

    assert passed
    assert len(held) == 2
    assert not any(one & (RAW | ADMINISTER | MAKE_DEVICES) for one in held)
    assert lines[2:] == ["NoNewPrivs:\t1", "0", "lo"]
