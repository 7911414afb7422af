"""A recipe's command that says to its ``docker`` what no recipe may ask for."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.builds import pool
from bot.builds.options import Limits, Options
from bot.recipe import Recipe

pytestmark = pytest.mark.engine

PLATFORM = "linux/amd64"
MARKER = "the runner's own"
RUNS = (
    *("-v /:/x", "-v=/:/x", "-v/:/x", "-v //:/x", "--volume /:/x", "--volume=/:/x"),
    *("-itv /:/x", "-iv/:/x", "-v /workspace/../:/x", "-v /workspace/./..:/x"),
    *("-v /workspace/link:/x", "-v /workspace/link/:/x", "-v /workspace/link/.:/x"),
    *("-v /workspace/up/..:/x", "-v ./link:/x", "-v .:/x -v ./link/etc:/x"),
    *("-v ~/:/x", "-v $(pwd -P)/../..:/x", "-v a/../../..:/x", "-v ../..:/x"),
    *("-v name:/x:rw,bind", "-v /workspace:/w:rslave -v /:/x:rslave"),
    "--mount type=bind,source=/,target=/x",
    "--mount=type=bind,src=/,dst=/x",
    "--mount type=volume,dst=/x,volume-opt=type=none,volume-opt=device=/",
    "--volume-driver local --mount type=volume,source=v,target=/x",
    *("--privileged -v /:/x", "--cap-add ALL --device /dev/sda", "--pid=host"),
    *("--volumes-from $(hostname)", "--userns=host --ipc=host --uts=host"),
    *("--security-opt apparmor=unconfined --security-opt seccomp=unconfined",),
    *("--runtime=runc --cgroupns=host", "-w /proc/self/fd/8", "-u 0:0 -w /x"),
    *("--tmpfs /x -v /:/x", "--rm=-v --rm -v /:/x", "-e -v -v /:/x"),
    *("--env-file {host}/secret", "--label-file {host}/secret", "--name -v -v /:/x"),
    *("--entrypoint -v -v /:/x", "-- -v /:/x", "--cidfile {host}/written"),
)
OTHERS = (
    "docker --config {host} run -v /:/x {rest}",
    "docker -H unix://{host}/docker.sock run -v /:/x {rest}",
    "docker --host=unix://{host}/docker.sock run -v /:/x {rest}",
    "docker -c default container run -v /:/x {rest}",
    "docker container create -v /:/x {rest}",
    "docker create -v /:/x {rest}",
    "docker cp {host}/secret .",
    "docker exec $(hostname) cat {host}/secret",
    "docker import {host}/secret",
    "docker load -i {host}/secret",
    "docker save busybox -o {host}/written",
    "docker plugin install x",
    "docker volume create -o device=/ -o o=bind -o type=none v",
    "docker build -f {host}/secret .",
    "docker build -f link{host}/secret .",
    "docker build link{host}",
    "docker build {host}",
    "docker build -o {host}/written .",
    "docker build --iidfile {host}/written .",
    "docker build --metadata-file {host}/written .",
    "docker build --cache-to type=local,dest={host}/written .",
    "docker build --secret id=a,src={host}/secret .",
    "docker build --ssh default={host}/secret .",
    "docker build --build-context a={host} .",
    "docker build --allow security.insecure .",
    "docker buildx bake -f {host}/secret",
    "docker build --build-arg BUILDKIT_SYNTAX=evil/frontend .",
    "printf '# syntax=evil/frontend\\nFROM scratch\\n' | docker build -",
    "docker compose -f {host}/secret up",
    "docker stack deploy -c {host}/secret x",
)


def attempts(host: Path) -> str:
    """Return a script that makes every attempt, whatever came of the last."""
    look = f"cat {host}/secret /x{host}/secret; echo w > /x{host}/written"
    rest = f"busybox sh -c '{look}'"
    lines = [f"docker run --rm {one} {rest}" for one in RUNS]
    lines += OTHERS
    tried = [line.format(host=host, rest=rest) for line in lines]
    return "\n".join(
        [
            "ln -s / link; mkdir -p up d; ln -s /etc up/link",
            "printf 'FROM busybox\\nCOPY . /x\\nRUN cat /x/link/*\\n' > Dockerfile",
            *(f"( {line} ) </dev/null || true" for line in tried),
            "echo all were made",
        ]
    )


@pytest.mark.parametrize("builder", ["buildkit", "classic"])
async def test_no_option_leads_to_the_runners_own_files(
    local_engine: str, tmp_path: Path, builder: str
) -> None:
    """Neither read nor written, by whatever spelling."""
    host = Path(urlsplit(local_engine).path).parent
    (host / "secret").write_text(f"{MARKER}\n")
    options = Options(builder=builder, prepare="busybox", limits=Limits(seconds=200.0))
    runner = pool.runners([local_engine], options)[0]
    recipe = Recipe("x", command=attempts(host))
    result = await runner.build(tmp_path, recipe, PLATFORM, print)
    if result.built is not None:
        await runner.discard(result.built.image)
    log = [line.text for line in result.log.lines]

    refused = [line for line in log if "to read its Dockerfile" in line]

    assert "all were made" in log
    assert len(refused) == (0 if builder == "classic" else 2)
    assert not [line for line in log if MARKER in line]
    assert not (host / "written").exists()


async def test_a_container_has_no_more_than_it_needs(
    local_engine: str, tmp_path: Path
) -> None:
    """Less than the engine's own choice: no raw sockets, no devices, no core files."""
    script = r"""
        grep -h CapEff /proc/self/status
        ulimit -c
        docker run --rm --cap-add ALL --privileged busybox grep CapEff /proc/self/status
    """
    runner = pool.runners([local_engine], Options(prepare="busybox"))[0]
    result = await runner.build(tmp_path, Recipe("x", command=script), PLATFORM, print)
    log = [line.text.split() for line in result.log.lines]
    held = [int(words[1], 16) for words in log if words[0] == "CapEff:"]
    raw, make_devices, administer = 1 << 13, 1 << 27, 1 << 21

    assert len(held) == 2
    assert not any(one & (raw | make_devices | administer) for one in held)
    assert ["0"] in log
