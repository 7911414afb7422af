"""Two repositories on one runner: neither reads, poisons or meets the other."""

from __future__ import annotations

import pytest
from docker import APIClient

from bot.builds.nested import container
from bot.domain import Domain
from tests.attacks.conftest import Runner

pytestmark = pytest.mark.engine

VICTIM = "victim/project"
ATTACKER = "attacker/project"
MARKED = "FROM busybox\nRUN cat /proc/sys/kernel/random/uuid >/id\nRUN cat /id\n"
POISONED = "FROM busybox\nRUN echo ${http_proxy:-clean} >/fetched\nRUN cat /fetched\n"


async def test_an_image_of_one_is_nothing_to_the_other(
    machine: Runner, builder: str
) -> None:
    """Whatever names it: the id, parts of the id, a private tag, a copy from it."""
    victim, attacker = machine.repository(VICTIM), machine.repository(ATTACKER)
    image, _ = await victim.build("FROM busybox\nENV KEY=of-the-victim\n")
    assert image is not None
    short = image.removeprefix("sha256:")
    wanted = (
        *(f"FROM {name}\nRUN env\n" for name in (image, short, short[:12], short[:2])),
        *(f"FROM busybox\nCOPY --from={name} / /x\n" for name in (image, short[:12])),
    )
    for dockerfile in wanted:
        taken, log = await attacker.build(dockerfile)
        assert taken is None
        assert "of-the-victim" not in log
    for call in (f"run {short[:2]} env", f"run {short} env", f"inspect {short[:12]}"):
        taken, log = await attacker.run(f"docker {call}")
        assert taken is None
        assert "of-the-victim" not in log


async def test_a_build_argument_that_is_in_no_key_poisons_nobody(
    machine: Runner, builder: str
) -> None:
    """A proxy is no part of a layer's key, so its owner could prepare a layer."""
    attacker, victim = machine.repository(ATTACKER), machine.repository(VICTIM)
    proxy = (("http_proxy", "http://attacker.example"),)
    prepared, _ = await attacker.build(POISONED, args=proxy)
    assert prepared is not None

    built, log = await victim.build(POISONED)

    assert built is not None
    assert "clean" in log
    assert "attacker.example" not in log


async def test_no_layer_of_one_serves_the_other(machine: Runner, builder: str) -> None:
    """The cache of one repository is warm for itself, and cold for everybody else."""
    one, other = machine.repository(VICTIM), machine.repository(ATTACKER)
    first, _ = await one.build(MARKED)
    again, _ = await one.build(MARKED)
    foreign, _ = await other.build(MARKED)

    assert first is not None
    assert again == first
    assert foreign not in {None, first}


async def test_a_cache_mount_is_of_one_repository(machine: Runner) -> None:
    """``RUN --mount=type=cache`` is a folder that outlives the build."""
    one, other = machine.repository(VICTIM), machine.repository(ATTACKER)
    mount = "FROM busybox\nARG N\nRUN --mount=type=cache,id=all,target=/c "
    await one.build(f"{mount}echo secret-of-one >/c/f\n")
    _, own = await one.build(f"{mount}cat /c/f && echo read-by-itself\n")
    _, foreign = await other.build(f"{mount}cat /c/f; ls /c | wc -l\n")

    assert "secret-of-one" in own
    assert "secret-of-one" not in foreign


async def test_the_network_of_one_does_not_lead_to_the_other(machine: Runner) -> None:
    """The engine of the one serves on all of its addresses; the other asks for it."""
    one, other = machine.repository(VICTIM), machine.repository(ATTACKER)
    await one.build("FROM busybox\n")
    await other.build("FROM busybox\n")
    name = container.Place(one.domain.key).name
    engine = one.host.outer.engine
    serve = "while :; do echo reached-the-other | nc -l -p 7777; done"

    async def inside(*words: str, wait: bool = True) -> str:
        def work(client: APIClient) -> str:
            made = client.exec_create(name, ["/bin/sh", "-c", *words])["Id"]
            return str(client.exec_start(made, detach=not wait))

        return await engine.call(work)

    known = await engine.call(lambda client: client.inspect_container(name))
    address = known["NetworkSettings"]["IPAddress"]
    await inside(serve, wait=False)
    itself = await inside("nc -w 2 127.0.0.1 7777")
    _, log = await other.build(
        f"FROM busybox\nRUN nc -w 2 {address} 7777 || echo not-there\n"
    )

    assert "reached-the-other" in itself
    assert "reached-the-other" not in log
    assert "not-there" in log


async def test_root_in_a_build_is_nobody_on_the_runner(
    machine: Runner, builder: str
) -> None:
    """A RUN step and a recipe's command have user namespaces of their own."""
    repository = machine.repository(VICTIM)
    _, step = await repository.build("FROM busybox\nRUN cat /proc/self/uid_map\n")
    _, command = await repository.run("cat /proc/self/uid_map")

    identity = f"0 0 {2**32 - 1}"
    for log in (step, command):
        maps = [" ".join(line.split()[-3:]) for line in log.splitlines()]
        assert any(line.startswith("0 ") and line != identity for line in maps)
        assert identity not in maps


async def test_what_a_fork_left_is_gone_with_its_job(machine: Runner) -> None:
    """A fork's domain holds nothing for the next job, its own included."""
    fork = machine.repository("stranger/project", fork_of_job="job-1")
    image, _ = await fork.build(MARKED)
    assert image is not None
    await fork.host.leave(fork.domain)

    def left(client: APIClient) -> tuple[object, object]:
        named = {"label": f"{container.DOMAIN}={fork.domain.key}"}
        volumes = client.volumes(filters=named)["Volumes"]
        return client.containers(all=True, filters=named), volumes

    assert await fork.host.outer.engine.call(left) == ([], [])
    assert Domain("stranger/project", "job-2").key != fork.domain.key


async def test_the_operator_sees_whose_engine_it_is(machine: Runner) -> None:
    """It goes by a number, and `docker ps --filter label=…` finds it by the name."""
    repository = machine.repository(VICTIM)
    await repository.build(MARKED)

    def names(client: APIClient) -> list[str]:
        label = {"label": f"{container.REPOSITORY}={VICTIM}"}
        return [
            name for one in client.containers(filters=label) for name in one["Names"]
        ]

    found = await repository.host.outer.engine.call(names)
    assert found == [f"/{container.Place(repository.domain.key).name}"]


async def test_an_engine_that_is_not_used_ends_and_its_cache_stays(
    machine: Runner,
) -> None:
    """Idle engines cost the runner nothing; the next build is as warm as before."""
    repository = machine.repository(VICTIM, idle_seconds=5)
    first, _ = await repository.build(MARKED)
    repository.host.close()
    name = container.Place(repository.domain.key).name
    engine = repository.host.outer.engine
    await engine.call(lambda client: client.wait(name, timeout=60), 60)

    again, _ = await repository.build(MARKED)

    assert first is not None
    assert again == first
