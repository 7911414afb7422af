"""What the runner serves, and what lives beside it, from inside a build."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from docker import APIClient

from bot.builds.nested.reach import Allowed
from tests.attacks.conftest import Runner
from tests.world import doorway
from tests.world.trust_domains import GATE, REACH

pytestmark = pytest.mark.engine

LINK_LOCAL = "169.254.169.254"
PRIVATE = "10.77.0.1"
PUBLIC = "93.184.215.14"
ANSWER = "HTTP/1.0 200 OK\r\nContent-Length: 11\r\n\r\nkeys-inside"
SERVE = """
for address in "$@"; do ip address add $address/32 dev lo; done
while :; do printf '%s' "$ANSWER" | nc -l -p 80; done
"""


FORGED = "8.8.8.8"
ECHO_REQUEST = 8
SENDS = f"""
ip address add {FORGED}/32 dev eth0
for source in "" "-I {FORGED}" "-I {FORGED}" "" "" "" "" "" "" "" "" ""; do
  ping -c 1 -W 2 $source {PUBLIC} &
done
wait
"""


@asynccontextmanager
async def serving(machine: Runner, *addresses: str) -> AsyncIterator[None]:
    """Serve on *addresses* of the runner's own network while the block lasts."""
    client = APIClient(base_url=machine.url, version="auto")
    made = client.create_container(
        machine.options.nested.image,
        command=["-c", SERVE, "serve", *addresses],
        entrypoint=["/bin/sh"],
        environment={"ANSWER": ANSWER},
        host_config=client.create_host_config(
            network_mode="host", cap_add=["NET_ADMIN"]
        ),
    )["Id"]
    try:
        client.start(made)
        for address in ("127.0.0.1", *addresses):
            asked = f"for n in 1 2 3 4 5 6 7 8 9; do nc -w 1 {address} 80 && exit; done"
            seen = client.exec_create(made, ["/bin/sh", "-c", asked])["Id"]
            assert b"keys-inside" in client.exec_start(seen)
        yield
    finally:
        script = "for one in $@; do ip address del $one/32 dev lo; done"
        gone = client.exec_create(made, ["/bin/sh", "-c", script, "x", *addresses])
        client.exec_start(gone["Id"])
        client.remove_container(made, force=True)
        client.close()


async def test_builds_reach_public_addresses_only(
    machine: Runner, builder: str
) -> None:
    """Loopback, metadata, private ranges and the gateway, through RUN and ADD."""
    repository = machine.repository("victim/project")
    await repository.build("FROM busybox\n")  # the runner's addresses are known now
    refused = ("127.0.0.1", LINK_LOCAL, PRIVATE, GATE)
    asks = " ".join((*refused, PUBLIC))
    async with serving(machine, LINK_LOCAL, PRIVATE, PUBLIC):
        _, log = await repository.build(
            f"FROM busybox\nRUN for a in {asks}; do nc -w 2 $a 80 </dev/null | "
            "grep -q keys-inside && echo reached $a. ; done; true\n"
        )
        added = {
            address: (
                await repository.build(f"FROM scratch\nADD http://{address}/ /x\n")
            )
            for address in (*refused, PUBLIC)
        }

    reached = {line.split()[-1] for line in log.splitlines() if "reached " in line}
    assert f"{PUBLIC}." in reached
    assert reached & {f"{one}." for one in refused} == set()
    assert [one for one in refused if added[one][0] is not None] == []
    assert added[PUBLIC][0] is not None


async def test_a_commands_container_reaches_public_addresses_only(
    machine: Runner,
) -> None:
    """A recipe's command is a third way out, beside RUN and ADD."""
    repository = machine.repository("victim/project")
    await repository.build("FROM busybox\n")
    asks = f"{LINK_LOCAL} {PRIVATE} {GATE} {PUBLIC}"
    async with serving(machine, LINK_LOCAL, PRIVATE, PUBLIC):
        _, log = await repository.run(
            f"for a in {asks}; do nc -w 2 $a 80 </dev/null | grep -q keys-inside && "
            "echo reached $a; done; true"
        )

    reached = [line for line in log.splitlines() if line.startswith("reached ")]
    assert reached == [f"reached {PUBLIC}"]


async def test_packets_leave_with_true_addresses_and_not_without_end(
    machine: Runner, local_engine: str
) -> None:
    """Whoever is hit by the answers would ask the owner of the runner.

    The runner's table of connections is everybody's: here a build may hold four.
    """
    repository = machine.repository("victim/project", connections=4)
    image, _ = await repository.build("FROM busybox\n")
    place = Path(local_engine.removeprefix("unix://")).parent
    process = int((place / "docker.pid").read_text("ascii"))

    def send(client: APIClient) -> None:
        made = client.create_container(
            image,
            ["sh", "-c", SENDS],
            host_config=client.create_host_config(cap_add=["NET_ADMIN"]),
        )["Id"]
        client.start(made)
        assert client.wait(made)["StatusCode"] == 0, client.logs(made)
        client.remove_container(made)

    sources: list[str] = []
    async with (
        serving(machine, PUBLIC),
        repository.host.inside(repository.domain) as runner,
    ):
        with doorway.echoes(process) as listening, suppress(BlockingIOError):
            await runner.engine.call(send)
            listening.setblocking(False)
            while True:
                packet, (source, _) = listening.recvfrom(2048)
                header = (packet[0] & 15) * 4
                if packet[header] == ECHO_REQUEST:
                    sources.append(source)

    assert 1 <= len(sources) <= 4
    assert FORGED not in sources
    assert [one for one in sources if not one.startswith("172.17.0.")] == []


async def test_the_bot_finds_out_that_a_runner_isolates(machine: Runner) -> None:
    """It tries from inside, so that rules that only look right are found."""
    repository = machine.repository("victim/project")
    isolation = await repository.host.isolation.get()

    assert isolation.holds, isolation.words
    assert isolation.disk


async def test_the_bot_finds_out_that_a_runner_does_not_isolate(
    machine: Runner,
) -> None:
    """Here the operator opened the way himself; each way out is told by name."""
    reach = (*REACH, Allowed(GATE), Allowed("172.17.0.0/16"))
    nested = replace(machine.options.nested, reach=reach)
    machine.options = replace(machine.options, nested=nested)
    repository = machine.repository("victim/project")
    isolation = await repository.host.isolation.get()

    assert "a RUN step reaches what the runner serves" in isolation.reached
    assert "ADD reaches what the runner serves" in isolation.reached
    assert "a recipe's command reaches what the runner serves" in isolation.reached
    assert socket.gethostname() not in isolation.words
